import type { SecretAutomaton, SecretForm } from './SecretAutomaton.js';

/** A piece of the text that is secret. Positions count from the text's beginning. */
interface Mark {
  start: number;
  end: number;
  name: string;
}

/**
 * Takes the secrets out of a text that comes in pieces, at whatever places it is cut: the pieces that it gives, put together, are
 * always the same. It holds back what may be the beginning of a secret, and that only; once it is sure, nothing is held, and the rest of
 * the secret is left out as it comes.
 */
export class SecretScanner {
  /** The states it is in, the first `count` of them, and where the secret of each would begin. */
  private count = 0;
  private states: number[] = [];
  private begins: number[] = [];
  private spareStates: number[] = [];
  private spareBegins: number[] = [];
  /** Whether some state's secret is one if no word's character comes next. */
  private mayEnd = false;
  private marks: Mark[] = [];
  /** What isn't given yet, and its place. */
  private held = '';
  private heldFrom = 0;
  private position = 0;
  /** The end of the last secret that was given a replacement. */
  private replacedTo = -1;
  /** The character before this one, and whether a word's character is before that, and before this. */
  private previous = NONE;
  private previousAfterWord = false;
  private afterWord = false;

  constructor(
    private readonly automaton: SecretAutomaton,
    private readonly replacement: (name: string) => string,
  ) {}

  /** The part of the text so far that is safe to give, and wasn't given yet. */
  push(text: string): string {
    this.held += text;
    for (let index = 0; index < text.length; index++) this.step(text.charCodeAt(index));
    let safe = this.position;
    for (let at = 0; at < this.count; at++) safe = Math.min(safe, this.begins[at] as number);
    if (safe === this.position && this.previous !== NONE && this.automaton.mayStart(this.previous)) safe--;
    return this.release(safe);
  }

  /** The text has ended: the rest of it. */
  end(): string {
    this.settle();
    return this.release(this.position);
  }

  private step(code: number): void {
    const isWord = isWordCode(code);
    if (this.mayEnd && !isWord) this.settle();
    const starts = this.previous === NONE ? NO_STATES : this.automaton.startsWith(this.previous, code);
    if (this.count > 0 || starts.length > 0) this.advance(code, starts);
    this.position++;
    this.accept();
    this.previousAfterWord = this.afterWord;
    this.afterWord = isWord && !(this.previous === BACKSLASH && ESCAPES.has(code));
    this.previous = code;
  }

  private advance(code: number, starts: readonly number[]): void {
    const { automaton, count, states, begins } = this;
    const { follow, formOf } = automaton;
    this.states = this.spareStates;
    this.begins = this.spareBegins;
    this.count = 0;
    for (let at = 0; at < count; at++) {
      for (const next of follow[states[at] as number] as readonly number[]) {
        if (automaton.has(next, code)) this.enter(next, begins[at] as number);
      }
    }
    for (const start of starts) {
      if (!this.previousAfterWord || !(formOf[start] as SecretForm).startsWord) this.enter(start, this.position - 1);
    }
    this.spareStates = states;
    this.spareBegins = begins;
  }

  /** Of several ways into a state the one that began first counts. */
  private enter(state: number, begin: number): void {
    const { slots } = this.automaton;
    const at = slots[state] as number;
    if (at < this.count && this.states[at] === state) {
      this.begins[at] = Math.min(this.begins[at] as number, begin);
      return;
    }
    slots[state] = this.count;
    this.states[this.count] = state;
    this.begins[this.count++] = begin;
  }

  private accept(): void {
    const { accepts, formOf } = this.automaton;
    this.mayEnd = false;
    for (let at = 0; at < this.count; at++) {
      const state = this.states[at] as number;
      if (!accepts[state]) continue;
      const form = formOf[state] as SecretForm;
      if (form.endsWord) this.mayEnd = true;
      else if (this.found(this.begins[at] as number, form)) this.begins[at] = this.position; // what is sure needn't be held
    }
  }

  /** No word's character follows. */
  private settle(): void {
    const { accepts, formOf } = this.automaton;
    for (let at = 0; at < this.count; at++) {
      const state = this.states[at] as number;
      const form = formOf[state] as SecretForm;
      if (accepts[state] && form.endsWord) this.found(this.begins[at] as number, form);
    }
  }

  private found(start: number, { name, check }: SecretForm): boolean {
    if (check && !check(this.held.slice(start - this.heldFrom, this.position - this.heldFrom))) return false;
    this.mark(start, name);
    return true;
  }

  /** Marks all from `start` on, together with the marks that it touches; what began first gives the name. */
  private mark(start: number, name: string): void {
    const { marks, position } = this;
    while (marks.length > 1 && (marks[marks.length - 2] as Mark).end >= start) marks.pop();
    const last = marks[marks.length - 1];
    if (!last || last.end < start) {
      marks.push({ start, end: position, name });
      return;
    }
    last.end = position;
    if (start >= last.start) return;
    last.start = start;
    last.name = name;
  }

  /** Gives what is before `safe`, secrets replaced. */
  private release(safe: number): string {
    let given = '';
    let done = 0;
    for (const mark of this.marks) {
      if (mark.start >= safe) break;
      given += this.plain(mark.start);
      if (mark.start !== this.replacedTo) given += this.replacement(mark.name);
      this.replacedTo = Math.min(mark.end, safe);
      this.skip(this.replacedTo);
      if (mark.end > safe) mark.start = safe;
      else done++;
    }
    if (done > 0) this.marks.splice(0, done);
    return given + this.plain(safe);
  }

  private plain(to: number): string {
    const text = this.held.slice(0, Math.max(0, to - this.heldFrom));
    this.skip(to);
    return text;
  }

  private skip(to: number): void {
    if (to <= this.heldFrom) return;
    this.held = this.held.slice(to - this.heldFrom);
    this.heldFrom = to;
  }
}

const NONE = -1;
const NO_STATES: readonly number[] = [];
const BACKSLASH = 92;
/** The letters that are no letters after a backslash, as in JSON. */
const ESCAPES: ReadonlySet<number> = new Set(Array.from('nrtbf', (char) => char.charCodeAt(0)));

function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95;
}
