/**
 * A UUID version 7 (RFC 9562 §5.7): 48 bits of `now` in Unix milliseconds, then random bits; ids sort by time.
 *
 * @param random a number in [0, 1), called twice
 */
export function timeOrderedId(now: number, random: () => number): string {
  const time = hex48(Math.floor(now));
  const bits = Math.floor(random() * 2 ** 26);
  const version = (0x7000 | (bits >>> 14)).toString(16);
  const variant = (0x8000 | (bits & 0x3fff)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${hex48(Math.floor(random() * 2 ** 48))}`;
}

/** Twelve digits, in two halves: small integers are written several times faster than large ones. */
const hex48 = (value: number): string => hex24(Math.floor(value / 2 ** 24)) + hex24(value % 2 ** 24);

/** Six digits: a bit is set above them, and cut off. */
const hex24 = (value: number): string => (value + 2 ** 24).toString(16).slice(1);
