import type { Subscriber } from 'rxjs';
import { CancelledError } from '../errors/CancelledError.js';
import type { Fold } from '../flow/fold.js';
import { demandOf, Link } from '../subscription.js';

/**
 * The one result of a run as a promise. It always settles: cancelled, it rejects with `CANCELLED`.
 *
 * @param owner the call that awaits it, if there is one: when that ends, so does the run
 */
export function foldToPromise<O, R>(fold: Fold<O, R>, owner: Subscriber<never> | undefined, subscribe: (subscriber: Subscriber<O>) => void): Promise<R> {
  return new Promise((resolve, reject) => {
    let folding = fold.start();
    const sink = new Link<O>(undefined, {
      next: (chunk) => folding.add(chunk),
      error: reject,
      complete: () => resolve(folding.result()),
      restart: () => {
        folding = fold.start();
      },
      demand: owner && demandOf(owner),
    });
    // Settled already, if it ended by itself: then this rejection is without effect.
    if (owner) {
      sink.add(() => reject(new CancelledError()));
      owner.add(sink);
    }
    if (!sink.closed) subscribe(sink);
  });
}
