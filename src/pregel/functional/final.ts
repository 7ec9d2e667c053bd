const FINAL: unique symbol = Symbol.for('rivulet.final') as never;

/** What an entrypoint returns, and what it saves for its next run on the thread. */
export interface Final<V, S> {
  readonly [FINAL]: true;
  readonly value: V;
  readonly save: S;
}

/**
 * Ends an entrypoint with one value, and saves another.
 *
 * @example
 * ```ts
 * import { entrypoint, final, memoryCheckpointer, previousState } from 'rivulet/pregel';
 *
 * const counted = entrypoint('counted', (word: string, run) => {
 *   const count = (previousState<number>(run) ?? 0) + 1;
 *   return final({ value: `${word} ${count}`, save: count });
 * }, { checkpointer: memoryCheckpointer() });
 * await counted.invoke('a', { thread: 't' }); // 'a 1'
 * await counted.invoke('b', { thread: 't' }); // 'b 2'
 * ```
 */
export function final<V, S>({ value, save }: { readonly value: V; readonly save: S }): Final<V, S> {
  return Object.freeze({ [FINAL]: true as const, value, save });
}

/** Whether `value` is a `final`, also from another copy of the library. */
export function isFinal(value: unknown): value is Final<unknown, unknown> {
  return typeof value === 'object' && value !== null && FINAL in value;
}
