import { Observable, type Subscription } from 'rxjs';
import { carryFold } from '../core/flow/fold.js';
import type { AssertEqual } from './assertEqual.js';
import { MarbleClock } from './MarbleClock.js';

/** One marble test under way: its time, what it watches, and what is to be checked when time has passed. */
export class MarbleTest {
  readonly clock: MarbleClock;
  private checks: (() => void)[] = [];
  private readonly endListeners: (() => void)[] = [];
  private watched = 0;

  constructor(
    readonly assertEqual: AssertEqual,
    maxTimers: number,
  ) {
    this.clock = new MarbleClock(assertEqual, maxTimers);
  }

  /** How many of the runs it watches go on. */
  get running(): number {
    return this.watched;
  }

  /** Has something checked after time has passed. */
  verify(check: () => void): void {
    this.checks.push(check);
  }

  /** Calls `listener` whenever the last of the watched runs has ended, at the end of that frame. */
  whenAllEnded(listener: () => void): void {
    this.endListeners.push(listener);
  }

  /** Watches a run until its subscription ends. */
  watch(run: Subscription): void {
    this.watched++;
    run.add(() => {
      this.watched--;
      if (this.watched === 0) this.clock.own(() => this.clock.schedule(() => this.allEnded()));
    });
  }

  /** `source`, watched whenever it is subscribed to. */
  watching<T>(source: Observable<T>): Observable<T> {
    const watched = new Observable<T>((subscriber) => {
      this.watch(subscriber);
      source.subscribe(subscriber);
    });
    return carryFold(source, watched);
  }

  /** Lets all time pass, then checks. */
  flush(): void {
    this.clock.flush();
    const checks = this.checks;
    this.checks = [];
    for (const check of checks) check();
  }

  private allEnded(): void {
    if (this.watched === 0) for (const listener of this.endListeners) listener();
  }
}
