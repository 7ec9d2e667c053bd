import type { Channel } from './Channel.js';
import { lastValue } from './lastValue.js';

export interface EphemeralOptions {
  /** Whether writes by two tasks of one superstep are an error (the default); else the last counts. */
  readonly guard?: boolean;
}

/**
 * Holds a value for the next superstep only.
 *
 * ```text
 * writes  1, then nothing
 * reads   1       nothing
 * ```
 *
 * *Errors*: `INVALID_CONCURRENT_GRAPH_UPDATE`, if guarded.
 *
 * @example
 * ```ts
 * import { ephemeral } from 'rivulet/channels';
 *
 * const hint = ephemeral<string>({ guard: false });
 * hint.update(undefined, ['left', 'right'], 'hint'); // 'right'
 * hint.untouched?.('right'); // undefined
 * ```
 */
export function ephemeral<V>({ guard = true }: EphemeralOptions = {}): Channel<V> {
  const last = (_state: V | undefined, writes: readonly V[]): V | undefined => writes.at(-1);
  return { ...lastValue<V>(), kind: 'ephemeral', untouched: () => undefined, ...(!guard && { single: false, update: last }) };
}
