import type { Subscriber } from 'rxjs';
import { demandOf } from '../subscription.js';
import type { Demand } from './demand.js';
import { Outbox } from './Outbox.js';
import { Waiters } from './Waiters.js';

/** Values on their way downstream, where one that comes makes several. Upstream is asked to wait while one waits here. */
export class Relay<T> implements Demand {
  private readonly outbox: Outbox<T>;
  private readonly downstream: Demand;
  private readonly waiters = new Waiters();
  private cancelWait: (() => void) | undefined;

  /** @param sent is called for each that was passed on */
  constructor(subscriber: Subscriber<T>, sent?: (value: T) => void) {
    this.downstream = demandOf(subscriber);
    this.outbox = new Outbox(this.downstream, (value) => {
      sent?.(value);
      subscriber.next(value);
      this.wake();
    });
    subscriber.add(() => this.close());
  }

  /** How many wait. */
  get size(): number {
    return this.outbox.size;
  }

  /** What is pushed past the demand waits: its owner bounds it. */
  push(value: T): void {
    this.outbox.push(value);
  }

  /** Ends after the values that still wait. */
  endWith(end: () => void): void {
    this.outbox.end(end);
  }

  get ready(): boolean {
    return this.outbox.size === 0 && this.downstream.ready;
  }

  whenReady(resume: () => void): () => void {
    const cancel = this.waiters.add(resume);
    this.wake();
    return cancel;
  }

  /** Once nothing waits here, those who wait hear of downstream's demand. */
  private wake(): void {
    if (this.outbox.size > 0 || this.waiters.size === 0) return;
    this.cancelWait?.();
    this.cancelWait = this.downstream.ready ? undefined : this.downstream.whenReady(() => this.wake());
    this.waiters.wake(this);
  }

  private close(): void {
    this.outbox.close();
    this.cancelWait?.();
  }
}
