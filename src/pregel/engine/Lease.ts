import { Subscription, type Observable, type Subscriber } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import { CancelledError } from '../../core/errors/CancelledError.js';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import { createSource, Link } from '../../core/subscription.js';
import { acquired } from './acquired.js';
import type { Leasing } from './Home.js';
import { turnsOf, type Turn } from './Turns.js';

/** Runs `work` while the holder has the thread: takes the lease first, renews it at a third of its time, gives it back before the end. */
export function leased<T>(home: Leasing, context: RunContext, work: Observable<T>): Observable<T> {
  return createSource((subscriber) => new Lease(home, context, subscriber).run(work));
}

class Lease<T> implements Turn {
  private readonly renewing = new Subscription();
  private held = false;
  private working: Link<T> | undefined;

  constructor(
    private readonly home: Leasing,
    private readonly context: RunContext,
    private readonly subscriber: Subscriber<T>,
  ) {}

  run(work: Observable<T>): void {
    const { subscriber } = this;
    subscriber.add(() => this.release());
    const start = new Link<never>(subscriber as Subscriber<never>, {
      next: () => undefined,
      complete: () => {
        this.held = true;
        this.renewLater();
        work.subscribe((this.working = this.ending()));
      },
    });
    acquired(this.home, this.context, this).subscribe(start);
  }

  wake(): void {
    // it has the turn
  }

  interrupt(): void {
    if (!this.held) return; // it has ended already
    this.working?.unsubscribe();
    this.release(() => this.subscriber.error(new CancelledError()));
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

  /**
   * The thread is free once what was handed to the store is written. If the store hangs, whoever waits for the end hears it when the
   * lease runs out.
   */
  private release(then?: () => void): void {
    this.renewing.unsubscribe();
    if (!this.held) return then?.();
    this.held = false;
    const { store, at: { thread }, holder, lease } = this.home;
    const over = new Subscription(() => {
      then?.();
      turnsOf(store).leave(thread, this);
    });
    const end = (): void => over.unsubscribe();
    holder.whenWritten(() => store.release(thread, holder.owner).subscribe({ error: end, complete: end })); // else it expires by itself
    if (over.closed) return;
    if (then) over.add(this.context.scheduler.schedule(end, lease.leaseMs));
    else turnsOf(store).leave(thread, this); // the store says when it is free
  }

  /** A renewal that fails is no reason to stop, and one that comes too late is the last: the fence of the next commit decides. */
  private renewLater(): void {
    const { store, at: { thread }, holder: { owner }, lease: { leaseMs } } = this.home;
    const due = this.context.scheduler.schedule(() => {
      this.renewing.remove(due);
      const again = (): void => this.renewLater();
      this.renewing.add(store.renew(thread, owner, leaseMs).subscribe({ error: (error) => isRivuletError(error, 'LEASE_LOST') || again(), complete: again }));
    }, leaseMs / 3);
    this.renewing.add(due);
  }
}
