import { Observable, type OperatorFunction } from 'rxjs';
import type { SpanKind } from '../events/RunEvent.js';
import type { Fold } from '../flow/fold.js';
import { contextOf } from '../subscription.js';
import { OpenSpan } from './OpenSpan.js';
import type { SpanInfo } from './SpanRecord.js';

export interface SpanOptions {
  /** Whether it is a run's root, said by `run_*` events in place of `span_*`. */
  readonly isRoot?: boolean;
  /** Its own, over what it inherits; runs within it don't have it. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Which step of a chain it is. */
  readonly stepTag?: string | undefined;
}

/**
 * The hook by which flows become spans. It opens at the first input (or output), not at subscription, which runs against
 * the data; it ends before completion or an error is passed on, and after its children, however they all end.
 * With nobody watching, the operator is subscribed with the very subscriber that was given.
 */
export function spanned<I, O, R>(name: string, kind: SpanKind, fold: Fold<O, R>, operator: OperatorFunction<I, O>, { isRoot = false, metadata, stepTag }: SpanOptions = {}): OperatorFunction<I, O> {
  const info: SpanInfo = { name, kind, fold: fold as Fold<never, unknown>, isRoot, metadata, stepTag };
  return (source) =>
    new Observable<O>((subscriber) => {
      if (subscriber.closed) return undefined;
      const outer = contextOf(subscriber);
      if (!outer?.hub) return operator(source).subscribe(subscriber);
      new OpenSpan(info, outer, source, subscriber).run(operator);
      return undefined;
    });
}
