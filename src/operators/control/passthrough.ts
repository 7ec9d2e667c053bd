import type { Observable, Subscriber } from 'rxjs';
import { deliver } from '../../core/bridge/result.js';
import { RunScope } from '../../core/context/RunScope.js';
import { flow, type Flow } from '../../core/flow/flow.js';
import { foldOf, type Fold } from '../../core/flow/fold.js';
import type { WholeOf } from '../../core/flow/whole.js';
import { Link, operate, restartOf } from '../../core/subscription.js';
import { ChosenFold } from './ChosenFold.js';

/**
 * Passes its input on as it comes, and folds as that does. A callback sees each chunk before it goes on; what it returns isn't
 * waited for, and its error ends the run.
 *
 * ```text
 * -a-b-c|
 * passthrough()
 * -a-b-c|
 * ```
 *
 * *Demand*: transparent. *Timing*: synchronous. *Errors*: the source's and the callback's.
 *
 * @example
 * ```ts
 * import { lambda, parallel, passthrough } from 'rivulet';
 *
 * const measured = parallel({ text: passthrough<string>(), length: lambda((text: string) => text.length) });
 * const result = await measured.invoke('tea'); // { text: 'tea', length: 3 }
 * ```
 */
export function passthrough<T>(see?: See<T>): Flow<T, T, WholeOf<T>> {
  const fold = new ChosenFold<T, WholeOf<T>>();
  const operator = (source: Observable<T>): Observable<T> => {
    const sourceFold = foldOf(source);
    return operate<T, T>((chunks, subscriber) => pass(chunks, subscriber, fold, sourceFold, see))(source);
  };
  return flow('passthrough', operator, { fold });
}

type See<T> = (chunk: T, run: RunScope) => unknown;

function pass<T>(source: Observable<T>, subscriber: Subscriber<T>, fold: ChosenFold<T, unknown>, sourceFold: Fold<unknown, unknown> | undefined, see: See<T> | undefined): void {
  const restartBelow = restartOf(subscriber);
  const restart = sourceFold ? () => fold.choose(sourceFold, restartBelow) : restartBelow;
  if (sourceFold) restart();
  const link = new Link<T>(subscriber, { next: see ? seen(see, subscriber) : (chunk) => subscriber.next(chunk), restart });
  source.subscribe(link);
}

function seen<T>(see: See<T>, subscriber: Subscriber<T>): (chunk: T) => void {
  const run = new RunScope(subscriber);
  const nothing = (): void => undefined;
  return (chunk) => {
    const result = see(chunk, run);
    if (typeof result === 'object') deliver(result, new Link<unknown>(subscriber, { next: nothing, complete: nothing }), run);
    subscriber.next(chunk);
  };
}
