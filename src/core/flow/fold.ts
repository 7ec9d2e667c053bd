import type { Observable } from 'rxjs';
import { RivuletError } from '../errors/RivuletError.js';

/** One run's chunks on their way to a result. */
export interface Folding<O, R> {
  add(chunk: O): void;
  /** The result of what came so far. */
  result(): R;
}

/** How the chunks of a run make its one result. */
export interface Fold<O, R = O> {
  readonly kind: string;
  start(): Folding<O, R>;
}

/** A fold is found under this key on the Observable of a run, and on chunks that describe themselves. */
export const FOLD: unique symbol = Symbol.for('rivulet.fold') as never;

interface Tagged {
  readonly [FOLD]?: Fold<unknown, unknown>;
}

/** The fold that `source` is tagged with, by the flow that returned it. */
export function foldOf(source: Observable<unknown>): Fold<unknown, unknown> | undefined {
  return (source as Tagged)[FOLD];
}

/** The fold of a chunk that describes itself, such as a `MessageChunk`. */
export function foldOfValue(value: unknown): Fold<unknown, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Tagged)[FOLD] : undefined;
}

/** Whether `value` of `source` is a whole input: neither of them says that it is a chunk of more. */
export function isWhole(source: Observable<unknown>, value: unknown): boolean {
  return foldOf(source) === undefined && foldOfValue(value) === undefined;
}

/** Marks the chunks of a run with how they fold. */
export function tagFold<O, R>(observable: Observable<O>, fold: Fold<O, R>): Observable<O> {
  return Object.assign(observable, { [FOLD]: fold });
}

/** Tags `to` as `from` is tagged: every wrapper carries the tag over. */
export function carryFold<T>(from: Observable<unknown>, to: Observable<T>): Observable<T> {
  const fold = foldOf(from);
  return fold ? Object.assign(to, { [FOLD]: fold }) : to;
}

const NONE = Symbol('none');

class LastFolding<O> implements Folding<O, O> {
  protected value: O | typeof NONE = NONE;
  add(chunk: O): void {
    this.value = chunk;
  }
  result(): O {
    if (this.value === NONE) throw new RivuletError('EMPTY_RUN', 'the run completed without a value. Give it an input, or fold it with list() or text, which may be empty');
    return this.value;
  }
}

class SingleFolding<O> extends LastFolding<O> {
  override add(chunk: O): void {
    if (this.value !== NONE) {
      throw new RivuletError('AMBIGUOUS_RESULT', 'a plain operator emitted more than one value. Say how they make one result: flow(name, operator, { fold })');
    }
    this.value = chunk;
  }
}

class TextFolding implements Folding<string, string> {
  private value = '';
  add(chunk: string): void {
    this.value += chunk;
  }
  result(): string {
    return this.value;
  }
}

class ListFolding<O> implements Folding<O, readonly O[]> {
  private readonly values: O[] = [];
  add(chunk: O): void {
    this.values.push(chunk);
  }
  result(): readonly O[] {
    return [...this.values];
  }
}

const LAST: Fold<never> = { kind: 'last', start: () => new LastFolding() };
const SINGLE: Fold<never> = { kind: 'single', start: () => new SingleFolding() };
const LIST: Fold<never, readonly never[]> = { kind: 'list', start: () => new ListFolding() };

/** The last chunk is the result: growing values, of which each replaces the one before. */
export const last = <O>(): Fold<O> => LAST as unknown as Fold<O>;

/** The one chunk is the result; a second is `AMBIGUOUS_RESULT`. */
export const single = <O>(): Fold<O> => SINGLE as unknown as Fold<O>;

/** The chunks in a list. */
export const list = <O>(): Fold<O, readonly O[]> => LIST as unknown as Fold<O, readonly O[]>;

/** Strings, concatenated. */
export const concatText: Fold<string> = { kind: 'concat', start: () => new TextFolding() };
