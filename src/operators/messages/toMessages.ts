import { RivuletError } from '../../core/errors/RivuletError.js';
import { assistant, type AssistantOptions } from './assistant.js';
import { checkBlock } from './checkBlock.js';
import { developer } from './developer.js';
import type { Message, Role } from './Message.js';
import type { MessageOptions } from './messageHead.js';
import { system } from './system.js';
import { toContent, type ContentInput } from './toContent.js';
import { toolResult, type ToolResultOptions } from './toolResult.js';
import { user } from './user.js';

interface SpokenLike extends MessageOptions {
  readonly role: 'system' | 'developer' | 'user';
  readonly content: ContentInput;
}

interface AssistantLike extends AssistantOptions {
  readonly role: 'assistant';
  readonly content: ContentInput;
}

interface ToolLike extends ToolResultOptions {
  readonly role: 'tool';
  readonly toolCallId: string;
  readonly content: ContentInput;
}

/** A message as a person writes it: content may be a string, and an assistant's needs neither id nor `toolCalls`. */
export type MessageLike = SpokenLike | AssistantLike | ToolLike;

/** What a model can be asked with. */
export type MessageInput = string | Message | MessageLike | readonly (string | Message | MessageLike)[];

/**
 * Makes messages of what a model is asked with: a string is what the user says; a whole message stays the object it is.
 *
 * *Errors*: `INVALID_MESSAGE` for an unknown role or block, or a missing field.
 *
 * @example
 * ```ts
 * import { system, toMessages } from 'rivulet';
 *
 * const messages = toMessages([system('Be brief.'), { role: 'user', content: 'Hi' }, 'How are you?']);
 * ```
 */
export function toMessages(input: MessageInput): readonly Message[] {
  return Array.isArray(input) ? input.map(toMessage) : [toMessage(input as string | Message | MessageLike)];
}

/**
 * Makes a message of a string or of `{ role, content }`.
 *
 * *Errors*: `INVALID_MESSAGE` for an unknown role or block, or a missing field.
 *
 * @example
 * ```ts
 * import { toMessage } from 'rivulet';
 *
 * const message = toMessage({ role: 'user', content: 'Hi' });
 * ```
 */
export function toMessage(input: string | Message | MessageLike): Message {
  if (typeof input === 'string') return user(input);
  if (typeof input !== 'object' || input === null || !Object.hasOwn(MAKERS, input.role)) throw notAMessage(input);
  return isWhole(input) ? input : MAKERS[input.role](input as never);
}

interface Likes {
  readonly system: SpokenLike;
  readonly developer: SpokenLike;
  readonly user: SpokenLike;
  readonly assistant: AssistantLike;
  readonly tool: ToolLike;
}

const MAKERS: { readonly [R in Role]: (like: Likes[R]) => Message } = {
  system: (like) => system(like.content, like),
  developer: (like) => developer(like.content, like),
  user: (like) => user(like.content, like),
  assistant: toAssistant,
  tool: (like) => toolResult(like.toolCallId, like.content, like),
};

/** A call that is in the content already isn't added again. */
function toAssistant({ content, toolCalls = [], ...options }: AssistantLike): Message {
  const blocks = toContent(content);
  const known = new Set(blocks.map((block) => (block.type === 'tool_call' ? block.id : undefined)));
  return assistant(blocks, { ...options, toolCalls: toolCalls.filter(({ id }) => !known.has(id)) });
}

/** Frozen messages that were found whole: a long conversation isn't checked anew at every turn. */
const WHOLE = /* @__PURE__ */ new WeakSet<object>();

/** Nothing is missing from it, whoever made it: a factory, a model, or JSON. */
function isWhole(input: Message | MessageLike): input is Message {
  const { content } = input;
  if (WHOLE.has(input)) return true;
  if (!Array.isArray(content)) return false;
  content.forEach(checkBlock);
  const whole = hasItsFields(input);
  if (whole && Object.isFrozen(input) && Object.isFrozen(content)) WHOLE.add(input);
  return whole;
}

function hasItsFields(input: Message | MessageLike): boolean {
  if (input.role === 'assistant') return typeof input.id === 'string' && Array.isArray(input.toolCalls);
  return input.role !== 'tool' || Boolean(input.toolCallId);
}

function notAMessage(input: unknown): RivuletError {
  return new RivuletError('INVALID_MESSAGE', `${preview(input)} is not a message. Give a string, or an object with a role (${Object.keys(MAKERS).join(', ')}) and content`);
}

function preview(value: unknown): string {
  const role = typeof value === 'object' && value !== null ? (value as { readonly role?: unknown }).role : undefined;
  if (typeof role === 'string') return `an object with the role '${role.slice(0, 40)}'`;
  return value == null ? String(value) : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object without a role' : `a ${typeof value}`;
}
