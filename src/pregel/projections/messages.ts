import type { MessageChunk } from '../../operators/messages/Message.js';
import { messageChunk } from '../../operators/messages/messageChunk.js';
import type { Projection } from './Projection.js';

/** Where a chunk comes from. */
export interface ChunkSource {
  /** The node that said it. */
  readonly node: string;
  /** The names that lead to the node. */
  readonly path: readonly string[];
  /** Of the model's call. */
  readonly runId: string;
}

/** What models say inside nodes, as they say it. */
export function messages(): Projection<readonly [MessageChunk, ChunkSource]> {
  return (event) => {
    if (event.type !== 'token' && event.type !== 'reasoning') return undefined;
    const { messageId: id, text, path, runId } = event;
    const chunk = messageChunk(event.type === 'token' ? { id, text } : { id, reasoning: text });
    return { value: [chunk, { node: path.at(-1) ?? '', path, runId }] };
  };
}
