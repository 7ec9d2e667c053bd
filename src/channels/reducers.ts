import { leftFold } from './leftFold.js';
import { appended, EMPTY, united, type List } from './lists.js';

/** Reducers that documents and checkpoints can name. */
export type ReducerName = 'sum' | 'min' | 'max' | 'and' | 'or' | 'append' | 'concat' | 'union' | 'merge';

/** What a name means. */
export interface NamedReducer {
  readonly initial?: unknown;
  /** Grows with every write: stored as deltas. */
  readonly delta?: boolean;
  /** Which writes it takes, and what they are called; default: any. */
  readonly takes?: readonly [what: string, test: (write: unknown) => boolean];
  fold(state: unknown, writes: readonly unknown[]): unknown;
}

const NUMBERS = ['numbers', (write: unknown) => typeof write === 'number'] as const;
const BOOLEANS = ['booleans', (write: unknown) => typeof write === 'boolean'] as const;
const STRINGS = ['strings', (write: unknown) => typeof write === 'string'] as const;
const OBJECTS = ['objects', (write: unknown) => typeof write === 'object' && write !== null && !Array.isArray(write)] as const;

/** The reducers by name. */
export const REDUCERS: Readonly<Record<ReducerName, NamedReducer>> = {
  sum: { takes: NUMBERS, fold: leftFold((a: number, b: number) => a + b) },
  min: { takes: NUMBERS, fold: leftFold((a: number, b: number) => Math.min(a, b)) },
  max: { takes: NUMBERS, fold: leftFold((a: number, b: number) => Math.max(a, b)) },
  and: { takes: BOOLEANS, fold: leftFold((a: boolean, b: boolean) => a && b) },
  or: { takes: BOOLEANS, fold: leftFold((a: boolean, b: boolean) => a || b) },
  append: { initial: EMPTY, delta: true, fold: (state: List = EMPTY, writes: List) => appended(state, writes) },
  concat: { takes: STRINGS, fold: (state = '', writes: readonly string[]) => state + writes.join('') },
  union: { initial: EMPTY, fold: (state: List = EMPTY, writes: List) => united(state, writes) },
  merge: { takes: OBJECTS, fold: merged },
};

/** One copy for all writes. A field that is `undefined` leaves the value's alone, as it would once it has been stored. */
function merged(state: object = {}, writes: readonly object[]): object {
  const fields = writes.flatMap((write) => Object.entries(write).filter(([, value]) => value !== undefined));
  return fields.length > 0 ? Object.fromEntries([...Object.entries(state), ...fields]) : state;
}
