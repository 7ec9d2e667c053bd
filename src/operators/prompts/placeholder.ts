/** A place for messages in a chat prompt. */
export interface Placeholder<N extends string, O extends boolean> {
  readonly placeholder: N;
  readonly optional: O;
}

/**
 * Makes a place in a `chatPrompt` for messages that a variable brings, such as a history: a message, a string, or a list.
 *
 * *Errors*: in a run, `TEMPLATE_VARIABLE` if it is missing and not optional, `INVALID_MESSAGE` for what isn't messages.
 *
 * @param name of the variable
 *
 * @example
 * ```ts
 * import { assistant, chatPrompt, placeholder, user } from 'rivulet';
 *
 * const ask = chatPrompt([['system', 'Be brief.'], placeholder('history', { optional: true }), ['user', '{question}']]);
 * const messages = await ask.invoke({ history: [user('Hi'), assistant('Hello!')], question: 'How are you?' });
 * ```
 */
export function placeholder<const N extends string>(name: N, options: { readonly optional: true }): Placeholder<N, true>;
export function placeholder<const N extends string>(name: N, options?: { readonly optional?: false }): Placeholder<N, false>;
export function placeholder(name: string, { optional = false }: { readonly optional?: boolean } = {}): Placeholder<string, boolean> {
  return Object.freeze({ placeholder: name, optional });
}
