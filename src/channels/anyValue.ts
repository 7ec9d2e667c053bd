import type { Channel } from './Channel.js';

/**
 * Holds the last of a superstep's writes, whichever task it is from, and nothing after a superstep that doesn't write it.
 *
 * ```text
 * writes  1 and 2, then nothing
 * reads   2             nothing
 * ```
 *
 * @param initial what it holds before the first superstep
 *
 * @example
 * ```ts
 * import { anyValue } from 'rivulet/channels';
 *
 * const mood = anyValue<string>();
 * mood.update(undefined, ['calm', 'curious'], 'mood'); // 'curious'
 * ```
 */
export function anyValue<V>(initial?: V): Channel<V> {
  return { kind: 'anyValue', initial: () => initial, update: (_state, writes) => writes.at(-1), untouched: () => undefined };
}
