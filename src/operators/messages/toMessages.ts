import { RivuletError } from '../../core/errors/RivuletError.js';
import type { ContentBlock } from './ContentBlock.js';
import type { Message, Role } from './Message.js';

/** A message as a person writes it: content may be a string. */
export interface MessageLike {
  readonly role: Role;
  readonly content: string | readonly ContentBlock[];
  readonly name?: string;
}

/** What a model can be asked with. */
export type MessageInput = string | Message | MessageLike | readonly (string | Message | MessageLike)[];

/** Makes messages of what a model is asked with: a string is what the user says. */
export function toMessages(input: MessageInput): readonly Message[] {
  return Array.isArray(input) ? input.map(toMessage) : [toMessage(input as string | Message | MessageLike)];
}

const ROLES: readonly unknown[] = ['system', 'developer', 'user', 'assistant', 'tool'] satisfies readonly Role[];

/** @throws RivuletError `INVALID_MESSAGE` */
export function toMessage(input: string | Message | MessageLike): Message {
  if (typeof input === 'string') return textMessage('user', input);
  if (typeof input !== 'object' || input === null || !ROLES.includes(input.role)) throw invalid(input);
  return typeof input.content === 'string' ? { ...input, content: blocks(input.content) } as Message : (input as Message);
}

const blocks = (text: string): readonly ContentBlock[] => Object.freeze([Object.freeze({ type: 'text', text } as const)]);

const textMessage = (role: 'user', text: string): Message => Object.freeze({ role, content: blocks(text) });

function invalid(input: unknown): RivuletError {
  return new RivuletError('INVALID_MESSAGE', `${JSON.stringify(input)} is not a message. Give a string, or an object with a role (${ROLES.join(', ')}) and content`);
}
