import type { Observable, Subscriber } from 'rxjs';
import { requireCount } from '../../core/errors/optionChecks.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { flow, type Flow } from '../../core/flow/flow.js';
import { list as listFold } from '../../core/flow/fold.js';
import { Link, operate, restartOf } from '../../core/subscription.js';
import { ListItems, type ItemRules } from './ListItems.js';
import { TextDeltas, type TextInput } from './TextDeltas.js';

export interface ListOptions {
  /** What stands between items. Default a line break; then a bullet or number at a line's head isn't part of the item. */
  readonly separator?: string;
  /** Takes only what begins with a number (`1.`, `2)`), a bullet (`-`, `*`, `+`, `•`), or either: prose around a list goes. */
  readonly marker?: 'number' | 'bullet' | 'any';
  /** How long an item may get before it is an error: it is kept until it is complete. Default 1,000,000. */
  readonly maxItemChars?: number;
}

/**
 * A list in a model's answer: emits each item when it is complete, and folds to all of them. Items are trimmed, empty ones and
 * the fences of a code block are left out.
 *
 * ```text
 * -a-b-c-|      chunks: '1. re', 'd\n2. gr', 'een'
 * list()
 * ---x---(y|)   'red', 'green'
 * ```
 *
 * *Demand*: transparent. *Timing*: synchronous. *Errors*: the source's; `OUTPUT_INVALID` for an item without an end.
 *
 * @example
 * ```ts
 * import { chain, chat, list, scripted } from 'rivulet';
 *
 * const colours = chain(chat(scripted([{ reply: 'red, green, blue' }])), list({ separator: ',' }));
 * const all = await colours.invoke('Three colours, comma-separated'); // ['red', 'green', 'blue']
 * ```
 */
export function list({ separator = '\n', marker, maxItemChars = 1_000_000 }: ListOptions = {}): Flow<TextInput, string, readonly string[]> {
  if (separator === '') throw new RivuletError('INVALID_OPTION', "a list's separator is empty. Give the text that stands between items");
  requireCount('maxItemChars', maxItemChars, { infinite: true });
  const rules: ItemRules = { separator, marker, maxItemChars };
  const emit = (source: Observable<TextInput>, subscriber: Subscriber<string>): void => emitItems(rules, source, subscriber);
  return flow('list', operate(emit), { fold: listFold<string>(), kind: 'parser' });
}

function emitItems(rules: ItemRules, source: Observable<TextInput>, subscriber: Subscriber<string>): void {
  const emitItem = (item: string): void => subscriber.next(item);
  const restartBelow = restartOf(subscriber);
  let items = new ListItems(rules, emitItem);

  function restart(): void {
    items = new ListItems(rules, emitItem);
    restartBelow();
  }

  const deltas = new TextDeltas(restart);
  const link = new Link<TextInput>(subscriber, {
    next: (chunk) => {
      const delta = deltas.of(chunk);
      items.add(delta);
    },
    complete: () => {
      items.end();
      subscriber.complete();
    },
    restart,
  });
  source.subscribe(link);
}
