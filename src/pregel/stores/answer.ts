import type { Observable } from 'rxjs';
import { deliver, type Result } from '../../core/bridge/result.js';
import { rootContext } from '../../core/context/RunContext.js';
import { contextOf, createSource } from '../../core/subscription.js';

/** A store's work: done at subscription, once, at once or by a promise; its result is emitted, also when it is `undefined`. Begun work goes on when the subscriber leaves. */
export function answer<T>(work: () => Result<T>): Observable<T> {
  return createSource((subscriber) => deliver(work(), subscriber, contextOf(subscriber) ?? rootContext()));
}
