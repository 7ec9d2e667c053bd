import type { Usage } from '../../core/events/RunEvent.js';
import type { AssistantMessage, Message } from './Message.js';

/**
 * Makes one message of consecutive messages of one role and speaker, for models that insist on turns. The first one's id
 * stays. Tool results stay apart: each answers a call of its own. Plain and pure: use it in a `lambda` or a `map`.
 *
 * ```text
 * user(a) user(b) assistant(c)
 * mergeRuns(messages)
 * user(a, b) assistant(c)
 * ```
 *
 * @example
 * ```ts
 * import { mergeRuns, user } from 'rivulet';
 *
 * const one = mergeRuns([user('Look at this:'), user('a cat')]);
 * ```
 */
export function mergeRuns(messages: readonly Message[]): readonly Message[] {
  const runs: Message[][] = [];
  for (const message of messages) {
    const run = runs.at(-1);
    if (run?.[0] && alike(run[0], message)) run.push(message);
    else runs.push([message]);
  }
  return Object.freeze(runs.map(merged));
}

const alike = (a: Message, b: Message): boolean => a.role === b.role && a.role !== 'tool' && a.name === b.name;

function merged(run: readonly Message[]): Message {
  const [first] = run as readonly [Message];
  if (run.length === 1) return first;
  const metadata = run.flatMap((message) => Object.entries(message.metadata ?? {}));
  const common = {
    content: Object.freeze(run.flatMap(({ content }) => content)),
    ...(metadata.length > 0 && { metadata: Object.fromEntries(metadata) }),
  };
  return Object.freeze(first.role === 'assistant' ? { ...answer(run as readonly AssistantMessage[]), ...common } : { ...first, ...common }) as Message;
}

/** The first with what only an assistant's messages have: all calls, the tokens in sum, and why the last one stopped. */
function answer(run: readonly AssistantMessage[]): AssistantMessage {
  const { finishReason: _, ...first } = run[0] as AssistantMessage;
  const usages = run.flatMap(({ usage }) => usage ?? []);
  const finishReason = run.at(-1)?.finishReason;
  return {
    ...first,
    toolCalls: Object.freeze(run.flatMap(({ toolCalls }) => toolCalls)),
    ...(usages.length > 0 && { usage: usages.reduce(sum) }),
    ...(finishReason && { finishReason }),
  };
}

function sum(a: Usage, b: Usage): Usage {
  const added: Record<string, number> = { ...a };
  for (const [key, tokens] of Object.entries(b) as readonly [string, number][]) added[key] = (added[key] ?? 0) + tokens;
  return added as unknown as Usage;
}
