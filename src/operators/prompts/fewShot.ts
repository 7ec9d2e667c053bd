import type { Observable } from 'rxjs';
import { deliver, type Result } from '../../core/bridge/result.js';
import type { RunScope } from '../../core/context/RunScope.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { flow, type Flow } from '../../core/flow/flow.js';
import { last } from '../../core/flow/fold.js';
import { whole } from '../../core/flow/whole.js';
import { createSource, Link } from '../../core/subscription.js';
import type { Message } from '../messages/Message.js';
import { compileEntry, messagesOf, type PlainEntry, type VariablesOfEntries } from './chatEntry.js';
import { fill, parseTemplate, type Values, type VariablesOf } from './template.js';

/** Chooses examples for an input: by length, by similarity, by asking a store. It may take its time. */
export type ExampleSelector<E, V> = (variables: V, examples: readonly E[], run: RunScope) => Result<readonly E[]>;

interface FewShotCommon<E, V> {
  readonly examples: readonly E[];
  /** Default: all examples. */
  readonly selector?: ExampleSelector<E, V> | undefined;
}

/**
 * Makes text or messages of examples, for a prompt. With a template as `example` it makes text, joined by `separator`, for a
 * variable; with entries as in `chatPrompt` it makes messages, and is itself an entry of a `chatPrompt`.
 *
 * ```text
 * -x--|
 * fewShot({ examples: [{ q: '1+1', a: '2' }], example: [['user', '{q}'], ['assistant', '{a}']] })
 * -m--|   [user('1+1'), assistant('2')]
 * ```
 *
 * *Demand*: transparent. *Timing*: the selector's; synchronous without. *Errors*: when it is built `TEMPLATE_INVALID`,
 * `TEMPLATE_VARIABLE` for an example that lacks one and there is no selector; in a run the selector's.
 *
 * @example
 * ```ts
 * import { chatPrompt, fewShot, lengthSelector } from 'rivulet';
 *
 * const shots = fewShot({
 *   examples: [{ q: '1 + 1', a: '2' }, { q: '2 + 2', a: '4' }],
 *   example: [['user', '{q}'], ['assistant', '{a}']],
 *   selector: lengthSelector({ maxLength: 200 }),
 * });
 * const messages = await chatPrompt([['system', 'Calculate.'], shots, ['user', '{q}']]).invoke({ q: '3 + 3' });
 * ```
 */
export function fewShot<const T extends string, E extends VariablesOf<T>, V = unknown>(
  options: FewShotCommon<E, V> & { readonly example: T; readonly separator?: string | undefined },
): Flow<V, string>;
export function fewShot<const T extends readonly PlainEntry[], E extends VariablesOfEntries<T>, V = unknown>(
  options: FewShotCommon<E, V> & { readonly example: T },
): Flow<V, readonly Message[]>;
export function fewShot(options: FewShotCommon<Values, unknown> & { readonly example: string | readonly PlainEntry[]; readonly separator?: string | undefined }): Flow<unknown, unknown> {
  const { examples, example, selector, separator = '\n\n' } = options;
  const format = typeof example === 'string' ? textFormat(example, separator) : messagesFormat(example);
  if (selector) return flow<unknown, unknown>('fewShot', whole((variables, run) => selected(selector(variables, examples, run), format, run)), { fold: last() });
  const made = format(examples); // the same in every run
  return flow<unknown, unknown>('fewShot', whole(() => made), { fold: last() });
}

type Format = (examples: readonly Values[]) => unknown;

function textFormat(example: string, separator: string): Format {
  const template = parseTemplate(example);
  return (examples) => examples.map((values) => fill(template, values)).join(separator);
}

function messagesFormat(entries: readonly PlainEntry[]): Format {
  const parts = entries.map((entry) => {
    const part = compileEntry(entry);
    if (part.type === 'flow') throw new RivuletError('TEMPLATE_INVALID', 'an example has a flow among its entries. Give templates and messages');
    return part;
  });
  return (examples) => Object.freeze(examples.flatMap((values) => parts.flatMap((part) => messagesOf(part, values))));
}

function selected(result: Result<readonly Values[]>, format: Format, run: RunScope): unknown {
  if (Array.isArray(result)) return format(result as readonly Values[]);
  return createSource<unknown>((subscriber) => {
    deliver(result, new Link<readonly Values[]>(subscriber, { next: (examples) => subscriber.next(format(examples)) }), run);
  }) satisfies Observable<unknown>;
}
