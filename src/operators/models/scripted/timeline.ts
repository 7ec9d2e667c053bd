import type { Observable, ObservableNotification, SchedulerLike, Subscriber, Subscription } from 'rxjs';
import type { Demand } from '../../../core/demand/demand.js';
import { createSource, demandOf } from '../../../core/subscription.js';

/** One thing that happens, and how long after the one before it. */
export interface TimelineStep<T> {
  readonly afterMs: number;
  readonly notification: ObservableNotification<T>;
}

/**
 * A source that plays steps on a scheduler, and waits with the next value while downstream is full; time spent waiting isn't
 * made up for, a late timer is. Steps that end without a completion or an error leave it hanging.
 *
 * ```text
 * 2 ms a, 3 ms b, 0 ms complete
 * --a--(b|)
 * ```
 *
 * *Demand*: a source, waits at the nearest boundary. *Timing*: `scheduler`; steps that are due are synchronous.
 * *Errors*: the steps' and what their iterator throws.
 */
export function timeline<T>(steps: Iterable<TimelineStep<T>>, scheduler: SchedulerLike): Observable<T> {
  return createSource((subscriber) => new Timeline(steps[Symbol.iterator](), scheduler, subscriber).start());
}

class Timeline<T> {
  private readonly demand: Demand;
  private step: TimelineStep<T> | undefined;
  private dueMs: number;
  private exhausted = false;
  private timer: Subscription | undefined;
  private cancelWait = (): void => undefined;

  constructor(
    private readonly steps: Iterator<TimelineStep<T>>,
    private readonly scheduler: SchedulerLike,
    private readonly subscriber: Subscriber<T>,
  ) {
    this.demand = demandOf(subscriber);
    this.dueMs = scheduler.now();
  }

  start(): void {
    this.subscriber.add(() => {
      this.timer?.unsubscribe();
      this.cancelWait();
      if (!this.exhausted) this.steps.return?.();
    });
    this.play();
  }

  private readonly play = (): void => {
    while (!this.subscriber.closed) {
      this.step ??= this.advance();
      if (!this.step) return;
      const waitMs = this.dueMs - this.scheduler.now();
      if (waitMs > 0) {
        this.timer = this.scheduler.schedule(this.play, waitMs);
        return;
      }
      const { notification } = this.step;
      if (notification.kind === 'N' && !this.demand.ready) {
        this.cancelWait = this.demand.whenReady(this.resume);
        return;
      }
      this.step = undefined;
      this.tell(notification);
    }
  };

  private tell(notification: ObservableNotification<T>): void {
    if (notification.kind === 'N') this.subscriber.next(notification.value);
    else if (notification.kind === 'E') this.subscriber.error(notification.error);
    else this.subscriber.complete();
  }

  private readonly resume = (): void => {
    this.dueMs = this.scheduler.now();
    this.play();
  };

  private advance(): TimelineStep<T> | undefined {
    try {
      const result = this.steps.next();
      if (!result.done) {
        this.dueMs += result.value.afterMs;
        return result.value;
      }
      this.exhausted = true;
    } catch (error) {
      this.exhausted = true;
      this.subscriber.error(error);
    }
    return undefined;
  }
}
