import { RivuletError } from '../../../core/errors/RivuletError.js';
import type { Message, ToolMessage } from '../../messages/Message.js';
import { textOf } from '../../messages/textOf.js';
import type { ChatRequest } from '../ChatModel.js';
import type { ScriptMatch, ScriptPattern, ScriptRule, ToolOutcome } from './scriptRule.js';

/** A pattern that came as data is short: what a long one costs to match can't be foreseen. */
const MAX_PATTERN_CHARS = 500;

/** Finds out whether a rule meets a request, and what it met. */
export type RuleMatcher = (seen: Omit<ScriptMatch, 'groups' | 'named'>) => ScriptMatch | undefined;

/** @throws RivuletError `INVALID_OPTION` for a pattern that is none */
export function ruleMatcher({ when, role, after }: ScriptRule): RuleMatcher {
  const meetsRole = role ?? (when !== undefined && after === undefined ? 'not tool' : undefined);
  const find = when === undefined || typeof when === 'function' ? undefined : finder(when);
  return (seen) => {
    const speaker = seen.message.role;
    if (meetsRole === 'not tool' ? speaker === 'tool' : meetsRole !== undefined && speaker !== meetsRole) return undefined;
    if (after !== undefined && !seen.results.some(({ tool }) => after === true || tool === after)) return undefined;
    if (typeof when === 'function' && !when(seen.message, seen.request)) return undefined;
    const found = find ? find(seen.text) : [''];
    return found && { ...seen, groups: found, named: ('groups' in found && found.groups) || {} };
  };
}

type Found = readonly (string | undefined)[] & { readonly groups?: Readonly<Record<string, string | undefined>> | undefined };

function finder(pattern: Exclude<ScriptPattern, () => void>): (text: string) => Found | undefined {
  const regex = typeof pattern === 'string' ? new RegExp(pattern.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'i') : toRegex(pattern);
  return (text) => regex.exec(text) ?? undefined;
}

function toRegex(pattern: RegExp | { readonly pattern: string; readonly flags?: string }): RegExp {
  // A global or sticky one would remember where it was, and so answer differently the next time.
  if (pattern instanceof RegExp) return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  const { pattern: source, flags = '' } = pattern;
  if (source.length > MAX_PATTERN_CHARS) throw invalid(`a pattern of a script has ${source.length} characters. ${MAX_PATTERN_CHARS} is the limit`);
  try {
    return new RegExp(source, flags.replace(/[gy]/g, ''));
  } catch (cause) {
    throw invalid(`/${source}/${flags} is not a regular expression. Mend the pattern`, cause);
  }
}

/** What every rule looks at, found out once for a request. */
export function seenIn(request: ChatRequest): Omit<ScriptMatch, 'groups' | 'named'> | undefined {
  const message = request.messages.at(-1);
  return message && { message, request, text: textOf(message), results: lastResults(request.messages) };
}

function lastResults(messages: readonly Message[]): readonly ToolOutcome[] {
  const results: ToolOutcome[] = [];
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i] as Message;
    if (message.role !== 'tool') break;
    results.unshift({ tool: message.name ?? toolOf(message, messages), text: textOf(message) });
  }
  return results;
}

function toolOf({ toolCallId }: ToolMessage, messages: readonly Message[]): string {
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i] as Message;
    const call = message.role === 'assistant' && message.toolCalls.find(({ id }) => id === toolCallId);
    if (call) return call.name;
  }
  return '';
}

function invalid(message: string, cause?: unknown): RivuletError {
  return new RivuletError('INVALID_OPTION', message, { cause });
}
