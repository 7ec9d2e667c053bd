import { VirtualAction, VirtualTimeScheduler } from 'rxjs';
import { requireMs } from '../core/errors/optionChecks.js';

/** A scheduler whose time moves when it is told to. */
export class VirtualClock extends VirtualTimeScheduler {
  constructor(startMs: number) {
    super(VirtualAction, startMs);
    this.frame = startMs;
  }

  /** How many timers wait. */
  get pending(): number {
    return this.actions.length;
  }

  /** Lets `ms` pass, with all that is due in them. */
  advance(ms: number): void {
    this.maxFrames = this.frame + requireMs('ms', ms);
    this.flush();
    this.frame = this.maxFrames;
  }
}

/**
 * Time for tests without marbles: a scheduler for `RunConfig.scheduler` that stands still until `advance(ms)`.
 *
 * @param startMs what `now()` says first
 *
 * @example
 * ```ts
 * import { lambda } from 'rivulet';
 * import { virtualClock } from 'rivulet/testing';
 * import { map, timer } from 'rxjs';
 *
 * const clock = virtualClock();
 * const slow = lambda((x: string, run) => timer(60_000, run.scheduler).pipe(map(() => x)));
 * const result = slow.invoke('done', { scheduler: clock });
 * clock.advance(60_000);
 * await result; // 'done', at once
 * ```
 */
export function virtualClock(startMs = 0): VirtualClock {
  return new VirtualClock(requireMs('startMs', startMs));
}
