import type { Channel } from './Channel.js';

/**
 * Holds the last value written, and is left out of everything stored: handles, caches, secrets. It needn't be JSON, and is
 * never frozen. A resumed run starts from `initial` again.
 *
 * @param initial what it holds before any write
 *
 * @example
 * ```ts
 * import { untracked } from 'rivulet/channels';
 *
 * const cache = untracked(new Map<string, number>());
 * ```
 */
export function untracked<V>(initial?: V): Channel<V> {
  return { kind: 'untracked', untracked: true, initial: () => initial, update: (_state, writes) => writes.at(-1) };
}
