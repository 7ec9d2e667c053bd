import { RivuletError } from '../../core/errors/RivuletError.js';
import { isFlow, type Flow } from '../../core/flow/flow.js';
import { assistant } from '../messages/assistant.js';
import { developer } from '../messages/developer.js';
import type { Message } from '../messages/Message.js';
import { system } from '../messages/system.js';
import { toMessage, toMessages, type MessageInput, type MessageLike } from '../messages/toMessages.js';
import { user } from '../messages/user.js';
import type { Placeholder } from './placeholder.js';
import { fill, missing, parseTemplate, valueOf, type Template, type Values, type VariablesOf } from './template.js';

const MAKERS = { system, developer, user, assistant };

/** What a role says, as a template. */
export type SpokenEntry = readonly [role: keyof typeof MAKERS, template: string];

/** What makes one message or several, of variables alone. */
export type PlainEntry = SpokenEntry | Message | MessageLike | Placeholder<string, boolean>;

/** The variables of an entry. */
export type EntryVariables<E> = E extends readonly [unknown, infer T extends string]
  ? VariablesOf<T>
  : E extends Placeholder<infer N, infer O>
    ? O extends true
      ? { readonly [K in N]?: MessageInput }
      : { readonly [K in N]: MessageInput }
    : E extends { readonly run: (input: infer I) => unknown }
      ? I
      : unknown;

/** All variables of some entries. */
export type VariablesOfEntries<E extends readonly unknown[]> = Shown<{ [K in keyof E]: (variables: EntryVariables<E[K]>) => void }[number] extends (variables: infer V) => void ? V : never>;

type Shown<V> = { readonly [K in keyof V]: V[K] };

/** An entry, compiled: a message that is the same in every run, what a template says, or messages from a variable. */
export type Part =
  | { readonly type: 'fixed'; readonly message: Message }
  | { readonly type: 'spoken'; readonly make: (text: string) => Message; readonly template: Template }
  | ({ readonly type: 'placeholder' } & Placeholder<string, boolean>)
  | { readonly type: 'flow'; readonly flow: Flow<Values, unknown, readonly Message[]> };

/** @throws RivuletError `TEMPLATE_INVALID` or `INVALID_MESSAGE` */
export function compileEntry(entry: unknown): Part {
  if (isFlow(entry)) return { type: 'flow', flow: entry as unknown as Flow<Values, unknown, readonly Message[]> };
  if (Array.isArray(entry)) return compileSpoken(entry as unknown as SpokenEntry);
  if (typeof entry === 'string') throw new RivuletError('INVALID_MESSAGE', "an entry of a chat prompt is a string. Say who speaks: ['user', '…']");
  if (typeof entry === 'object' && entry !== null && 'placeholder' in entry) return { type: 'placeholder', ...(entry as Placeholder<string, boolean>) };
  return { type: 'fixed', message: toMessage(entry as MessageLike) };
}

function compileSpoken([role, text]: SpokenEntry): Part {
  if (!Object.hasOwn(MAKERS, role)) throw new RivuletError('INVALID_MESSAGE', `an entry of a chat prompt has the role '${String(role)}'. Known roles: ${Object.keys(MAKERS).join(', ')}; a tool's result is given as a message`);
  const template = parseTemplate(text);
  const make = MAKERS[role];
  return template.names.length === 0 ? { type: 'fixed', message: make(fill(template, {})) } : { type: 'spoken', make, template };
}

/** The messages of a part in a run. */
export function messagesOf(part: Exclude<Part, { readonly type: 'flow' }>, values: Values): readonly Message[] {
  switch (part.type) {
    case 'fixed':
      return [part.message];
    case 'spoken':
      return [part.make(fill(part.template, values))];
    case 'placeholder': {
      const value = valueOf(values, part.placeholder);
      if (value !== undefined) return toMessages(value as MessageInput);
      if (part.optional) return [];
      throw missing(values, part.placeholder);
    }
  }
}

/** The names of the variables of parts, each once. */
export function namesOf(parts: readonly Part[]): readonly string[] {
  const names = parts.flatMap((part) => (part.type === 'spoken' ? part.template.names : part.type === 'placeholder' ? [part.placeholder] : []));
  return [...new Set(names)];
}
