import { Observable, type OperatorFunction } from 'rxjs';
import type { RunContext } from '../context/RunContext.js';
import type { SpanKind } from '../events/RunEvent.js';
import { carryFold, foldOf, type Fold } from '../flow/fold.js';
import { contextOf, Link, restartOf } from '../subscription.js';
import { SpanRecord } from './SpanRecord.js';

export interface SpanOptions {
  /** Whether it is a run's root, said by `run_*` events in place of `span_*`. */
  readonly isRoot?: boolean;
  /** Its own, over what it inherits. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The hook by which flows become spans. It opens at the first input (or output), not at subscription, which runs against
 * the data; it ends before completion or an error is passed on, and after its children, however they all end.
 * With nobody watching, the operator is subscribed with the very subscriber that was given.
 */
export function spanned<I, O, R>(name: string, kind: SpanKind, fold: Fold<O, R>, operator: OperatorFunction<I, O>, { isRoot = false, metadata }: SpanOptions = {}): OperatorFunction<I, O> {
  return (source) =>
    new Observable<O>((subscriber) => {
      if (subscriber.closed) return undefined;
      const outer = contextOf(subscriber);
      if (!outer?.hub) return operator(source).subscribe(subscriber);
      const named = outer.runName === undefined ? undefined : UNNAMED;
      const context = isRoot ? outer.with(named) : outer.open(named);
      const record = new SpanRecord(context, { name: outer.runName ?? name, kind, isRoot, metadata, inputFold: foldOf(source), outputFold: fold });
      const link = new Link<O>(subscriber, {
        context,
        next: (value) => {
          record.output(value);
          subscriber.next(value);
        },
        error: (error) => {
          link.unsubscribe(); // children end first
          record.failed(error);
          subscriber.error(error);
        },
        complete: () => {
          link.unsubscribe();
          record.completed();
          subscriber.complete();
        },
        restart: restarting(record, restartOf(subscriber)),
      });
      subscriber.add(() => record.cancelled()); // after the link, on which the children hang
      operator(watched(source, record, outer)).subscribe(link);
      return undefined;
    });
}

/** The name was for the outermost run of those within. */
const UNNAMED = { runName: undefined };

/** The flow's input, under the outer context again, as the record sees it. */
function watched<I>(source: Observable<I>, record: SpanRecord, outer: RunContext): Observable<I> {
  const input = new Observable<I>((subscriber) =>
    source.subscribe(
      new Link<I>(subscriber, {
        context: outer,
        next: (value) => {
          record.input(value);
          subscriber.next(value);
        },
        complete: () => {
          record.inputCompleted();
          subscriber.complete();
        },
      }),
    ),
  );
  return carryFold(source, input);
}

function restarting(record: SpanRecord, restart: () => void): () => void {
  return () => {
    record.restarted();
    restart();
  };
}
