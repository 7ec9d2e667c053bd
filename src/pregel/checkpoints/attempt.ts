import type { Observable } from 'rxjs';
import { createSource } from '../../core/subscription.js';

/** The work of a synchronous store: done at subscription, once; what it returns, if anything, is emitted. */
export function attempt<T>(work: () => T): Observable<Exclude<T, undefined | void>> {
  return createSource((subscriber) => {
    const value = work();
    if (value !== undefined) subscriber.next(value as Exclude<T, undefined | void>);
    subscriber.complete();
  });
}
