import type { Channel } from '../../channels/Channel.js';
import type { StandardSchema } from '../../operators/tools/schema.js';

const CHANNEL: unique symbol = Symbol.for('rivulet.channel') as never;

/** A schema that says by which channel its field is kept. */
export interface WithChannel<C> {
  readonly [CHANNEL]: C;
}

/**
 * Says how a field of a state's schema is kept, where that isn't by its last value: a copy of the schema, which means the same
 * to all others. It is the outermost of a field: what is made of it, `.optional()` for instance, has forgotten it. The channel
 * says what may be written; the schema describes the value.
 *
 * @example
 * ```ts
 * import { append } from 'rivulet/channels';
 * import { channelOf, StateGraph } from 'rivulet/pregel';
 * import { z } from 'zod';
 *
 * const State = z.object({ topic: z.string(), notes: channelOf(z.array(z.string()), append<string>()) });
 * const graph = new StateGraph(State).addNode('note', ({ topic }) => ({ notes: `about ${topic}` }));
 * ```
 */
export function channelOf<S extends StandardSchema & object, C extends Channel<unknown>>(schema: S, channel: C): S & WithChannel<C> {
  return Object.create(schema, { [CHANNEL]: { value: channel } }) as S & WithChannel<C>;
}

/** The channel that a schema was given by `channelOf`. */
export function channelAt(schema: StandardSchema): Channel<unknown> | undefined {
  return (schema as Partial<WithChannel<Channel<unknown>>>)[CHANNEL];
}
