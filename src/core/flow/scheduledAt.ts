import { Subscription, type SchedulerLike } from 'rxjs';

/** A platform's timer of more fires at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Does `work` at a time of the scheduler's clock, however far off, unless the subscription ends before. */
export function scheduledAt(time: number, scheduler: SchedulerLike, work: () => void): Subscription {
  const waiting = new Subscription();
  const wait = (): void => {
    const leftMs = Math.max(0, time - scheduler.now());
    const isLast = leftMs <= LONGEST_TIMER_MS;
    const timer = scheduler.schedule(() => {
      waiting.remove(timer);
      if (isLast) work();
      else wait();
    }, isLast ? leftMs : LONGEST_TIMER_MS);
    waiting.add(timer);
  };
  wait();
  return waiting;
}
