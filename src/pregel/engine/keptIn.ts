import type { Observable, Subscriber } from 'rxjs';
import { lateError } from '../../core/bridge/lateError.js';
import type { RunContext } from '../../core/context/RunContext.js';
import { createSource, Link } from '../../core/subscription.js';
import type { Commits } from './Commits.js';
import type { Keeping } from './runSupersteps.js';
import type { Position, StepResult } from './Superstep.js';
import type { TaskWork } from './TaskWork.js';

/**
 * Keeps what a superstep brings, and lets its result through once it is kept. Commits and kept work are subscribed to on their
 * own, so that an unsubscribe can't tear one.
 */
export function keptIn(commits: Commits, run: RunContext): Keeping {
  return (step, at) => createSource((subscriber) => new KeptStep(commits, run, at, subscriber).subscribeTo(step));
}

/** Everything is stored before a run ends, however it does. */
export function settled<T>(steps: Observable<T>, commits: Commits, run: RunContext): Observable<T> {
  return createSource((subscriber) => {
    const settle = (end: () => void): void => {
      commits.settle().subscribe({ error: (error) => passError(error, subscriber, run), complete: end });
    };
    const link = new Link<T>(subscriber, {
      next: (value) => subscriber.next(value),
      error: (error) => settle(() => subscriber.error(error)),
      complete: () => settle(() => subscriber.complete()),
    });
    steps.subscribe(link);
  });
}

/** A store's error ends the run; if that has ended, it is late. */
function passError(error: unknown, subscriber: Subscriber<never>, run: RunContext): void {
  if (subscriber.closed) lateError(error, run);
  else subscriber.error(error);
}

class KeptStep {
  private result: StepResult | undefined;
  private keeping = 0;
  private stepDone = false;

  constructor(
    private readonly commits: Commits,
    private readonly run: RunContext,
    private readonly at: Position,
    private readonly subscriber: Subscriber<StepResult>,
  ) {}

  subscribeTo(step: Observable<TaskWork | StepResult>): void {
    const link = new Link<TaskWork | StepResult>(this.subscriber, {
      next: (value) => {
        if (value.type === 'task_work') this.keep(value);
        else this.result = value;
      },
      complete: () => {
        this.stepDone = true;
        this.commitWhenKept();
      },
    });
    step.subscribe(link);
  }

  private keep(work: TaskWork): void {
    this.keeping++;
    this.commits.keep(this.at.checkpoint.id, work).subscribe({
      error: (error) => this.failed(error),
      complete: () => {
        this.keeping--;
        if (work.kind === 'once') work.stored();
        this.commitWhenKept();
      },
    });
  }

  private commitWhenKept(): void {
    const { result, subscriber } = this;
    if (!this.stepDone || this.keeping > 0 || !result || subscriber.closed) return;
    this.result = undefined;
    const passOn = (): void => {
      subscriber.next(result);
      subscriber.complete();
    };
    if (result.type !== 'advanced') return passOn();
    this.commits.commit(result).subscribe({ error: (error) => this.failed(error), complete: passOn });
  }

  private failed(error: unknown): void {
    passError(error, this.subscriber, this.run);
  }
}
