/** Whether a number, whatever stands between its digits, ends in its check digit. Source: ISO/IEC 7812-1, annex B (Luhn). */
export function isCardNumber(text: string): boolean {
  let sum = 0;
  let digits = 0;
  for (let index = text.length - 1; index >= 0; index--) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) continue;
    sum += digits++ % 2 === 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9;
  }
  return digits >= 13 && digits <= 19 && sum % 10 === 0;
}

const ZERO = 48;
