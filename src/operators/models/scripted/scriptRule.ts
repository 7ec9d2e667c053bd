import { RivuletError } from '../../../core/errors/RivuletError.js';
import type { Message, Role } from '../../messages/Message.js';
import type { ChatRequest } from '../ChatModel.js';
import type { ModelErrorCode } from '../ModelError.js';

/**
 * What a text must be like: a string that occurs in it, whatever the case; a regular expression; or one as data, for
 * documents.
 */
export type ScriptPattern = string | RegExp | { readonly pattern: string; readonly flags?: string };

/** A tool call that a rule makes. Strings in `args`, at any depth, are templates. */
export interface ScriptCall {
  readonly name: string;
  readonly args?: unknown;
}

/** How a rule fails, in the words that every model's errors have. */
export interface ScriptError {
  readonly code: ModelErrorCode;
  readonly message?: string;
  readonly retryAfterMs?: number;
}

/**
 * One rule of a script: a condition on the conversation's last message, and the answer. A rule without condition meets
 * everything; one with `when` alone meets anybody's words but a tool's, whose results are met by `after`.
 *
 * Templates know `{0}` what the pattern matched, `{1}` … and `{name}` its groups, `{text}` the message, `{result}` the last
 * tool result and `{result.add}` that of the tool `add`. In `args`, `'{1:number}'` and `'{result:json}'` make
 * values of them. Other braces stay as they are.
 */
export interface ScriptRule {
  /** What errors and `metadata.rule` call it. Default: its number. */
  readonly name?: string;
  readonly when?: ScriptPattern | ((message: Message, request: ChatRequest) => boolean);
  readonly role?: Role;
  /** The conversation ends in a result of this tool; `true`: of any. */
  readonly after?: string | true;
  /** How often it answers before it is passed over. */
  readonly times?: number;
  readonly reasoning?: string;
  readonly reply?: string | ((match: ScriptMatch) => string);
  readonly calls?: readonly ScriptCall[] | ((match: ScriptMatch) => readonly ScriptCall[]);
  /** Fails, after what it has to say. */
  readonly error?: ScriptError;
}

/** A script as a document, as from YAML or JSON. */
export interface Script {
  readonly id?: string;
  readonly paceMs?: number;
  readonly chunk?: ScriptChunking;
  readonly rules: readonly ScriptRule[];
}

/** The pieces in which text streams: words, pieces of at most four letters, or single characters. */
export type ScriptChunking = 'word' | 'token' | 'char';

/** What a rule met. */
export interface ScriptMatch {
  readonly message: Message;
  readonly request: ChatRequest;
  /** The message's text. */
  readonly text: string;
  /** What the pattern matched, and its groups; `['']` without a pattern. */
  readonly groups: readonly (string | undefined)[];
  readonly named: Readonly<Record<string, string | undefined>>;
  /** The tool results that the conversation ends in, oldest first. */
  readonly results: readonly ToolOutcome[];
}

/** The result of one tool call, as the conversation tells it. */
export interface ToolOutcome {
  readonly tool: string;
  readonly text: string;
}

type Check = readonly [is: (value: unknown) => boolean, says: string];

const isText = (value: unknown): boolean => typeof value === 'string';
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isPattern = (value: unknown): boolean => isText(value) || value instanceof RegExp || (isRecord(value) && isText(value['pattern']));
const isCall = (value: unknown): boolean => isRecord(value) && isText(value['name']);
const isError = (value: unknown): boolean => isRecord(value) && typeof value['code'] === 'string' && value['code'].startsWith('MODEL_');

const FIELDS: Readonly<Record<keyof ScriptRule, Check>> = {
  name: [isText, 'a string'],
  when: [(value) => isPattern(value) || isFunction(value), 'a string, a RegExp, { pattern, flags } or a function'],
  role: [(value) => ['system', 'developer', 'user', 'assistant', 'tool'].includes(value as string), 'a role'],
  after: [(value) => value === true || isText(value), 'the name of a tool, or true'],
  times: [(value) => Number.isInteger(value) && (value as number) >= 1, 'a whole number of at least 1'],
  reasoning: [isText, 'a string'],
  reply: [(value) => isText(value) || isFunction(value), 'a string or a function'],
  calls: [(value) => isFunction(value) || (Array.isArray(value) && value.every(isCall)), 'a list of { name, args } or a function'],
  error: [isError, '{ code, message, retryAfterMs } with a MODEL_… code'],
};

const ANSWERS = ['reasoning', 'reply', 'calls', 'error'] as const;

/**
 * Whether `rules` are rules, at build time.
 *
 * @throws RivuletError `INVALID_OPTION`, which names the rule and the field
 */
export function checkRules(rules: unknown): readonly ScriptRule[] {
  if (!Array.isArray(rules) || rules.length === 0) throw invalid('a script needs a list of rules, such as [{ reply: "Hello!" }]');
  rules.forEach(checkRule);
  return rules as readonly ScriptRule[];
}

function checkRule(rule: unknown, index: number): void {
  if (!isRecord(rule)) throw invalid(`rule ${index + 1} is not an object. Write { when, reply }`);
  for (const [key, value] of Object.entries(rule)) {
    const check = Object.hasOwn(FIELDS, key) ? FIELDS[key as keyof ScriptRule] : undefined;
    if (!check) throw invalid(`rule ${index + 1} has the unknown key '${key}'. Known keys: ${Object.keys(FIELDS).join(', ')}`);
    if (value !== undefined && !check[0](value)) throw invalid(`${key} of rule ${index + 1} must be ${check[1]}`);
  }
  if (!ANSWERS.some((key) => rule[key] !== undefined)) throw invalid(`rule ${index + 1} has no answer. Give it one of ${ANSWERS.join(', ')}`);
}

function invalid(message: string): RivuletError {
  return new RivuletError('INVALID_OPTION', message);
}
