import type { Overwrite } from './overwrite.js';

/**
 * A channel's declaration: pure functions over its state, so that a superstep can be pure too. A compiled graph holds
 * declarations only; every run has its own states. `undefined` is the state of a channel that holds nothing; every other
 * value is one, the falsy ones too.
 *
 * `V` is what is read, `U` what is written. For most channels the state is the value itself.
 */
export interface Channel<V, U = V> {
  readonly kind: string;
  /** The state before any write. */
  initial(): V | undefined;
  /**
   * The state after all writes of one superstep, at least one, in task order; the very same state means unchanged.
   *
   * @param name the channel's, for errors
   */
  update(state: V | undefined, writes: readonly U[], name: string): V | undefined;
  /** What is read of a state; default: the state. `undefined`: nothing can be read yet. */
  read?(state: V | undefined): V | undefined;
  /** The state after a superstep that didn't write it; default: unchanged. */
  untouched?(state: V | undefined): V | undefined;
  /** The state after the tasks it triggered were planned; default: unchanged. */
  consume?(state: V | undefined): V | undefined;
  /** The state after the last superstep, when nothing else is due; default: unchanged. */
  finish?(state: V | undefined): V | undefined;
  /** Of several writes that one task makes in a superstep, only the last counts. */
  readonly single?: boolean;
  /** Whether it is left out of everything stored. */
  readonly untracked?: boolean;
  /**
   * Stored as the writes of each superstep, which are written again to restore it: nothing but writes may change its state,
   * the update must be pure, and must not depend on how writes are batched.
   */
  readonly delta?: boolean;
  /** What changes its meaning, besides its kind: a reducer's name, a barrier's names. Checked when a stored thread is resumed. */
  readonly signature?: string;
  /**
   * Checks a task's write, and prepares it before it is applied and stored: gives ids, for instance.
   *
   * @param name the channel's, for errors
   */
  prepare?(write: U | Overwrite<V>, ids: () => string, name: string): U | Overwrite<V>;
  /** The items that a superstep's writes added to a list; with it, the channel's view has an `items$`. */
  added?(state: V | undefined, before: V | undefined): readonly unknown[];
}

/** A channel of a list, which is there from the start. */
export interface ListChannel<T, U = T | readonly T[]> extends Channel<readonly T[], U> {
  initial(): readonly T[];
}

/** What a channel of this declaration is read as. */
export type ValueOf<C> = C extends Channel<infer V, infer _U> ? V : never;

/** What may be written to a channel of this declaration. */
export type WriteOf<C> = C extends Channel<infer V, infer U> ? U | Overwrite<V> : never;
