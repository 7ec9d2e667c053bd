const OVERWRITE: unique symbol = Symbol.for('rivulet.overwrite') as never;

/** A write that replaces a channel's value, whatever its reducer. */
export interface Overwrite<V> {
  readonly [OVERWRITE]: true;
  readonly value: V;
}

/**
 * Replaces a channel's value in place of reducing into it: at most one in a superstep, and it wins over the step's other
 * writes whatever their order, on an empty channel too.
 *
 * *Errors*: a second one in a superstep is `INVALID_CONCURRENT_GRAPH_UPDATE`.
 *
 * @example
 * ```ts
 * import { overwrite } from 'rivulet/channels';
 *
 * const forget = () => ({ messages: overwrite([]) });
 * ```
 */
export function overwrite<V>(value: V): Overwrite<V> {
  return { [OVERWRITE]: true, value };
}

/** Whether a write is an `overwrite`, also from another copy of the library. */
export function isOverwrite<V = unknown>(write: unknown): write is Overwrite<V> {
  return typeof write === 'object' && write !== null && OVERWRITE in write;
}
