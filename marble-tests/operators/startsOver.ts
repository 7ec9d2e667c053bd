import type { Observable, Subscriber } from 'rxjs';
import { flow, type Flow } from '../../src/core/flow/flow.js';
import { concatText } from '../../src/core/flow/fold.js';
import { Link, operate, restartOf } from '../../src/core/subscription.js';

/** A flow that runs `target`, starts over, and runs it again. */
export function runsTwice<I, O, R>(target: Flow<I, O, R>): Flow<I, O, R> {
  function twice(source: Observable<I>, subscriber: Subscriber<O>): void {
    const restart = restartOf(subscriber);
    const forward = (): Link<O> => new Link<O>(subscriber, { next: (chunk) => subscriber.next(chunk), complete: () => undefined });
    const link = new Link<I>(subscriber, {
      next: (input) => {
        target.run(input).subscribe(forward());
        restart();
        target.run(input).subscribe(forward());
      },
    });
    source.subscribe(link);
  }
  return flow('runsTwice', operate(twice), { fold: target.fold });
}

/** A flow of text that says `stale`, starts over as a retry does, and says `fresh`. */
export function startsOver(stale: readonly string[], fresh: readonly string[]): Flow<unknown, string> {
  function twice(source: Observable<unknown>, subscriber: Subscriber<string>): void {
    const restart = restartOf(subscriber);
    const link = new Link<unknown>(subscriber, {
      next: () => {
        stale.forEach((chunk) => subscriber.next(chunk));
        restart();
        fresh.forEach((chunk) => subscriber.next(chunk));
      },
    });
    source.subscribe(link);
  }
  return flow<unknown, string>('startsOver', operate(twice), { fold: concatText });
}
