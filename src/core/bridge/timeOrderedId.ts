/**
 * A UUID version 7 (RFC 9562 §5.7): 48 bits of `now` in Unix milliseconds, then random bits; ids sort by time.
 *
 * @param random a number in [0, 1), called five times
 */
export function timeOrderedId(now: number, random: () => number): string {
  const time = hex(Math.floor(now), 12);
  const third = hex(0x7000 | bits(random, 12), 4);
  const fourth = hex(0x8000 | bits(random, 14), 4);
  return `${time.slice(0, 8)}-${time.slice(8)}-${third}-${fourth}-${hex(bits(random, 16), 4)}${hex(bits(random, 16), 4)}${hex(bits(random, 16), 4)}`;
}

const bits = (random: () => number, count: number): number => Math.floor(random() * 2 ** count);

const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');
