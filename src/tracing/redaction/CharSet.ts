const LAST = 0xffff;

/** A range of UTF-16 code units, both ends included. */
export type CharRange = readonly [number, number];

/** A set of UTF-16 code units. */
export class CharSet {
  /** 1 for each ASCII character that is in it. */
  readonly ascii = new Uint8Array(128);

  constructor(readonly ranges: readonly CharRange[]) {
    for (const [low, high] of ranges) this.ascii.fill(1, Math.min(low, 128), Math.min(high + 1, 128));
  }

  has(code: number): boolean {
    return code < 128 ? this.ascii[code] === 1 : this.ranges.some(([low, high]) => low <= code && code <= high);
  }

  /** All that are not in it. */
  get complement(): CharSet {
    const gaps: CharRange[] = [];
    let next = 0;
    for (const [low, high] of [...this.ranges].sort(([a], [b]) => a - b)) {
      if (low > next) gaps.push([next, low - 1]);
      next = Math.max(next, high + 1);
    }
    return new CharSet(next > LAST ? gaps : [...gaps, [next, LAST]]);
  }

  /** With each ASCII letter in either case. */
  get caseless(): CharSet {
    const letters = Array.from({ length: 26 }, (_, index) => 65 + index).filter((upper) => this.has(upper) !== this.has(upper + 32));
    return new CharSet([...this.ranges, ...letters.flatMap((upper): CharRange[] => [[upper, upper], [upper + 32, upper + 32]])]);
  }
}

/** The set of the characters of a text. */
export function charsOf(text: string): CharSet {
  return new CharSet(Array.from(text, (char): CharRange => [char.charCodeAt(0), char.charCodeAt(0)]));
}

/** What `\d`, `\w`, `\s` and `.` stand for. */
export const CLASSES = {
  d: charsOf('0123456789'),
  w: new CharSet([[48, 57], [65, 90], [95, 95], [97, 122]]),
  s: new CharSet([[9, 13], [32, 32], [0xa0, 0xa0], [0x1680, 0x1680], [0x2000, 0x200a], [0x2028, 0x2029], [0x202f, 0x202f], [0x205f, 0x205f], [0x3000, 0x3000], [0xfeff, 0xfeff]]),
  lineEnds: charsOf('\n\r\u2028\u2029'),
} as const;
