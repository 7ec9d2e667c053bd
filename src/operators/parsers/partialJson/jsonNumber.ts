// Where in a number (RFC 8259 §6) it is; it may end after ZERO, WHOLE, FRACTION and POWER.
/** The place in a number before its first digit. */
export const FIRST_DIGIT = 0;
const ZERO = 1;
const WHOLE = 2;
const POINT = 3;
const FRACTION = 4;
const EXPONENT = 5;
const SIGN = 6;
const POWER = 7;

/** The place in a number after one more character, or -1 if it doesn't belong to the number. */
export function afterInNumber(state: number, code: number): number {
  if (isDigit(code)) {
    if (state === FIRST_DIGIT) return code === 0x30 ? ZERO : WHOLE;
    if (state === ZERO) return -1;
    return state <= WHOLE ? WHOLE : state <= FRACTION ? FRACTION : POWER;
  }
  if (code === 0x2e /* . */) return state === ZERO || state === WHOLE ? POINT : -1;
  if (code === 0x65 || code === 0x45 /* e E */) return state === ZERO || state === WHOLE || state === FRACTION ? EXPONENT : -1;
  if (code === 0x2b || code === 0x2d /* + - */) return state === EXPONENT ? SIGN : -1;
  return -1;
}

/** Whether a number may end there. */
export function isWholeNumber(state: number): boolean {
  return state === ZERO || state === WHOLE || state === FRACTION || state === POWER;
}

/** Whether it is one of 0 to 9. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
