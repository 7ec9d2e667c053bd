import { requireCount } from '../../core/errors/optionChecks.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import type { Message, Role } from './Message.js';
import { turnsOf, type Turn } from './turnsOf.js';

interface TrimCommon {
  /** Keeps the newest messages (`'last'`, the default) or the oldest. */
  readonly strategy?: 'last' | 'first' | undefined;
  /** Keeps the system and developer messages at the head, and counts them. Default true. */
  readonly keepSystem?: boolean | undefined;
  /** With `'last'`: older messages go until one of these roles is first, such as `'user'`. */
  readonly startOn?: Role | readonly Role[] | undefined;
}

/** How much is kept: so many messages, or so many tokens by the count that you give. */
export type TrimOptions =
  | (TrimCommon & { readonly maxMessages: number; readonly maxTokens?: undefined; readonly countTokens?: undefined })
  | (TrimCommon & { readonly maxTokens: number; readonly countTokens: (message: Message) => number; readonly maxMessages?: undefined });

/**
 * Makes a conversation fit: keeps its newest (or oldest) messages within a limit. An assistant's tool calls and their
 * results stay or go together. Plain and pure: use it in a `lambda` or a `map`.
 *
 * ```text
 * system user assistant user
 * trimMessages(messages, { maxMessages: 2 })
 * system user
 * ```
 *
 * *Errors*: `INVALID_OPTION` for a limit that isn't a whole number, or a count that isn't a number.
 *
 * @param countTokens of one message, by the tokenizer of your model, or an estimate
 *
 * @example
 * ```ts
 * import { assistant, system, textOf, trimMessages, user } from 'rivulet';
 *
 * const history = [system('Be brief.'), user('Hi'), assistant('Hello!'), user('How are you?')];
 * const short = trimMessages(history, { maxTokens: 8, countTokens: (message) => Math.ceil(textOf(message).length / 4), startOn: 'user' });
 * ```
 */
export function trimMessages(messages: readonly Message[], options: TrimOptions): readonly Message[] {
  const { strategy = 'last', keepSystem = true, startOn } = options;
  const { limit, cost } = measure(options);
  if (startOn !== undefined && strategy === 'first') throw new RivuletError('INVALID_OPTION', "startOn goes with the strategy 'last'. With 'first' the conversation begins where it began");

  const headLength = keepSystem ? leadingInstructions(messages) : 0;
  const head = messages.slice(0, headLength);
  const turns = turnsOf(messages.slice(headLength));
  const room = limit - total(head, cost);
  const kept = strategy === 'last' ? newest(turns, room, cost) : oldest(turns, room, cost);
  return Object.freeze([...head, ...startingOn(kept, startOn).flat()]);
}

type Cost = (message: Message) => number;

function measure({ maxMessages, maxTokens, countTokens }: TrimOptions): { readonly limit: number; readonly cost: Cost } {
  if (maxMessages !== undefined) return { limit: requireCount('maxMessages', maxMessages, { infinite: true }), cost: () => 1 };
  if (typeof countTokens !== 'function') throw new RivuletError('INVALID_OPTION', 'trimMessages has no limit it can measure. Give maxMessages, or maxTokens with countTokens');
  return { limit: requireCount('maxTokens', maxTokens, { infinite: true }), cost: (message) => checked(countTokens(message)) };
}

function checked(tokens: number): number {
  if (Number.isFinite(tokens) && tokens >= 0) return tokens;
  throw new RivuletError('INVALID_OPTION', `countTokens returned ${String(tokens)}. It must return a number, 0 or more`);
}

function leadingInstructions(messages: readonly Message[]): number {
  const end = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  return end === -1 ? messages.length : end;
}

const total = (messages: readonly Message[], cost: Cost): number => messages.reduce((sum, message) => sum + cost(message), 0);

function oldest(turns: readonly Turn[], room: number, cost: Cost): readonly Turn[] {
  let left = room;
  const end = turns.findIndex((turn) => (left -= total(turn, cost)) < 0);
  return end === -1 ? turns : turns.slice(0, end);
}

function newest(turns: readonly Turn[], room: number, cost: Cost): readonly Turn[] {
  let left = room;
  return turns.slice(turns.findLastIndex((turn) => (left -= total(turn, cost)) < 0) + 1);
}

function startingOn(turns: readonly Turn[], startOn: Role | readonly Role[] | undefined): readonly Turn[] {
  if (startOn === undefined) return turns;
  const roles: readonly unknown[] = Array.isArray(startOn) ? startOn : [startOn];
  const start = turns.findIndex(([first]) => roles.includes(first?.role));
  return start === -1 ? [] : turns.slice(start);
}
