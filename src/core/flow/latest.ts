import { Link, operate, restartOf } from '../subscription.js';
import { flow, type Flow } from './flow.js';

/**
 * Runs a flow for the newest value: a new input cancels the run of the one before it. The search box.
 *
 * ```text
 * -a-b------|
 * latest(lambda((x) => timer(3).pipe(map(() => x))))
 * ------b---|
 * ```
 *
 * *Demand*: transparent; never waits for a run. *Timing*: the flow's. *Errors*: the source's and the flow's.
 *
 * @example
 * ```ts
 * import { latest, lambda } from 'rivulet';
 * import { of } from 'rxjs';
 *
 * of('r', 'ri', 'riv').pipe(latest(lambda(async (query: string) => `results for ${query}`))).subscribe();
 * ```
 */
export function latest<I, O, R>(target: Flow<I, O, R>): Flow<I, O, R> {
  const operator = operate<I, O>((source, subscriber) => {
    const restart = restartOf(subscriber);
    let current: Link<O> | undefined;
    let sourceDone = false;

    function begin(input: I): void {
      if (current) {
        current.unsubscribe();
        restart(); // what the cancelled run said isn't part of the result
      }
      const link = new Link<O>(subscriber, {
        next: (chunk) => subscriber.next(chunk),
        complete: () => {
          if (current === link) current = undefined;
          if (sourceDone && !current) subscriber.complete();
        },
      });
      current = link;
      target.run(input).subscribe(link);
    }

    const link = new Link<I>(subscriber, {
      next: begin,
      complete: () => {
        sourceDone = true;
        if (!current) subscriber.complete();
      },
    });
    source.subscribe(link);
  });
  return flow(`latest(${target.name})`, operator, { fold: target.fold });
}
