import type { Observable } from 'rxjs';
import type { RunScope } from '../../../core/context/RunScope.js';
import { pull } from '../../../core/demand/pull.js';
import { RivuletError } from '../../../core/errors/RivuletError.js';
import { requireMs } from '../../../core/errors/optionChecks.js';
import { createSource } from '../../../core/subscription.js';
import type { MessageChunk } from '../../messages/Message.js';
import type { ChatModel, ChatRequest, ModelCapabilities } from '../ChatModel.js';
import { ruleMatcher, seenIn, type RuleMatcher } from './ruleMatcher.js';
import { scriptChunks } from './scriptChunks.js';
import { checkRules, type Script, type ScriptChunking, type ScriptMatch, type ScriptRule } from './scriptRule.js';
import { timeline, type TimelineStep } from './timeline.js';

export interface ScriptedOptions {
  /** Default `scripted`. */
  readonly id?: string;
  /** Time between pieces, on the run's scheduler. Default 0: synchronous. */
  readonly paceMs?: number;
  /** Default `word`. */
  readonly chunk?: ScriptChunking;
  /** Default: tools and reasoning. */
  readonly capabilities?: ModelCapabilities;
}

/**
 * The embedded model: answers by rules, the first that meets the conversation's last message, always in the same way. It
 * streams, calls tools, uses their results and can fail; the last chunk's `metadata` says `scripted: true`, and which rule it was.
 *
 * ```text
 * scripted([{ reply: 'a b c' }], { paceMs: 2 })
 * --a-b-(cz|)   z: usage, finish reason, metadata
 * ```
 *
 * *Demand*: a source, waits at the nearest boundary. *Timing*: synchronous, or a piece each `paceMs` on the run's scheduler.
 * *Errors*: a rule's own, as `ModelError`; `SCRIPT_EXHAUSTED` when no rule meets the message.
 *
 * @param script rules, or a document that holds them: see `parseScript`
 * @throws RivuletError `INVALID_OPTION` at build time, for a rule that is none
 *
 * @example
 * ```ts
 * import { chat, scripted } from 'rivulet';
 *
 * const model = scripted([
 *   { when: /add (\d+) and (\d+)/, calls: [{ name: 'add', args: { a: '{1:number}', b: '{2:number}' } }] },
 *   { after: 'add', reply: 'That makes {result}.' },
 *   { reply: 'I can only add.' },
 * ]);
 * const message = await chat(model).invoke('Please add 2 and 3'); // message.toolCalls: add({ a: 2, b: 3 })
 * ```
 */
export function scripted(script: readonly ScriptRule[] | Script, options: ScriptedOptions = {}): ChatModel {
  const document: Script = 'rules' in script ? script : { rules: script };
  const { id = 'scripted', paceMs = 0, chunk = 'word', capabilities = { tools: true, reasoning: true } } = { ...document, ...options };
  requireMs('paceMs', paceMs);
  if (!['word', 'token', 'char'].includes(chunk)) throw new RivuletError('INVALID_OPTION', `chunk is '${String(chunk)}'. It must be 'word', 'token' or 'char'`);
  const book = new RuleBook(checkRules(document.rules));

  function stream(request: ChatRequest, run: RunScope): Observable<MessageChunk> {
    return createSource((subscriber) => {
      const answer = book.answer(request);
      if (!answer) return subscriber.error(book.exhausted(request));
      const chunks = scriptChunks(answer.rule, answer.match, { id: run.ids(), modelId: id, chunk, label: answer.label });
      const source = paceMs === 0 ? pull(chunks) : timeline(atPace(chunks, paceMs), run.scheduler);
      return source.subscribe(subscriber);
    });
  }

  return { id, capabilities, stream };
}

interface Entry {
  readonly rule: ScriptRule;
  readonly label: string;
  readonly meets: RuleMatcher;
  used: number;
}

/** The rules in order, and how often each has answered. */
class RuleBook {
  private readonly entries: readonly Entry[];

  constructor(rules: readonly ScriptRule[]) {
    this.entries = rules.map((rule, index) => ({ rule, label: rule.name ?? `rule ${index + 1}`, meets: ruleMatcher(rule), used: 0 }));
  }

  answer(request: ChatRequest): { readonly rule: ScriptRule; readonly label: string; readonly match: ScriptMatch } | undefined {
    const seen = seenIn(request);
    if (!seen) return undefined;
    for (const entry of this.entries) {
      if (entry.used >= (entry.rule.times ?? Infinity)) continue;
      const match = entry.meets(seen);
      if (!match) continue;
      entry.used++;
      return { rule: entry.rule, label: entry.label, match };
    }
    return undefined;
  }

  exhausted(request: ChatRequest): RivuletError {
    const seen = seenIn(request);
    const last = seen ? `the ${seen.message.role} message ${JSON.stringify(seen.text.slice(0, 80))}` : 'an empty conversation';
    return new RivuletError('SCRIPT_EXHAUSTED', `no rule of the script answers ${last}. Its rules: ${this.entries.map(described).join('; ')}. Add one, or { reply: '…' } as the last, which answers everything`);
  }
}

function described({ rule: { when, role, after, times }, label, used }: Entry): string {
  const pattern = when instanceof RegExp || typeof when !== 'object' ? when : `/${when.pattern}/${when.flags ?? ''}`;
  const conditions = [
    when === undefined ? [] : typeof when === 'function' ? 'when a function says so' : `when ${typeof when === 'string' ? JSON.stringify(when) : String(pattern)}`,
    role === undefined ? [] : `role ${role}`,
    after === undefined ? [] : `after ${after === true ? 'any tool' : after}`,
    times === undefined ? [] : `used ${used} of ${times}`,
  ].flat();
  return conditions.length > 0 ? `${label} (${conditions.join(', ')})` : label;
}

/** The first piece comes after one interval, and the account with the last piece. */
function* atPace(chunks: Iterable<MessageChunk>, paceMs: number): Generator<TimelineStep<MessageChunk>> {
  try {
    for (const value of chunks) yield { afterMs: value.finishReason === undefined ? paceMs : 0, notification: { kind: 'N', value } };
  } catch (error) {
    yield { afterMs: paceMs, notification: { kind: 'E', error } };
  }
  yield { afterMs: 0, notification: { kind: 'C' } };
}
