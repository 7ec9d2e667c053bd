import type { SchedulerLike, Subscription } from 'rxjs';
import { platform } from '../../core/bridge/platform.js';
import { unheld } from './unheld.js';

/** Counts the runs that an exporter drops, and warns: at once, and then at most once in an interval, with how many there were. */
export class DropReport {
  dropped = 0;
  private reported = 0;
  /** Of the last of them. */
  private reason = '';
  private quietUntil = -Infinity;
  private timer: Subscription | undefined;

  constructor(
    private readonly name: string,
    private readonly intervalMs: number,
    private readonly scheduler: SchedulerLike,
  ) {}

  add(count: number, reason: string): void {
    this.dropped += count;
    this.reason = reason;
    const waitMs = this.quietUntil - this.scheduler.now();
    if (waitMs <= 0) this.report();
    else this.timer ??= unheld(this.scheduler.schedule(() => this.report(), waitMs));
  }

  /** What wasn't reported yet, now: there may be no later. */
  report(): void {
    this.timer?.unsubscribe();
    this.timer = undefined;
    const count = this.dropped - this.reported;
    if (count === 0) return;
    this.reported = this.dropped;
    this.quietUntil = this.scheduler.now() + this.intervalMs;
    platform.warn(`${this.name} dropped ${count} ${count === 1 ? 'run' : 'runs'}: ${this.reason}`);
  }
}
