/** Whether an account number's check digits are right. Source: ISO 13616-1 and ISO/IEC 7064 (MOD 97-10). */
export function isIban(text: string): boolean {
  let rest = 0;
  for (const part of [text.slice(4), text.slice(0, 4)]) {
    for (let index = 0; index < part.length; index++) {
      const code = part.charCodeAt(index);
      if (code >= ZERO && code < ZERO + 10) rest = (rest * 10 + code - ZERO) % 97;
      else if (code >= A) rest = (rest * 100 + code - A + 10) % 97;
    }
  }
  return rest === 1;
}

const ZERO = 48;
const A = 65;
