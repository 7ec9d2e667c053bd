import type { Observable, SchedulerLike, Subscriber } from 'rxjs';
import { nextTurn } from '../bridge/nextTurn.js';
import { rootContext } from '../context/RunContext.js';
import type { Demand } from '../demand/demand.js';
import { requireCount } from '../errors/optionChecks.js';
import { contextOf, createSource, demandOf, Link } from '../subscription.js';

export interface IterateOptions {
  /**
   * After so many turns others have theirs: timers, sockets, a cancellation. The loop goes on in a later turn of the event loop, by
   * the context's scheduler. Default: never, so that a loop of synchronous turns is synchronous.
   */
  readonly yieldEvery?: number;
}

/**
 * A loop: runs `turn` on a state, emits what it emits, and runs it again on the last state among that; ends when a turn
 * brings none. Synchronous turns run in a loop, not on the stack, and a turn starts only when downstream is ready.
 *
 * ```text
 * iterate(1, (n) => (n < 8 ? timer(2).pipe(map(() => n * 2)) : EMPTY))
 * --2-4-(8|)
 * ```
 *
 * *Demand*: a source, waits at the nearest boundary before each turn. *Timing*: the turns', and the context's scheduler where it
 * yields. *Errors*: the turns'.
 *
 * @param isState which of the emitted values is the state of the next turn; default: every one
 * @throws RivuletError `INVALID_OPTION` for a `yieldEvery` that isn't a count
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
export function iterate<S, E>(seed: S, turn: (state: S) => Observable<E | S>, isState: (value: E | S) => value is S, options?: IterateOptions): Observable<E | S>;
export function iterate<S, E>(seed: S, turn: (state: S) => Observable<E | S>, isState: (value: E | S) => boolean = () => true, { yieldEvery = Infinity }: IterateOptions = {}): Observable<E | S> {
  requireCount('yieldEvery', yieldEvery, { infinite: true });
  return createSource((subscriber) => new Loop(seed, turn, isState, yieldEvery, subscriber).start());
}

class Loop<S, E> {
  private readonly demand: Demand;
  private readonly scheduler: SchedulerLike;
  private running = false;
  private due = true;
  private turns = 0;
  private cancelWait = (): void => undefined;

  constructor(
    private state: S,
    private readonly turn: (state: S) => Observable<E | S>,
    private readonly isState: (value: E | S) => boolean,
    private readonly yieldEvery: number,
    private readonly subscriber: Subscriber<E | S>,
  ) {
    this.demand = demandOf(subscriber);
    this.scheduler = (contextOf(subscriber as Subscriber<never>) ?? rootContext()).scheduler;
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
      if (this.turns >= this.yieldEvery) {
        this.yieldTurn();
        break;
      }
      if (!this.demand.ready) {
        this.cancelWait = this.demand.whenReady(this.run);
        break;
      }
      this.due = false;
      this.takeTurn();
    }
    this.running = false;
  };

  private yieldTurn(): void {
    this.turns = 0;
    const waiting = nextTurn(this.scheduler, this.run);
    this.cancelWait = () => waiting.unsubscribe();
  }

  private takeTurn(): void {
    const { subscriber } = this;
    this.turns++;
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
