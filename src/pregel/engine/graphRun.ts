import type { Observable, Subscriber } from 'rxjs';
import type { RunScope } from '../../core/context/RunScope.js';
import { createSource, Link } from '../../core/subscription.js';
import type { GraphPlan } from '../graph/GraphPlan.js';
import { begin, emptyCheckpoint } from './begin.js';
import type { ChannelViews } from './ChannelViews.js';
import type { Nesting } from './Nesting.js';
import { RunTelling } from './RunTelling.js';
import { runSupersteps, type Keeping } from './runSupersteps.js';
import type { StepResult } from './Superstep.js';
import { NO_PENDING } from './TaskWork.js';

/** One run of a graph without a store: its output after the input, and after each superstep. */
export function graphRun(plan: GraphPlan, input: unknown, run: RunScope, nesting: Nesting | undefined, views?: ChannelViews): Observable<object> {
  return createSource((subscriber) => {
    const before = emptyCheckpoint(plan);
    const { checkpoint, writes } = begin(plan, before, input, subscriber as Subscriber<never>, run);
    const telling = new RunTelling({ plan, nesting, views }, run, subscriber);
    telling.begin(checkpoint, { writes, before });
    runSupersteps(plan, { checkpoint, pending: NO_PENDING }, run, nothingKept, undefined).subscribe(telling.steps());
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
