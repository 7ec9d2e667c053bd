import type { Observable } from 'rxjs';
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
  return createSource((subscriber) => {
    const demand = demandOf(subscriber);
    let state = seed;
    let running = false;
    let due = true;
    let cancelWait = (): void => undefined;
    subscriber.add(() => cancelWait());

    function loop(): void {
      due = true;
      if (running) return;
      running = true;
      while (due && !subscriber.closed) {
        if (!demand.ready) {
          cancelWait = demand.whenReady(loop);
          break;
        }
        due = false;
        oneTurn();
      }
      running = false;
    }

    function oneTurn(): void {
      let found = false;
      const link = new Link<E | S>(subscriber, {
        next: (value) => {
          if (isState(value)) {
            found = true;
            state = value as S;
          }
          subscriber.next(value);
        },
        complete: () => (found ? loop() : subscriber.complete()),
      });
      try {
        turn(state).subscribe(link);
      } catch (error) {
        subscriber.error(error);
      }
    }

    loop();
  });
}
