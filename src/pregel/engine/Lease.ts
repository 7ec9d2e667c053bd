import { Subscription, type Observable, type Subscriber } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import { createSource, Link } from '../../core/subscription.js';
import type { Checkpointer } from '../checkpoints/Checkpointer.js';
import type { Home } from './Home.js';

const LEASE_MS = 30_000;

/** Runs `work` while `owner` holds the thread: takes the lease first, renews it at a third of its time, gives it back before the end. */
export function leased<T>({ store, at, owner }: Pick<Home, 'store' | 'at' | 'owner'>, context: RunContext, work: Observable<T>): Observable<T> {
  return createSource((subscriber) => new Lease(store, at.thread, owner, context, subscriber).run(work));
}

class Lease<T> {
  private readonly renewing = new Subscription();
  private held = false;

  constructor(
    private readonly store: Checkpointer,
    private readonly thread: string,
    private readonly owner: string,
    private readonly context: RunContext,
    private readonly subscriber: Subscriber<T>,
  ) {}

  /** The lease is taken on its own: one that comes too late is given back, and doesn't keep others waiting. */
  run(work: Observable<T>): void {
    const { subscriber } = this;
    subscriber.add(() => this.release(() => undefined));
    this.store.acquire(this.thread, this.owner, LEASE_MS).subscribe({
      error: (error) => subscriber.error(error),
      complete: () => {
        this.held = true;
        if (subscriber.closed) return this.release(() => undefined);
        this.renewLater();
        work.subscribe(this.ending());
      },
    });
  }

  /** Whoever hears the end may run the thread again. */
  private ending(): Link<T> {
    const { subscriber } = this;
    return new Link<T>(subscriber, {
      next: (value) => subscriber.next(value),
      error: (error) => this.release(() => subscriber.error(error)),
      complete: () => this.release(() => subscriber.complete()),
    });
  }

  private release(then: () => void): void {
    this.renewing.unsubscribe();
    if (!this.held) return then();
    this.held = false;
    this.store.release(this.thread, this.owner).subscribe({ error: then, complete: then }); // else it expires by itself
  }

  /** A renewal that fails is no reason to stop, and one that comes too late is the last: the fence of the next commit decides. */
  private renewLater(): void {
    const due = this.context.scheduler.schedule(() => {
      this.renewing.remove(due);
      const again = (): void => this.renewLater();
      this.renewing.add(this.store.renew(this.thread, this.owner, LEASE_MS).subscribe({ error: (error) => isRivuletError(error, 'LEASE_LOST') || again(), complete: again }));
    }, LEASE_MS / 3);
    this.renewing.add(due);
  }
}
