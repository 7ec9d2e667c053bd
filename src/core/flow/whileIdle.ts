import { Link, operate } from '../subscription.js';
import { flow, type Flow } from './flow.js';

/**
 * Runs a flow for a value that comes while none is running; values during a run are ignored. The submit button.
 *
 * ```text
 * -a-b----c---|
 * whileIdle(lambda((x) => timer(3).pipe(map(() => x))))
 * ----a------c|
 * ```
 *
 * *Demand*: transparent; never waits for a run. *Timing*: the flow's. *Errors*: the source's and the flow's.
 *
 * @example
 * ```ts
 * import { whileIdle, lambda } from 'rivulet';
 * import { of } from 'rxjs';
 *
 * of('save', 'save').pipe(whileIdle(lambda(async (action: string) => `${action}d`))).subscribe();
 * ```
 */
export function whileIdle<I, O, R>(target: Flow<I, O, R>): Flow<I, O, R> {
  const operator = operate<I, O>((source, subscriber) => {
    let busy = false;
    let sourceDone = false;

    function begin(input: I): void {
      if (busy) return;
      busy = true;
      const link = new Link<O>(subscriber, {
        next: (chunk) => subscriber.next(chunk),
        complete: () => {
          busy = false;
          if (sourceDone) subscriber.complete();
        },
      });
      target.run(input).subscribe(link);
    }

    const link = new Link<I>(subscriber, {
      next: begin,
      complete: () => {
        sourceDone = true;
        if (!busy) subscriber.complete();
      },
    });
    source.subscribe(link);
  });
  return flow(`whileIdle(${target.name})`, operator, { fold: target.fold });
}
