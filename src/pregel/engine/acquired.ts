import type { Subscription, Observable, Subscriber } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import { CancelledError } from '../../core/errors/CancelledError.js';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import { retryDelay } from '../../core/flow/retryDelay.js';
import { createSource } from '../../core/subscription.js';
import { ThreadBusyError } from '../checkpoints/ThreadBusyError.js';
import type { Leasing } from './Home.js';
import { turnsOf, type Turn, type Turns } from './Turns.js';

/**
 * Takes a thread's lease, and completes when it is held. A busy thread is waited for, if the policy says so: behind the runs of this
 * process that came before, and until no other process holds it any more, or has died and its lease has run out.
 *
 * @param turn whose it is then; it leaves when it has given the lease back
 */
export function acquired(home: Leasing, context: RunContext, turn: Turn): Observable<never> {
  return createSource((subscriber) => new Acquiring(home, context, turn, subscriber).start());
}

/** Until another process gives a thread back, or its lease runs out. */
const askAgainAfter = retryDelay({ maxAttempts: Infinity, initialMs: 50, maxMs: 1_000, jitter: 0.5, retryOn: (error) => isRivuletError(error, 'THREAD_BUSY') });

class Acquiring implements Turn {
  private readonly turns: Turns;
  private attempt = 0;
  private asking = false;
  private retry: Subscription | undefined;

  constructor(
    private readonly home: Leasing,
    private readonly context: RunContext,
    private readonly turn: Turn,
    private readonly subscriber: Subscriber<never>,
  ) {
    this.turns = turnsOf(home.store);
  }

  start(): void {
    const { turns, subscriber, context, home: { at: { thread }, lease } } = this;
    if (lease.concurrentRuns === 'reject') return this.ask();
    turns.wait(thread, this);
    subscriber.add(() => this.leave());
    subscriber.add(context.scheduler.schedule(() => subscriber.error(new ThreadBusyError(thread)), lease.busyTimeoutMs));
    if (lease.concurrentRuns === 'interrupt') turns.interruptOthers(thread, this);
    this.wake();
  }

  wake(): void {
    const { turns, home, subscriber } = this;
    if (this.asking || subscriber.closed || !turns.isNext(home.at.thread, this)) return;
    this.ask();
  }

  interrupt(): void {
    this.subscriber.error(new CancelledError());
  }

  /** Asked on its own, as a lease that comes too late must be given back. */
  private ask(): void {
    const { store, at: { thread }, holder: { owner }, lease } = this.home;
    this.retry?.unsubscribe();
    this.asking = true;
    this.attempt++;
    store.acquire(thread, owner, lease.leaseMs).subscribe({
      error: (error) => {
        this.asking = false;
        this.refused(error);
      },
      complete: () => {
        this.asking = false;
        this.got();
      },
    });
  }

  private got(): void {
    const { turns, turn, subscriber } = this;
    const { store, at: { thread }, holder: { owner } } = this.home;
    if (subscriber.closed) return void store.release(thread, owner).subscribe({ error: () => undefined }); // else it expires by itself
    turns.hold(thread, turn, this);
    subscriber.complete();
  }

  private refused(error: unknown): void {
    const { subscriber, context, home: { lease } } = this;
    if (subscriber.closed) return;
    const delayMs = lease.concurrentRuns === 'reject' ? undefined : askAgainAfter(error, this.attempt, context);
    if (delayMs === undefined) return subscriber.error(error);
    this.retry = context.scheduler.schedule(() => this.wake(), delayMs);
    subscriber.add(this.retry);
  }

  private leave(): void {
    this.turns.leave(this.home.at.thread, this);
  }
}
