import { RivuletError } from '../../core/errors/RivuletError.js';
import { charsOf, CharSet, CLASSES, type CharRange } from './CharSet.js';

/** A pattern as it is written. */
export type Pattern =
  | { readonly type: 'chars'; readonly set: CharSet }
  | { readonly type: 'all'; readonly parts: readonly Pattern[] }
  | { readonly type: 'any'; readonly parts: readonly Pattern[] }
  | { readonly type: 'repeated'; readonly part: Pattern; readonly min: number; readonly max: number };

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', 0: '\0' };

/** Whether an empty text meets it. */
export function isNullable(pattern: Pattern): boolean {
  if (pattern.type === 'chars') return false;
  if (pattern.type === 'all') return pattern.parts.every(isNullable);
  return pattern.type === 'any' ? pattern.parts.some(isNullable) : pattern.min === 0;
}

/** How many characters it names, each as often as it is repeated. */
export function sizeOf(pattern: Pattern): number {
  if (pattern.type === 'chars') return 1;
  if (pattern.type === 'repeated') return sizeOf(pattern.part) * (pattern.max === Infinity ? Math.max(pattern.min, 1) : pattern.max);
  return pattern.parts.reduce((size, part) => size + sizeOf(part), 0);
}

/**
 * Reads the notation of a RegExp, and nothing but it: no RegExp is ever run. What needs going back in the text (lookaround,
 * back-references) isn't understood.
 */
export class PatternReader {
  private at = 0;
  private readonly source: string;
  /** `\b` at the beginning and at the end. */
  readonly startsWord: boolean;
  readonly endsWord: boolean;

  constructor(
    private readonly name: string,
    private readonly expression: RegExp,
  ) {
    const { source, flags } = expression;
    const odd = /[^gisu]/.exec(flags);
    if (odd) this.refuse(`has the flag ${odd[0]}`, 'Of the flags only i, s, g and u are understood');
    this.startsWord = source.startsWith('\\b');
    this.endsWord = /(?<!\\)(?:\\\\)*\\b$/.test(source) && source.length > 2;
    this.source = source.slice(this.startsWord ? 2 : 0, this.endsWord ? -2 : undefined);
  }

  read(): Pattern {
    const pattern = this.alternatives();
    if (this.at < this.source.length) this.refuse(`has an unexpected '${this.source[this.at]}'`);
    return pattern;
  }

  private alternatives(): Pattern {
    const parts = [this.sequence()];
    while (this.take('|')) parts.push(this.sequence());
    return parts.length === 1 ? (parts[0] as Pattern) : { type: 'any', parts };
  }

  private sequence(): Pattern {
    const parts: Pattern[] = [];
    while (this.at < this.source.length && !'|)'.includes(this.source[this.at] as string)) parts.push(this.quantified(this.atom()));
    return { type: 'all', parts };
  }

  private quantified(part: Pattern): Pattern {
    const [min, max] = this.bounds();
    if (min === 1 && max === 1) return part;
    if (this.take('?')) this.refuse('has a lazy quantifier', 'A secret is taken as long as it gets');
    if (isNullable(part)) this.refuse('repeats what may be empty');
    return { type: 'repeated', part, min, max };
  }

  private bounds(): readonly [number, number] {
    if (this.take('?')) return [0, 1];
    if (this.take('*')) return [0, Infinity];
    if (this.take('+')) return [1, Infinity];
    const [all, min, comma, max] = /^\{(\d+)(,?)(\d*)\}/.exec(this.source.slice(this.at, this.at + 24)) ?? [];
    if (all === undefined) return [1, 1];
    this.at += all.length;
    return [Number(min), max ? Number(max) : comma ? Infinity : Number(min)];
  }

  private atom(): Pattern {
    const char = this.source[this.at++] as string;
    if (char === '(') return this.group();
    if (char === '[') return this.chars(this.charClass());
    if (char === '.') return this.chars(this.expression.dotAll ? charsOf('').complement : CLASSES.lineEnds.complement);
    if (char === '\\') return this.chars(this.escape());
    if ('^$*+?'.includes(char)) this.refuse(`has '${char}'`, 'Secrets are looked for anywhere in a text');
    return this.chars(charsOf(char));
  }

  private group(): Pattern {
    if (this.take('?') && !this.take(':')) this.refuse('has a group that looks around or has a name', 'Use (…) or (?:…)');
    const inner = this.alternatives();
    this.take(')');
    return inner;
  }

  private chars(set: CharSet): Pattern {
    return { type: 'chars', set: this.expression.ignoreCase ? set.caseless : set };
  }

  private charClass(): CharSet {
    const negated = this.take('^');
    const ranges: CharRange[] = [];
    while (!this.take(']')) {
      const from = this.member();
      const [low, high] = from.ranges[0] ?? [0, -1];
      if (from.ranges.length === 1 && low === high && this.source[this.at] === '-' && this.source[this.at + 1] !== ']') {
        this.at++;
        ranges.push([low, this.member().ranges[0]?.[1] ?? low]);
      } else ranges.push(...from.ranges);
    }
    const set = new CharSet(ranges);
    return negated ? set.complement : set;
  }

  private member(): CharSet {
    const char = this.source[this.at++] as string;
    return char === '\\' ? this.escape() : charsOf(char);
  }

  private escape(): CharSet {
    const char = this.source[this.at++] as string;
    if (char === 'd' || char === 'w' || char === 's') return CLASSES[char];
    if (char === 'D' || char === 'W' || char === 'S') return CLASSES[char.toLowerCase() as 'd' | 'w' | 's'].complement;
    if (char === 'x' || char === 'u') return charsOf(String.fromCharCode(this.hex(char === 'x' ? 2 : 4)));
    if (char in ESCAPED) return charsOf(ESCAPED[char] as string);
    if (/[A-Za-z1-9]/.test(char)) this.refuse(`has '\\${char}'`, "'\\b' is understood at the beginning and at the end");
    return charsOf(char);
  }

  private hex(length: number): number {
    const digits = this.source.slice(this.at, this.at + length);
    if (!/^[\da-f]+$/i.test(digits)) this.refuse('has a code point in braces');
    this.at += length;
    return parseInt(digits, 16);
  }

  private take(char: string): boolean {
    if (this.source[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private refuse(what: string, advice = 'Write it with literals, classes, groups, | and quantifiers'): never {
    throw new RivuletError('INVALID_OPTION', `the pattern of the secret '${this.name}', ${String(this.expression)}, ${what}. ${advice}`);
  }
}
