import type { SchedulerLike, Subscription } from 'rxjs';
import { RivuletError } from '../errors/RivuletError.js';
import type { Gcra } from './Gcra.js';

export interface RateLimiterOptions {
  readonly rate: Gcra | undefined;
  readonly concurrency: number;
  readonly maxQueue: number;
}

/** Lets runs begin in the order in which they came, each when the rate allows and a slot is free. */
export class RateLimiter {
  private readonly queue = new Set<() => void>();
  private running = 0;
  private timer: Subscription | undefined;
  private admitting = false;

  constructor(
    private readonly scheduler: SchedulerLike,
    private readonly options: RateLimiterOptions,
  ) {}

  /**
   * Calls `begin` in its turn.
   *
   * @returns what gives the place back, in the queue or among those that run
   * @throws RivuletError `BACKPRESSURE` when the queue is full
   */
  enter(begin: () => void): () => void {
    const { maxQueue } = this.options;
    let place: 'waiting' | 'running' | 'left' = 'waiting';
    const start = (): void => {
      place = 'running';
      begin();
    };
    this.queue.add(start);
    this.admit();
    if (this.queue.size > maxQueue && this.queue.delete(start)) {
      throw new RivuletError('BACKPRESSURE', `${maxQueue} runs wait already for the rate limit. Send fewer at a time, or raise maxQueue`);
    }
    return () => {
      if (place === 'running') this.running--;
      else if (place === 'waiting') this.queue.delete(start);
      place = 'left';
      this.admit();
    };
  }

  /** A loop, not recursion: a run may end at once and let the next begin. */
  private admit(): void {
    if (this.admitting) return;
    this.admitting = true;
    const { rate, concurrency } = this.options;
    for (const start of this.queue) {
      if (this.running >= concurrency) break;
      const now = this.scheduler.now();
      const waitMs = rate?.waitMs(now) ?? 0;
      if (waitMs > 0) {
        this.timer ??= this.scheduler.schedule(this.timeIsUp, waitMs);
        break;
      }
      this.queue.delete(start);
      this.running++;
      rate?.take(now);
      start();
    }
    this.admitting = false;
    if (this.queue.size === 0 || this.running >= concurrency) this.stopTimer();
  }

  private readonly timeIsUp = (): void => {
    this.timer = undefined;
    this.admit();
  };

  private stopTimer(): void {
    this.timer?.unsubscribe();
    this.timer = undefined;
  }
}
