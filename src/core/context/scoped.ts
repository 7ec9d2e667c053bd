import { Observable, type OperatorFunction } from 'rxjs';
import { ContextLink, contextOf, operate } from '../subscription.js';
import { carryFold } from '../flow/fold.js';
import { rootContext, type RunContext } from './RunContext.js';

/** The other end of a scope: what is upstream sees `context` again; where there was none, a root of its own. */
export function restored<T>(source: Observable<T>, context: RunContext = rootContext()): Observable<T> {
  return carryFold(source, new Observable<T>((subscriber) => source.subscribe(new ContextLink(subscriber, context))));
}

/** Runs `operator` under `derive(outer)`; neither upstream nor downstream of it see that context. */
export function scoped<I, O>(operator: OperatorFunction<I, O>, derive: (outer: RunContext | undefined) => RunContext): OperatorFunction<I, O> {
  return operate((source, subscriber) => {
    const outer = contextOf(subscriber);
    operator(restored(source, outer)).subscribe(new ContextLink(subscriber, derive(outer)));
  });
}
