import type { Observable } from 'rxjs';
import type { RunScope } from '../../core/context/RunScope.js';
import type { Flow } from '../../core/flow/flow.js';
import { createSource, Link } from '../../core/subscription.js';

/**
 * Runs a flow as (a part of) a node: emits what `write` makes of its folded result, once. Its chunks are no writes, but each says
 * that the node is alive.
 */
export function resultOf<I, O, R, W>(flow: Flow<I, O, R>, input: I, run: RunScope, write: (result: R) => W): Observable<W> {
  return createSource((subscriber) => {
    let folding = flow.fold.start();
    const link = new Link<O>(subscriber, {
      next: (chunk) => {
        run.heartbeat();
        folding.add(chunk);
      },
      complete: () => {
        subscriber.next(write(folding.result()));
        subscriber.complete();
      },
      restart: () => {
        folding = flow.fold.start();
      },
    });
    flow.run(input).subscribe(link);
  });
}
