import type { Channel } from './Channel.js';
import { InvalidUpdateError } from './InvalidUpdateError.js';
import { isOverwrite, type Overwrite } from './overwrite.js';

/**
 * The state after all writes of one superstep: the channel's update, unless one of them is an `overwrite`.
 *
 * @throws InvalidUpdateError `INVALID_CONCURRENT_GRAPH_UPDATE` for a second `overwrite`
 */
export function applyWrites<V, U>(channel: Channel<V, U>, state: V | undefined, writes: readonly (U | Overwrite<V>)[], name: string): V | undefined {
  const at = writes.findIndex((write) => isOverwrite(write));
  if (at < 0) return channel.update(state, writes as readonly U[], name);
  if (writes.findLastIndex((write) => isOverwrite(write)) === at) return (writes[at] as Overwrite<V>).value;
  throw new InvalidUpdateError(
    'INVALID_CONCURRENT_GRAPH_UPDATE',
    `channel '${name}' got several overwrites in one superstep: nothing says which is last. Let one task overwrite it`,
  );
}
