import type { Observable, Subscriber } from 'rxjs';
import type { Demand } from '../demand/demand.js';
import type { RunContext } from '../context/RunContext.js';
import { contextOf, createSource, demandOf } from '../subscription.js';
import { lateError } from './lateError.js';

/**
 * The source from promises: one `next()` of the iterator is outstanding, none while downstream is full, and at most one
 * value is held. Unsubscribing calls the iterator's `return()`.
 *
 * ```text
 * pullAsync(a, b, c) into a boundary of 1: a waits, then b is asked for
 * ```
 *
 * *Demand*: a source, waits at the nearest boundary. *Timing*: the iterator's. *Errors*: what the iterator throws.
 *
 * @example
 * ```ts
 * import { pullAsync } from 'rivulet';
 *
 * pullAsync((async function* () { yield 1; yield 2; })()).subscribe();
 * ```
 */
export function pullAsync<T>(items: AsyncIterable<T>): Observable<T> {
  return createSource<T>((subscriber) => new AsyncPull(items[Symbol.asyncIterator](), subscriber).start());
}

class AsyncPull<T> {
  private readonly demand: Demand;
  private readonly context: RunContext | undefined;
  private exhausted = false;
  private cancelWait = (): void => undefined;

  constructor(
    private readonly iterator: AsyncIterator<T>,
    private readonly subscriber: Subscriber<T>,
  ) {
    this.demand = demandOf(subscriber);
    this.context = contextOf(subscriber);
  }

  start(): void {
    this.subscriber.add(() => {
      this.cancelWait();
      if (!this.exhausted) this.leave();
    });
    this.step();
  }

  private readonly step = (): void => {
    if (this.subscriber.closed) return;
    if (this.demand.ready) this.advance();
    else this.cancelWait = this.demand.whenReady(this.step);
  };

  private advance(): void {
    try {
      this.iterator.next().then(this.received, this.failed);
    } catch (error) {
      this.failed(error);
    }
  }

  private leave(): void {
    try {
      this.iterator.return?.().then(undefined, this.failed);
    } catch (error) {
      this.failed(error);
    }
  }

  private readonly received = (result: IteratorResult<T>): void => {
    if (result.done) this.exhausted = true;
    if (this.subscriber.closed) return;
    if (result.done) this.subscriber.complete();
    else this.emit(result.value);
  };

  private emit(value: T): void {
    if (!this.demand.ready) {
      this.cancelWait = this.demand.whenReady(() => this.emit(value));
      return;
    }
    this.subscriber.next(value);
    this.step();
  }

  private readonly failed = (error: unknown): void => {
    this.exhausted = true;
    if (this.subscriber.closed && this.context) lateError(error, this.context);
    this.subscriber.error(error);
  };
}
