import type { Observable, Subscriber } from 'rxjs';
import type { RunScope } from '../../core/context/RunScope.js';
import { createSource, Link } from '../../core/subscription.js';
import type { GraphPlan } from '../graph/GraphPlan.js';
import { begin, emptyCheckpoint } from './begin.js';
import type { Nesting } from './Nesting.js';
import { runSupersteps, type Keeping } from './runSupersteps.js';
import type { StepResult } from './Superstep.js';
import { NO_PENDING } from './TaskWork.js';
import { tellingSteps } from './tellingSteps.js';

/** One run of a graph without a store: its output after the input, and after each superstep. */
export function graphRun(plan: GraphPlan, input: unknown, run: RunScope, nesting: Nesting | undefined): Observable<object> {
  return createSource((subscriber) => {
    const { checkpoint } = begin(plan, emptyCheckpoint(plan), input, subscriber as Subscriber<never>, run);
    subscriber.next(checkpoint.output);
    runSupersteps(plan, { checkpoint, pending: NO_PENDING }, run, nothingKept, undefined).subscribe(tellingSteps(run, subscriber, nesting));
  });
}

/** Nothing outlives the run: work in between goes nowhere, and what is to be stored counts as stored. */
const nothingKept: Keeping = (step) =>
  createSource((subscriber) => {
    const link = new Link<unknown>(subscriber, {
      next: (value) => {
        const work = value as { readonly type: string; readonly stored?: () => void };
        if (work.type === 'task_work') work.stored?.();
        else subscriber.next(value as StepResult);
      },
    });
    step.subscribe(link);
  });
