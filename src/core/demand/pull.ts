import type { Observable } from 'rxjs';
import { createSource, demandOf } from '../subscription.js';

/**
 * A synchronous source that emits only while downstream is ready.
 *
 * ```text
 * pull('abcde') into a boundary of 2, 10 ms each
 * 10ms (ab) 6ms (cd) 6ms (e|)
 * ```
 *
 * *Demand*: a source, waits at the nearest boundary. *Timing*: synchronous. *Errors*: what the iterator throws.
 *
 * @example
 * ```ts
 * import { pull, mapAsync } from 'rivulet';
 * import { timer, map } from 'rxjs';
 *
 * pull([1, 2, 3]).pipe(mapAsync((n) => timer(10).pipe(map(() => n * 2)), { concurrency: 2 })).subscribe();
 * ```
 */
export function pull<T>(items: Iterable<T>): Observable<T> {
  return createSource<T>((subscriber) => {
    const demand = demandOf(subscriber);
    const iterator = items[Symbol.iterator]();
    let exhausted = false;
    let cancelWait = (): void => undefined;

    subscriber.add(() => {
      cancelWait();
      if (!exhausted) iterator.return?.();
    });

    function drain(): void {
      while (!subscriber.closed) {
        if (!demand.ready) {
          cancelWait = demand.whenReady(drain);
          return;
        }
        const result = advance();
        if (!result) return;
        subscriber.next(result.value);
      }
    }

    function advance(): IteratorYieldResult<T> | undefined {
      try {
        const result = iterator.next();
        if (!result.done) return result;
        exhausted = true;
      } catch (error) {
        exhausted = true;
        subscriber.error(error);
        return undefined;
      }
      subscriber.complete();
      return undefined;
    }

    drain();
  });
}
