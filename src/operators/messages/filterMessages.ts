import type { Message, Role } from './Message.js';

/** Which messages: those that have one of the roles, names or ids given. */
export interface MessageMatch {
  readonly roles?: readonly Role[];
  readonly names?: readonly string[];
  readonly ids?: readonly string[];
}

export interface FilterMessagesOptions {
  /** Keeps only what matches. Default: everything. */
  readonly include?: MessageMatch | ((message: Message) => boolean) | undefined;
  /** Drops what matches, also of what is included. */
  readonly exclude?: MessageMatch | ((message: Message) => boolean) | undefined;
}

/**
 * Keeps some messages of a conversation, by role, name, id or a predicate. A tool result goes with its call. Plain and pure:
 * use it in a `lambda` or a `map`.
 *
 * ```text
 * system user assistant user
 * filterMessages(messages, { include: { roles: ['user'] } })
 * user user
 * ```
 *
 * @example
 * ```ts
 * import { assistant, filterMessages, system, user } from 'rivulet';
 *
 * const said = filterMessages([system('Be brief.'), user('Hi'), assistant('Hello!')], { exclude: { roles: ['system'] } });
 * ```
 */
export function filterMessages(messages: readonly Message[], { include, exclude }: FilterMessagesOptions): readonly Message[] {
  const included = include ? toPredicate(include) : () => true;
  const excluded = exclude ? toPredicate(exclude) : () => false;
  const dropped = new Set<string>();
  const kept = messages.filter((message) => {
    const keeps = included(message) && !excluded(message) && !(message.role === 'tool' && dropped.has(message.toolCallId));
    if (!keeps && message.role === 'assistant') for (const { id } of message.toolCalls) dropped.add(id);
    return keeps;
  });
  return Object.freeze(kept);
}

function toPredicate(match: MessageMatch | ((message: Message) => boolean)): (message: Message) => boolean {
  if (typeof match === 'function') return match;
  const { roles, names, ids } = match;
  return ({ role, name, id }) => Boolean(roles?.includes(role) || (name !== undefined && names?.includes(name)) || (id !== undefined && ids?.includes(id)));
}
