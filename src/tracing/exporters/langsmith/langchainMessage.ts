import type { Usage } from '../../../core/events/RunEvent.js';
import { plainOf } from '../wireJson.js';
import { usageMetadata } from './usageMetadata.js';

interface MessageShape {
  readonly role: keyof typeof CLASSES;
  readonly content: readonly Block[];
  readonly id?: string;
  readonly name?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly toolCalls?: readonly { readonly id: string; readonly name: string; readonly args: unknown; readonly raw?: string }[];
  readonly usage?: Usage;
  readonly finishReason?: string;
  readonly toolCallId?: string;
  readonly isError?: boolean;
  readonly artifact?: unknown;
}

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly source?: { readonly url?: string; readonly base64?: string; readonly mediaType?: string; readonly fileId?: string };
}

const CLASSES = {
  system: 'SystemMessage',
  developer: 'SystemMessage',
  user: 'HumanMessage',
  assistant: 'AIMessage',
  tool: 'ToolMessage',
} as const;

/** Something of LangChain's as its serialisation has it, which is what LangSmith reads messages from. */
export interface Constructed {
  readonly lc: 1;
  readonly type: 'constructor';
  readonly id: readonly string[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** What LangSmith understands of a value: messages become LangChain's, wherever they are. */
export function langsmithValue(value: unknown): unknown {
  return isMessage(value) ? langchainMessage(value) : plainOf(value);
}

/** Whether it is a message, by its shape. */
export function isMessage(value: unknown): value is MessageShape {
  if (typeof value !== 'object' || value === null) return false;
  const { role, content } = value as Partial<MessageShape>;
  return typeof role === 'string' && Object.hasOwn(CLASSES, role) && Array.isArray(content);
}

/** Something that LangChain makes: a class, and what its constructor is called with. */
export function constructed(path: readonly string[], kwargs: Readonly<Record<string, unknown>>): Constructed {
  return { lc: 1, type: 'constructor', id: ['langchain_core', ...path], kwargs };
}

/** A message in LangChain's serialisation. */
export function langchainMessage(message: MessageShape): Constructed {
  const { role, content, id, name, metadata, finishReason } = message;
  return constructed(['messages', CLASSES[role]], {
    content: contentOf(content),
    ...(role === 'assistant' && callsOf(message)),
    ...(role === 'tool' && { tool_call_id: message.toolCallId, status: message.isError ? 'error' : 'success', artifact: message.artifact }),
    additional_kwargs: role === 'developer' ? { __openai_role__: 'developer' } : {},
    response_metadata: { ...metadata, ...(finishReason && { finish_reason: finishReason }) },
    id,
    name,
  });
}

/** The text of a message. */
export const textIn = ({ content }: MessageShape): string => content.map(({ type, text }) => (type === 'text' ? text : '')).join('');

function callsOf({ toolCalls = [], usage }: MessageShape): Readonly<Record<string, unknown>> {
  const [valid, invalid] = [toolCalls.filter(({ args }) => args !== undefined), toolCalls.filter(({ args }) => args === undefined)];
  return {
    tool_calls: valid.map(({ id, name, args }) => ({ type: 'tool_call', id, name, args })),
    invalid_tool_calls: invalid.map(({ id, name, raw }) => ({ type: 'invalid_tool_call', id, name, args: raw })),
    ...(usage && { usage_metadata: usageMetadata(usage) }),
  };
}

/** A string where there is nothing but text, else blocks. */
function contentOf(content: readonly Block[]): unknown {
  const blocks = content.filter(({ type }) => type !== 'tool_call');
  return blocks.every(({ type }) => type === 'text') ? blocks.map(({ text }) => text).join('') : blocks.map(blockOf);
}

function blockOf(block: Block): unknown {
  const { type, text, source } = block;
  if (type === 'reasoning') return { type, reasoning: text };
  if (type === 'image' && source && !source.fileId) return { type: 'image_url', image_url: { url: source.url ?? `data:${source.mediaType};base64,${source.base64}` } };
  return block;
}
