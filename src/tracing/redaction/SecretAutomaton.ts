import { RivuletError } from '../../core/errors/RivuletError.js';
import type { CharSet } from './CharSet.js';
import { isNullable, PatternReader, sizeOf, type Pattern } from './PatternReader.js';
import type { SecretRule } from './SecretRule.js';

const MAX_STATES = 2000;

/** One way in which a kind of secret is written. */
export interface SecretForm {
  readonly name: string;
  /** Whether what is before it must not be a word's character; and what is after it. */
  readonly startsWord: boolean;
  readonly endsWord: boolean;
  readonly check: ((secret: string) => boolean) | undefined;
}

/** A part of a pattern: the states it may begin with, and those it may end with. */
interface Fragment {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly nullable: boolean;
}

const EMPTY: Fragment = { first: [], last: [], nullable: true };

/**
 * All rules as one automaton, whose states are the places in their patterns. It is walked in many states at once and never goes
 * back, so the work for a character is bounded by the number of states.
 * Source: Glushkov, "The abstract theory of automata", Russian Mathematical Surveys 16, 1961.
 */
export class SecretAutomaton {
  readonly follow: (readonly number[])[] = [];
  readonly accepts: boolean[] = [];
  readonly formOf: SecretForm[] = [];
  /** For scanners: where a state may stand in the list of those that one is in. What it says of other lists is harmless, as they look. */
  readonly slots: Int32Array;
  private readonly sets: CharSet[] = [];
  /** The ASCII characters of all states side by side: a hostile text asks for them some twenty times a character. */
  private readonly ascii: Uint8Array;
  private readonly firstStates: readonly number[];
  /** By two ASCII characters, the states that a secret is in which begins with them, once somebody has asked. Most pairs begin none. */
  private readonly pairs: (readonly number[] | undefined)[] = Array<undefined>(128 * 128).fill(undefined);

  constructor(rules: readonly SecretRule[]) {
    this.firstStates = rules.flatMap((rule) => [rule.pattern].flat().flatMap((expression) => this.add(rule, expression)));
    this.ascii = new Uint8Array(this.size * 128);
    this.sets.forEach(({ ascii }, state) => this.ascii.set(ascii, state * 128));
    this.slots = new Int32Array(this.size);
  }

  get size(): number {
    return this.sets.length;
  }

  /** Whether a secret may begin with this character. */
  mayStart(code: number): boolean {
    return this.firstStates.some((state) => this.has(state, code));
  }

  /** The states that a secret is in which begins with these two characters. */
  startsWith(first: number, second: number): readonly number[] {
    if (first > 127 || second > 127) return this.statesAfter(first, second);
    return (this.pairs[first * 128 + second] ??= this.statesAfter(first, second));
  }

  has(state: number, code: number): boolean {
    return code < 128 ? this.ascii[state * 128 + code] === 1 : (this.sets[state] as CharSet).has(code);
  }

  private statesAfter(first: number, second: number): readonly number[] {
    const begun = this.firstStates.filter((state) => this.has(state, first));
    return [...new Set(begun.flatMap((state) => this.follow[state] as readonly number[]))].filter((next) => this.has(next, second));
  }

  private add({ name, check }: SecretRule, expression: RegExp): readonly number[] {
    const reader = new PatternReader(name, expression);
    const { startsWord, endsWord } = reader;
    const pattern = reader.read();
    if (isNullable(pattern)) throw refused(name, expression, 'is met by an empty text. Say what a secret has at least');
    if (sizeOf(pattern) > MAX_STATES) throw refused(name, expression, `is longer than ${MAX_STATES} characters. Give its quantifiers smaller bounds`);
    const from = this.size;
    const { first, last } = this.build(pattern);
    if (last.some((state) => first.includes(state))) throw refused(name, expression, 'is met by a single character. Say what a secret has at least');
    this.formOf.push(...Array<SecretForm>(this.size - from).fill({ name, startsWord, endsWord, check }));
    for (const state of last) this.accepts[state] = true;
    if (this.mayGrow(from, endsWord || check !== undefined)) {
      throw refused(name, expression, 'may go on without end before it is known to be a secret. Give its quantifiers bounds, as in {16,64}; one may be open where the text before it is a secret already');
    }
    return first;
  }

  private build(pattern: Pattern): Fragment {
    switch (pattern.type) {
      case 'chars': {
        const state = this.sets.push(pattern.set) - 1;
        this.follow.push([]);
        this.accepts.push(false);
        return { first: [state], last: [state], nullable: false };
      }
      case 'all':
        return pattern.parts.reduce((before, part) => this.joined(before, this.build(part)), EMPTY);
      case 'any': {
        const parts = pattern.parts.map((part) => this.build(part));
        return { first: parts.flatMap(({ first }) => first), last: parts.flatMap(({ last }) => last), nullable: parts.some(({ nullable }) => nullable) };
      }
      case 'repeated':
        return this.repeated(pattern);
    }
  }

  private joined(a: Fragment, b: Fragment): Fragment {
    this.link(a, b);
    return {
      first: a.nullable ? [...a.first, ...b.first] : a.first,
      last: b.nullable ? [...a.last, ...b.last] : b.last,
      nullable: a.nullable && b.nullable,
    };
  }

  /** As often as it must and then as often as it may, each round after the one before it. */
  private repeated({ part, min, max }: Pattern & { readonly type: 'repeated' }): Fragment {
    let [first, last, before]: readonly [readonly number[], readonly number[], Fragment] = [[], [], EMPTY];
    const rounds = max === Infinity ? Math.max(min, 1) : max;
    for (let round = 1; round <= rounds; round++) {
      const next = this.build(part);
      this.link(before, next);
      if (round === 1) first = next.first;
      last = round <= min ? next.last : [...last, ...next.last];
      before = next;
    }
    if (max === Infinity) this.link(before, before);
    return { first, last, nullable: min === 0 };
  }

  private link({ last }: Fragment, { first }: Fragment): void {
    for (const state of last) this.follow[state] = [...(this.follow[state] as readonly number[]), ...first];
  }

  /** Whether there is a way round through states in which nothing is sure yet. */
  private mayGrow(from: number, neverSure: boolean): boolean {
    const isOpen = new Map<number, boolean>();
    const visit = (state: number): boolean => {
      if (!neverSure && this.accepts[state]) return false;
      const seen = isOpen.get(state);
      if (seen !== undefined) return seen;
      isOpen.set(state, true);
      const grows = (this.follow[state] as readonly number[]).some(visit);
      isOpen.set(state, false);
      return grows;
    };
    for (let state = from; state < this.size; state++) if (visit(state)) return true;
    return false;
  }
}

function refused(name: string, expression: RegExp, why: string): RivuletError {
  return new RivuletError('INVALID_OPTION', `the pattern of the secret '${name}', ${String(expression)}, ${why}`);
}
