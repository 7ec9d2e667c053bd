import type { Channel } from './Channel.js';
import { InvalidUpdateError } from './InvalidUpdateError.js';
import { shown } from './shown.js';

/**
 * Holds the last value written. Two writes by two tasks of one superstep are an error, as nothing says which is last; of
 * several by one task the last counts.
 *
 * ```text
 * writes  7, then 0, then nothing
 * reads   7       0       0
 * ```
 *
 * *Errors*: `INVALID_CONCURRENT_GRAPH_UPDATE` names the channel and the values.
 *
 * @param initial what it holds before any write
 *
 * @example
 * ```ts
 * import { lastValue } from 'rivulet/channels';
 *
 * const score = lastValue(0);
 * score.update(0, [7], 'score'); // 7
 * ```
 */
export function lastValue<V>(initial?: V): Channel<V> {
  return { kind: 'lastValue', single: true, initial: () => initial, update: onlyWrite };
}

function onlyWrite<V>(_state: V | undefined, writes: readonly V[], name: string): V | undefined {
  if (writes.length === 1) return writes[0];
  throw new InvalidUpdateError(
    'INVALID_CONCURRENT_GRAPH_UPDATE',
    `channel '${name}' got ${writes.length} writes in one superstep: ${writes.slice(0, 5).map(shown).join(', ')}${writes.length > 5 ? ' …' : ''}. Let one task write it, or declare it as append() or aggregate(reducer)`,
  );
}
