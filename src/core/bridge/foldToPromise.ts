import type { Subscriber } from 'rxjs';
import { CancelledError } from '../errors/CancelledError.js';
import type { Fold } from '../flow/fold.js';
import { demandOf, Link } from '../subscription.js';

const ignore = (): void => undefined;

/**
 * The one result of a run as a promise. It always settles: cancelled, it rejects with `CANCELLED`.
 *
 * @param owner the call that awaits it, if there is one: when that ends, so does the run
 */
export function foldToPromise<O, R>(fold: Fold<O, R>, owner: Subscriber<never> | undefined, subscribe: (subscriber: Subscriber<O>) => void): Promise<R> {
  const result = new Promise<R>((resolve, reject) => {
    let folding = fold.start();
    let ended = false;
    const sink = new Link<O>(undefined, {
      next: (chunk) => folding.add(chunk),
      error: (error) => {
        ended = true;
        reject(error);
      },
      complete: () => {
        resolve(folding.result());
        ended = true;
      },
      restart: () => {
        folding = fold.start();
      },
      demand: owner && demandOf(owner),
    });
    if (owner) {
      sink.add(() => {
        if (ended) return;
        reject(new CancelledError());
        queueMicrotask(() => void result.catch(ignore)); // a run that its call doesn't await ends with it in silence
      });
      owner.add(sink);
    }
    if (!sink.closed) subscribe(sink);
  });
  return result;
}
