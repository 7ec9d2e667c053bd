import { canonicalJson } from '../../core/flow/canonicalJson.js';
import type { ContentBlock } from '../../operators/messages/ContentBlock.js';
import type { Message } from '../../operators/messages/Message.js';
import type { ChatRequest } from '../../operators/models/ChatModel.js';

/** A request as it is compared and kept: JSON with sorted keys, of what the model is told, without secrets. */
export type CanonicalRequest = Readonly<Record<string, unknown>>;

/** Ids, usage, metadata and artifacts of messages are the program's: a model isn't told of them, and a second run has others. */
export function canonicalRequest({ messages, extra, ...options }: ChatRequest): CanonicalRequest {
  const told = { ...options, messages: messages.map(toldOf), ...(extra && { extra: redacted(extra) }) };
  return JSON.parse(canonicalJson(JSON.parse(JSON.stringify(told)))) as CanonicalRequest;
}

function toldOf(message: Message): unknown {
  const { role, name, content } = message;
  const head = { role, name, content: content.map(blockOf) };
  return message.role === 'tool' ? { ...head, toolCallId: message.toolCallId, isError: message.isError } : head;
}

/** The arguments as the model wrote them say all that the parsed ones say. */
function blockOf(block: ContentBlock): unknown {
  if (block.type !== 'tool_call' || block.raw === undefined) return block;
  const { args: _parsed, ...written } = block;
  return written;
}

const SECRET = /apikey|authorization|secret|password|passwd|cookie|credential|privatekey|bearer|token$/;

function redacted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, looksSecret(key) ? '[redacted]' : redacted(field)]));
}

const looksSecret = (key: string): boolean => SECRET.test(key.toLowerCase().replace(/[^a-z]/g, ''));
