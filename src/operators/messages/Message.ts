import type { Usage } from '../../core/events/RunEvent.js';
import type { FOLD, Fold } from '../../core/flow/fold.js';
import type { CHUNK } from '../../core/flow/whole.js';
import type { ContentBlock, ToolCallBlock } from './ContentBlock.js';

interface MessageHead {
  readonly id?: string;
  /** Who speaks, where a role has several speakers. */
  readonly name?: string;
  readonly content: readonly ContentBlock[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface SystemMessage extends MessageHead {
  readonly role: 'system';
}

/** As `system`, for models that tell the two apart. */
export interface DeveloperMessage extends MessageHead {
  readonly role: 'developer';
}

export interface UserMessage extends MessageHead {
  readonly role: 'user';
}

/** Why a model stopped. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'other';

export interface AssistantMessage extends MessageHead {
  readonly role: 'assistant';
  readonly id: string;
  /** The `tool_call` blocks of `content`, in order. */
  readonly toolCalls: readonly ToolCallBlock[];
  readonly usage?: Usage;
  readonly finishReason?: FinishReason;
  /** In types only: what it is made of while it streams. */
  readonly [CHUNK]?: MessageChunk;
}

export interface ToolMessage extends MessageHead {
  readonly role: 'tool';
  readonly toolCallId: string;
  /** The call failed; `content` says how, for the model to read. */
  readonly isError?: boolean;
  /** What the tool made for the program and not for the model. */
  readonly artifact?: unknown;
}

/** One turn of a conversation: a plain, frozen, JSON-safe object, told apart by `role`. */
export type Message = SystemMessage | DeveloperMessage | UserMessage | AssistantMessage | ToolMessage;

export type Role = Message['role'];

/** A part of one tool call: the pieces with one `index` make the call. */
export interface ToolCallDelta {
  readonly index: number;
  readonly id?: string;
  readonly name?: string;
  /** A piece of the arguments' JSON text. */
  readonly args?: string;
}

/** A piece of an assistant message on its way. Chunks of one message share its `id`. */
export interface MessageChunk {
  readonly id: string;
  readonly text?: string;
  readonly reasoning?: string;
  /** Completes the reasoning before it: see `ReasoningBlock`. */
  readonly signature?: string;
  readonly toolCalls?: readonly ToolCallDelta[];
  /** A block that comes whole: an image, a citation, redacted reasoning, something of the provider's. */
  readonly block?: ContentBlock;
  /** What is known so far; the last one counts. */
  readonly usage?: Usage;
  readonly finishReason?: FinishReason;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** How chunks make a message; `messageChunk` puts it where neither JSON nor an equality check sees it. */
  readonly [FOLD]?: Fold<MessageChunk, AssistantMessage>;
}
