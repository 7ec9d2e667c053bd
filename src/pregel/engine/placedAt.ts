import type { Observable } from 'rxjs';
import { createSource, Link } from '../../core/subscription.js';
import type { LineAddress } from '../checkpoints/Checkpointer.js';
import type { Home } from './Home.js';

/**
 * The branch whose head is the checkpoint: the given one if it is there already, else a new one, which is the given one if that is
 * new. Emits one, and doesn't complete.
 *
 * @param name of a branch that has to be made beside the given one
 */
export function placedAt({ store, at }: Pick<Home, 'store' | 'at'>, checkpointId: string, name: string): Observable<LineAddress> {
  return createSource((subscriber) => {
    let head: string | undefined;
    const link = new Link<{ readonly id: string }>(subscriber, {
      next: ({ id }) => {
        head = id;
      },
      complete: () => {
        if (head === checkpointId) return subscriber.next(at);
        const branch = head === undefined ? at.branch : name;
        const forked = new Link<never>(subscriber, { next: () => undefined, complete: () => subscriber.next({ ...at, branch }) });
        store.fork(at, checkpointId, branch).subscribe(forked);
      },
    });
    store.load(at, undefined, []).subscribe(link);
  });
}
