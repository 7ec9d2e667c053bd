import type { Observable, OperatorFunction } from 'rxjs';
import type { RunContext } from '../context/RunContext.js';
import type { SpanKind } from '../events/RunEvent.js';
import type { Fold } from './fold.js';

/** Runs all of a batch at once, results in input order; a failed one is an `Error` in its place. */
export type BatchRunner<I, R> = (inputs: readonly I[], run: RunContext) => Observable<readonly (R | Error)[]>;

/** What a flow is, apart from the ways to run it. */
export interface FlowDefinition<I, O, R> {
  readonly name: string;
  readonly kind: SpanKind | undefined;
  /** What its spans say of themselves. */
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  readonly fold: Fold<O, R>;
  readonly operator: OperatorFunction<I, O>;
  /** The operator, as a span if the flow is one. */
  readonly observed: OperatorFunction<I, O>;
  readonly batch: BatchRunner<I, R> | undefined;
  /** The input that answers what a run of it waits for, if it can wait; or that goes on without, as nobody answered in time. */
  readonly resume: ((given?: { readonly answer: unknown }) => I) | undefined;
  /** How many chunks `stream` lets be produced ahead of its reader. */
  readonly capacity: number;
}
