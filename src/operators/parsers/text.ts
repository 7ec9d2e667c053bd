import type { Observable, Subscriber } from 'rxjs';
import { flow, type Flow } from '../../core/flow/flow.js';
import { concatText } from '../../core/flow/fold.js';
import { Link, operate, restartOf } from '../../core/subscription.js';
import { TextDeltas, type TextInput } from './TextDeltas.js';

/**
 * The text of a model's answer, as it comes: emits what is added, never an empty string, and folds to the whole text.
 *
 * ```text
 * -a-b-c-|      chunks: 'Hel', a tool call, 'lo'
 * text()
 * -x---y-|      'Hel', 'lo'
 * ```
 *
 * *Demand*: transparent. *Timing*: synchronous. *Errors*: the source's.
 *
 * @example
 * ```ts
 * import { chain, chat, scripted, text } from 'rivulet';
 *
 * const ask = chain(chat(scripted([{ reply: 'Hello!' }])), text());
 * const answer = await ask.invoke('Hi'); // 'Hello!'
 * ```
 */
export function text(): Flow<TextInput, string> {
  return flow('text', operate(emitText), { fold: concatText, kind: 'parser' });
}

function emitText(source: Observable<TextInput>, subscriber: Subscriber<string>): void {
  const deltas = new TextDeltas(restartOf(subscriber));
  const link = new Link<TextInput>(subscriber, {
    next: (chunk) => {
      const delta = deltas.of(chunk);
      if (delta !== '') subscriber.next(delta);
    },
  });
  source.subscribe(link);
}
