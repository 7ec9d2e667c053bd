import type { Usage } from '../core/events/RunEvent.js';
import type { FinishReason, MessageChunk } from '../operators/messages/Message.js';

/** A whole tool call, as a value of a model's timeline. */
export interface ToolCallValue {
  readonly toolCall: { readonly name: string; readonly args: unknown; readonly id?: string };
}

/** What a letter of a model's timeline can stand for: a text, a tool call, or the fields of a chunk. */
export type ChunkValue = string | ToolCallValue | Omit<MessageChunk, 'id' | symbol>;

/** A piece of the answer's text. */
export function text(piece: string): ChunkValue {
  return { text: piece };
}

/** A piece of what the model thinks before it answers. */
export function reasoning(piece: string): ChunkValue {
  return { reasoning: piece };
}

/**
 * A whole tool call in one chunk. Calls of one model are numbered: the first has the id `call-1`, unless `id` says otherwise.
 *
 * @param args a value of JSON; a string is what the model wrote, also if it isn't JSON
 */
export function toolCall(name: string, args: unknown = {}, id?: string): ChunkValue {
  return { toolCall: { name, args, ...(id !== undefined && { id }) } };
}

/** What the answer cost. */
export function usage(inputTokens: number, outputTokens: number, more: Partial<Usage> = {}): ChunkValue {
  return { usage: { inputTokens, outputTokens, ...more } };
}

/** Why the model stopped. */
export function finish(finishReason: FinishReason): ChunkValue {
  return { finishReason };
}
