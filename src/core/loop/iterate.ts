import type { Observable, Subscriber } from 'rxjs';
import type { Demand } from '../demand/demand.js';
import { createSource, demandOf, Link } from '../subscription.js';

/**
 * A loop: runs `turn` on a state, emits what it emits, and runs it again on the last state among that; ends when a turn
 * brings none. Synchronous turns run in a loop, not on the stack, and a turn starts only when downstream is ready.
 *
 * ```text
 * iterate(1, (n) => (n < 8 ? timer(2).pipe(map(() => n * 2)) : EMPTY))
 * --2-4-(8|)
 * ```
 *
 * *Demand*: a source, waits at the nearest boundary before each turn. *Timing*: the turns'. *Errors*: the turns'.
 *
 * @param isState which of the emitted values is the state of the next turn; default: every one
 *
 * @example
 * ```ts
 * import { iterate } from 'rivulet';
 * import { of, EMPTY } from 'rxjs';
 *
 * iterate(1, (n) => (n < 1000 ? of(n * 2) : EMPTY)).subscribe();
 * ```
 */
export function iterate<S>(seed: S, turn: (state: S) => Observable<S>): Observable<S>;
export function iterate<S, E>(seed: S, turn: (state: S) => Observable<E | S>, isState: (value: E | S) => value is S): Observable<E | S>;
export function iterate<S, E>(seed: S, turn: (state: S) => Observable<E | S>, isState: (value: E | S) => boolean = () => true): Observable<E | S> {
  return createSource((subscriber) => new Loop(seed, turn, isState, subscriber).start());
}

class Loop<S, E> {
  private readonly demand: Demand;
  private running = false;
  private due = true;
  private cancelWait = (): void => undefined;

  constructor(
    private state: S,
    private readonly turn: (state: S) => Observable<E | S>,
    private readonly isState: (value: E | S) => boolean,
    private readonly subscriber: Subscriber<E | S>,
  ) {
    this.demand = demandOf(subscriber);
  }

  start(): void {
    this.subscriber.add(() => this.cancelWait());
    this.run();
  }

  /** Takes turns while they are due; a turn that ends within the loop is followed by the next on the same stack. */
  private readonly run = (): void => {
    this.due = true;
    if (this.running) return;
    this.running = true;
    while (this.due && !this.subscriber.closed) {
      if (!this.demand.ready) {
        this.cancelWait = this.demand.whenReady(this.run);
        break;
      }
      this.due = false;
      this.takeTurn();
    }
    this.running = false;
  };

  private takeTurn(): void {
    const { subscriber } = this;
    let found = false;
    const link = new Link<E | S>(subscriber, {
      next: (value) => {
        if (this.isState(value)) {
          found = true;
          this.state = value as S;
        }
        subscriber.next(value);
      },
      complete: () => (found ? this.run() : subscriber.complete()),
    });
    try {
      this.turn(this.state).subscribe(link);
    } catch (error) {
      subscriber.error(error);
    }
  }
}
