/**
 * Of places in a text, in ascending order, the first from which on the whole rest is a number of 13 to 19 digits that ends in its check digit,
 * whatever stands between them. What the numbers have in common is summed once. Source: ISO/IEC 7812-1, annex B (Luhn).
 */
export function firstCardNumber(text: string, starts: readonly number[]): number | undefined {
  let [first, sum, digits, at]: [number | undefined, number, number, number] = [undefined, 0, 0, text.length];
  for (let index = starts.length - 1; index >= 0; index--) {
    const start = starts[index] as number;
    while (at > start) {
      const digit = text.charCodeAt(--at) - ZERO;
      if (digit < 0 || digit > 9) continue;
      sum += digits++ % 2 === 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9;
    }
    if (digits >= 13 && digits <= 19 && sum % 10 === 0) first = start;
  }
  return first;
}

const ZERO = 48;
