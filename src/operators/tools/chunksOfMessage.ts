import type { ContentBlock } from '../messages/ContentBlock.js';
import type { AssistantMessage, MessageChunk } from '../messages/Message.js';
import { messageChunk } from '../messages/messageChunk.js';

/** Chunks that make `message` again: one a block, then what is known at its end. */
export function chunksOfMessage({ id, content, usage, finishReason, metadata }: AssistantMessage): readonly MessageChunk[] {
  const end = { ...(usage && { usage }), ...(finishReason && { finishReason }), ...(metadata && { metadata }) };
  return [...content.map((block, index) => messageChunk({ id, ...fieldsOf(block, index) })), messageChunk({ id, ...end })];
}

function fieldsOf(block: ContentBlock, index: number): Omit<MessageChunk, 'id'> {
  switch (block.type) {
    case 'text':
      return { text: block.text };
    case 'reasoning':
      if (block.redacted !== undefined) return { block };
      return { reasoning: block.text, ...(block.signature !== undefined && { signature: block.signature }) };
    case 'tool_call':
      return { toolCalls: [{ index, id: block.id, name: block.name, args: block.raw ?? JSON.stringify(block.args) }] };
    default:
      return { block };
  }
}
