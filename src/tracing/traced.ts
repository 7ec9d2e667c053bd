import { concat, EMPTY, type MonoTypeOperatorFunction } from 'rxjs';
import { contextFor } from '../core/context/RunContext.js';
import type { SpanKind } from '../core/events/RunEvent.js';
import { last } from '../core/flow/fold.js';
import { ContextLink, contextOf, operate } from '../core/subscription.js';
import { spanned } from '../core/trace/spanned.js';
import type { Tracer } from '../core/trace/tracer.js';

export interface TracedOptions {
  /** Default `'pipe'`. */
  readonly name?: string;
  /** Default a chain. */
  readonly kind?: SpanKind;
}

/**
 * Traces a plain pipe: each subscription to it is a run of its own, and the flows upstream are runs within. Unlike a flow's it
 * begins when it is subscribed to, as it has no input.
 *
 * ```text
 * -a-b-|
 * traced(tracer)
 * -a-b-|   a run from 0 to 5 that ended with b
 * ```
 *
 * *Demand*: transparent. *Timing*: synchronous. *Errors*: the source's.
 *
 * @example
 * ```ts
 * import { each, lambda } from 'rivulet';
 * import { memoryTracer, traced } from 'rivulet/tracing';
 * import { of } from 'rxjs';
 *
 * const tracer = memoryTracer();
 * of(1, 2).pipe(each(lambda((n: number) => n * 2)), traced(tracer, { name: 'doubling' })).subscribe();
 * tracer.runs.map(({ name, outputs }) => [name, outputs]); // [['doubling', 4]]
 * ```
 */
export function traced<T>(tracer: Tracer, { name = 'pipe', kind = 'chain' }: TracedOptions = {}): MonoTypeOperatorFunction<T> {
  return operate((source, subscriber) => {
    const above = contextOf(subscriber);
    const run = spanned<never, T, T>(name, kind, last(), (begun) => concat(begun, source), { isRoot: above === undefined });
    run(EMPTY).subscribe(new ContextLink(subscriber, contextFor(above, { tracer })));
  });
}
