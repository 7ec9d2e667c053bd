import type { SchedulerLike, Subscription } from 'rxjs';
import type { Demand } from '../demand/demand.js';

/**
 * A timer that stands still while a gate is closed: a slow consumer is not a slow model. It looks at the gate when told to
 * (after an emission, the usual moment for a gate to close) and before it fires. A value of the very frame in which
 * the time is up still wins: the timer fires at the end of that frame.
 */
export class Stopwatch {
  private timer: Subscription | undefined;
  private remainingMs = 0;
  private startedAt = 0;
  private cancelWait: (() => void) | undefined;

  constructor(
    private readonly scheduler: SchedulerLike,
    private readonly demand: Demand,
    private readonly fired: () => void,
  ) {}

  /** Starts, or starts over. */
  start(durationMs: number): void {
    this.stop();
    this.remainingMs = durationMs;
    this.resume();
    this.lookAtGate();
  }

  stop(): void {
    this.timer?.unsubscribe();
    this.timer = undefined;
    this.cancelWait?.();
    this.cancelWait = undefined;
  }

  /** Stands still from now on if the gate is closed, until it opens. */
  lookAtGate(): void {
    if (!this.timer || this.demand.ready) return;
    this.timer.unsubscribe();
    this.timer = undefined;
    this.remainingMs -= this.scheduler.now() - this.startedAt;
    this.cancelWait = this.demand.whenReady(() => this.resume());
  }

  private resume(): void {
    this.cancelWait = undefined;
    this.startedAt = this.scheduler.now();
    this.timer = this.scheduler.schedule(() => this.timeIsUp(), Math.max(0, this.remainingMs));
  }

  private timeIsUp(): void {
    this.timer = this.scheduler.schedule(() => {
      this.lookAtGate();
      if (this.timer) this.fired();
    }, 0);
  }
}
