import type { AssistantMessage, MessageChunk } from './Message.js';
import { MessageFolding } from './MessageFolding.js';

/**
 * The message that chunks make, however they were cut: what a call without streaming would have answered. A chunk with
 * another id starts over.
 *
 * ```text
 * { text: 'Hel' } { text: 'lo' } { finishReason: 'stop' }
 * concatChunks(chunks)
 * { role: 'assistant', content: [{ type: 'text', text: 'Hello' }], finishReason: 'stop', … }
 * ```
 *
 * *Errors*: `EMPTY_RUN` for no chunk at all.
 *
 * @example
 * ```ts
 * import { concatChunks, messageChunk } from 'rivulet';
 *
 * const message = concatChunks([messageChunk({ id: 'm1', text: 'Hel' }), messageChunk({ id: 'm1', text: 'lo' })]);
 * ```
 */
export function concatChunks(chunks: Iterable<MessageChunk>): AssistantMessage {
  const folding = new MessageFolding();
  for (const chunk of chunks) folding.add(chunk);
  return folding.result();
}
