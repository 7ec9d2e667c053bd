import { forkJoin, map, type Observable } from 'rxjs';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { flow, type Flow } from '../../core/flow/flow.js';
import { last, type Fold } from '../../core/flow/fold.js';
import { whole } from '../../core/flow/whole.js';
import type { Message } from '../messages/Message.js';
import { compileEntry, messagesOf, namesOf, type Part, type PlainEntry, type VariablesOfEntries } from './chatEntry.js';
import { withPartials, type Left, type Partials } from './partials.js';
import type { PromptInput, Values } from './template.js';

/** A flow that makes messages, of any variables: said so that a flow written in its place says itself of which. */
export type MessagesFlow = ((...args: never) => unknown) & { readonly fold: Fold<never, readonly Message[]> };

/** An entry of a chat prompt: what a role says, a message, a place for messages, or a flow that makes messages (`fewShot`). */
export type ChatEntry = PlainEntry | MessagesFlow;

/** A flow from variables to a conversation. */
export interface ChatPrompt<V> extends Flow<PromptInput<V>, readonly Message[]> {
  /** The names of its variables, each once, those of its flows apart. */
  readonly variables: readonly string[];
  /** The same prompt with some variables given in advance. */
  partial<const P extends Partials<V>>(values: P): ChatPrompt<Left<V, P>>;
}

/**
 * Makes a conversation of templates by role, messages, places for messages and examples. It is compiled once; what has no
 * variable is the same message in every run.
 *
 * ```text
 * -x--|   { q: 'Why?' }
 * chatPrompt([['system', 'Be brief.'], ['user', '{q}']])
 * -m--|   [system('Be brief.'), user('Why?')]
 * ```
 *
 * *Demand*: transparent. *Timing*: synchronous, unless a selector of examples isn't. *Errors*: when it is built
 * `TEMPLATE_INVALID` and `INVALID_MESSAGE`; in a run `TEMPLATE_VARIABLE`, and `INVALID_MESSAGE` for what fills a place.
 *
 * @example
 * ```ts
 * import { chain, chat, chatPrompt, scripted, text } from 'rivulet';
 *
 * const ask = chatPrompt([['system', 'You are {who}.'], ['user', '{question}']]).partial({ who: 'a poet' });
 * const answer = await chain(ask, chat(scripted([{ reply: 'Ah!' }])), text()).invoke({ question: 'Why?' });
 * ```
 */
export function chatPrompt<const E extends readonly ChatEntry[]>(entries: E): ChatPrompt<VariablesOfEntries<E>> {
  if (entries.length === 0) throw new RivuletError('TEMPLATE_INVALID', "a chat prompt has no entries. Give at least one: ['user', '…']");
  return chatPromptOf(entries.map(compileEntry), undefined) as ChatPrompt<VariablesOfEntries<E>>;
}

function chatPromptOf(parts: readonly Part[], partials: Values | undefined): ChatPrompt<Values> {
  const flows = parts.flatMap((part) => (part.type === 'flow' ? [part.flow] : []));
  const format = whole<Values, readonly Message[]>((given, run) => {
    const values = withPartials(partials, given, run);
    return flows.length === 0 ? joined(parts, values, []) : examplesOf(flows, values).pipe(map((examples) => joined(parts, values, examples)));
  });
  return Object.assign(flow<PromptInput<Values>, readonly Message[]>('chatPrompt', format, { fold: last(), kind: 'prompt' }), {
    variables: Object.freeze(namesOf(parts).filter((name) => !partials || !Object.hasOwn(partials, name))),
    partial: (values: Values) => chatPromptOf(parts, { ...partials, ...values }) as never,
  });
}

function examplesOf(flows: readonly Flow<Values, unknown, readonly Message[]>[], values: Values): Observable<readonly (readonly Message[])[]> {
  return forkJoin(flows.map((each) => each.run(values) as Observable<readonly Message[]>));
}

/** @param made the messages of the parts that are flows, in order */
function joined(parts: readonly Part[], values: Values, made: readonly (readonly Message[])[]): readonly Message[] {
  const messages: Message[] = [];
  let flows = 0;
  for (const part of parts) messages.push(...(part.type === 'flow' ? (made[flows++] ?? []) : messagesOf(part, values)));
  return Object.freeze(messages);
}
