import type { Subscriber } from 'rxjs';
import type { Demand } from './demand.js';
import { Queue } from './Queue.js';

const END = Symbol('end');

interface Waiter {
  resume: () => void;
  /** Set once it waits for downstream. */
  cancel: () => void;
}

const nothing = (): void => undefined;

/** The results of one value on their way downstream: they wait for the value's turn, then for demand. */
export class Lane<R> implements Demand {
  private readonly parked = new Queue<R | typeof END>();
  private readonly waiters = new Set<Waiter>();
  private hasTurn = false;
  private flushing = false;
  private cancelWait: (() => void) | undefined;

  /** @param prefetch how many results may be parked before the value's turn */
  constructor(
    private readonly downstream: Demand,
    private readonly prefetch: number,
    private readonly subscriber: Subscriber<R>,
    private readonly ended: () => void,
  ) {}

  get ready(): boolean {
    return this.hasTurn ? this.open : this.parked.size < this.prefetch;
  }

  whenReady(resume: () => void): () => void {
    const waiter = { resume, cancel: nothing };
    this.wait(waiter);
    return () => {
      this.waiters.delete(waiter);
      waiter.resume = nothing;
      waiter.cancel();
    };
  }

  push(result: R): void {
    if (this.hasTurn && this.open) this.subscriber.next(result);
    else this.park(result);
  }

  end(): void {
    if (this.hasTurn && this.open) this.ended();
    else this.park(END);
  }

  takeTurn(): void {
    this.hasTurn = true;
    this.flush();
  }

  /** What is parked is superseded. */
  restart(): void {
    this.parked.clear();
    this.wake();
  }

  close(): void {
    this.cancelWait?.();
    this.parked.clear();
    this.waiters.clear();
  }

  private get open(): boolean {
    return this.parked.size === 0 && !this.flushing && this.downstream.ready;
  }

  private park(item: R | typeof END): void {
    this.parked.push(item);
    if (this.hasTurn && !this.flushing && !this.cancelWait) this.flush();
  }

  private readonly flush = (): void => {
    this.cancelWait = undefined;
    this.flushing = true;
    while (this.parked.size > 0) {
      if (!this.downstream.ready) {
        this.flushing = false;
        this.cancelWait = this.downstream.whenReady(this.flush);
        return;
      }
      const item = this.parked.shift() as R | typeof END;
      if (item === END) {
        this.flushing = false;
        return this.ended();
      }
      this.subscriber.next(item);
    }
    this.flushing = false;
    this.wake();
  };

  private wake(): void {
    const waiting = [...this.waiters];
    this.waiters.clear();
    for (const waiter of waiting) {
      if (this.ready) waiter.resume();
      else this.wait(waiter);
    }
  }

  private wait(waiter: Waiter): void {
    if (this.hasTurn && this.parked.size === 0 && !this.flushing) waiter.cancel = this.downstream.whenReady(waiter.resume);
    else this.waiters.add(waiter);
  }
}
