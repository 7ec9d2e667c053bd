import type { SchedulerLike, Subscription } from 'rxjs';
import type { Demand } from '../demand/demand.js';

/** A timer of more fires at once, on every platform. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * A timer that stands still while a gate is closed: a slow consumer is not a slow model. It looks at the gate when told to
 * (after an emission, the usual moment for a gate to close) and before it fires. A value of the very frame in which
 * the time is up still wins: the timer fires at the end of that frame. Starting it over is cheap enough for every token:
 * a timer that runs already is left to find out, when it fires, that there is time left.
 */
export class Stopwatch {
  private timer: Subscription | undefined;
  private timerAt = 0;
  private dueAt = 0;
  private remainingMs = 0;
  private cancelWait: (() => void) | undefined;

  constructor(
    private readonly scheduler: SchedulerLike,
    private readonly demand: Demand,
    private readonly fired: () => void,
  ) {}

  /** Starts, or starts over. */
  start(durationMs: number): void {
    if (this.cancelWait) {
      this.remainingMs = durationMs;
      return;
    }
    this.runFor(durationMs);
    this.lookAtGate();
  }

  stop(): void {
    this.dropTimer();
    this.cancelWait?.();
    this.cancelWait = undefined;
  }

  /** Stands still from now on if the gate is closed, until it opens. */
  lookAtGate(): void {
    if (!this.timer || this.demand.ready) return;
    this.dropTimer();
    this.remainingMs = this.dueAt - this.scheduler.now();
    this.cancelWait = this.demand.whenReady(() => {
      this.cancelWait = undefined;
      this.runFor(this.remainingMs);
    });
  }

  private runFor(durationMs: number): void {
    this.dueAt = this.scheduler.now() + durationMs;
    if (!this.timer || this.timerAt > this.dueAt) this.setTimer();
  }

  private setTimer(): void {
    this.dropTimer();
    const now = this.scheduler.now();
    this.fireIn(Math.min(Math.max(this.dueAt - now, 0), LONGEST_TIMER_MS), () => {
      if (this.scheduler.now() < this.dueAt) this.setTimer();
      else this.fireIn(0, () => this.endOfFrame());
    });
  }

  private endOfFrame(): void {
    this.lookAtGate();
    if (!this.timer) return;
    if (this.scheduler.now() < this.dueAt) return this.setTimer(); // started over in this very frame
    this.timer = undefined;
    this.fired();
  }

  private fireIn(delayMs: number, fire: () => void): void {
    this.timerAt = this.scheduler.now() + delayMs;
    const timer = this.scheduler.schedule(() => {
      if (this.timer === timer) fire();
    }, delayMs);
    this.timer = timer;
  }

  /** One that is due in this frame fires, without effect: RxJS's TestScheduler fails if one timer cancels another that is due. */
  private dropTimer(): void {
    if (this.timer && this.timerAt > this.scheduler.now()) this.timer.unsubscribe();
    this.timer = undefined;
  }
}
