import { aggregate } from './aggregate.js';
import type { ListChannel } from './Channel.js';

/**
 * A list that grows: what was written at its end, in task order, a written array flattened one level. Short for
 * `aggregate('append', initial)`; stored as deltas.
 *
 * ```text
 * writes  'a' and ['b', 'c'], then nothing
 * reads   a, b, c                  a, b, c
 * ```
 *
 * @param initial what it holds before any write
 *
 * @example
 * ```ts
 * import { append } from 'rivulet/channels';
 *
 * const notes = append<string>();
 * notes.update(['a'], ['b', ['c', 'd']], 'notes'); // ['a', 'b', 'c', 'd']
 * ```
 */
export function append<T>(initial?: readonly T[]): ListChannel<T> {
  return aggregate('append', initial);
}
