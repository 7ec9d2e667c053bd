/**
 * Of places in a text, in ascending order, the first from which on the whole rest is an account number whose check digits are right. What the
 * numbers have in common is summed once. Source: ISO 13616-1 and ISO/IEC 7064 (MOD 97-10).
 */
export function firstIban(text: string, starts: readonly number[]): number | undefined {
  let [first, sum, weight, at]: [number | undefined, number, number, number] = [undefined, 0, 1, text.length];
  for (let index = starts.length - 1; index >= 0; index--) {
    const start = starts[index] as number;
    while (at > start + 4) {
      const value = valueOf(text.charCodeAt(--at));
      if (value < 0) continue;
      sum = (sum + weight * value) % 97;
      weight = (weight * (value < 10 ? 10 : 100)) % 97;
    }
    if ((sum * 1e6 + headOf(text, start)) % 97 === 1) first = start;
  }
  return first;
}

/** The country and the check digits, which count last. */
function headOf(text: string, start: number): number {
  let head = 0;
  for (let at = start; at < start + 4; at++) head = head * (at < start + 2 ? 100 : 10) + valueOf(text.charCodeAt(at));
  return head;
}

/** Letters are numbers from 10 on; less than 0 is what stands between. */
function valueOf(code: number): number {
  return code >= A ? code - A + 10 : code - ZERO;
}

const ZERO = 48;
const A = 65;
