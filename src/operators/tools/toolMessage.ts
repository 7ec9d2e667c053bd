import type { ContentBlock, ToolCallBlock } from '../messages/ContentBlock.js';
import type { AssistantMessage, ToolMessage } from '../messages/Message.js';
import type { ContentInput } from '../messages/toContent.js';
import { toolResult } from '../messages/toolResult.js';
import { isToolOutput } from './toolOutput.js';

/**
 * The message by which a model reads a tool's result: a string as it is, a `toolOutput` as it says, an assistant message
 * (of an agent used as a tool) by what it shows, nothing as nothing, and anything else as JSON.
 */
export function toolMessage({ id, name }: ToolCallBlock, result: unknown): ToolMessage {
  if (!isToolOutput(result)) return toolResult(id, contentOf(result), { name });
  const { content, artifact, isError } = result;
  return toolResult(id, content, { name, artifact, isError });
}

/** The message by which a model reads that its call failed. */
export function failedToolMessage({ id, name }: ToolCallBlock, result: unknown): ToolMessage {
  return toolResult(id, contentOf(result), { name, isError: true });
}

function contentOf(result: unknown): ContentInput {
  if (result === undefined) return '';
  if (typeof result === 'string') return result;
  if (isAssistantMessage(result)) return result.content.filter(({ type }) => SHOWN.includes(type));
  return JSON.stringify(result, digits) ?? typeof result;
}

/** What of an answer is meant for its reader: neither its thoughts nor its own tool calls. */
const SHOWN: readonly ContentBlock['type'][] = ['text', 'image', 'audio', 'file'];

function isAssistantMessage(value: unknown): value is AssistantMessage {
  return typeof value === 'object' && value !== null && (value as AssistantMessage).role === 'assistant' && Array.isArray((value as AssistantMessage).content);
}

/** JSON has no bigint, but a model reads digits of any length. */
const digits = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
