import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { requireCount } from '../errors/optionChecks.js';
import { contextOf, demandOf, Link, operate, restartOf } from '../subscription.js';
import type { Gate } from './Gate.js';
import { Inbox } from './Inbox.js';
import { Outbox } from './Outbox.js';
import type { Overflow } from './overflow.js';

export interface WithinOptions {
  readonly overflow?: Overflow | undefined;
  readonly probe?: ((gate: Gate) => void) | undefined;
}

/**
 * Bounds a plain operator that parks values, such as `delay` or `observeOn`: at most `capacity` are inside it at once.
 *
 * ```text
 * pull('abcd')
 * within(2, delay(6))
 * ------(ab)--(cd|)
 * ```
 *
 * @param operator brings one value out for each it takes in, in order
 *
 * *Demand*: a boundary of `capacity`. *Timing*: the operator's.
 * *Errors*: the source's and the operator's, after the values before them; `BACKPRESSURE` for a source that ignores demand.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { pull, within } from 'rivulet';
 * import { delay } from 'rxjs';
 *
 * pull([1, 2, 3]).pipe(within(2, delay(10))).subscribe();
 * ```
 */
export function within<T, R>(capacity: number, operator: OperatorFunction<T, R>, options: WithinOptions = {}): OperatorFunction<T, R> {
  requireCount('capacity', capacity);
  return operate((source, subscriber) => new Within<T, R>(capacity, options, subscriber).subscribeTo(source, operator));
}

class Within<T, R> {
  private readonly inbox: Inbox<T>;
  private readonly outbox: Outbox<R>;
  private readonly restart: () => void;
  private entrance: Subscriber<T> | undefined;
  private sourceDone = false;
  /** How many are inside the operator, and how many of those, the oldest, were superseded since they entered. */
  private inside = 0;
  private stale = 0;

  constructor(
    capacity: number,
    { overflow, probe }: WithinOptions,
    private readonly subscriber: Subscriber<R>,
  ) {
    this.restart = restartOf(subscriber);
    this.inbox = new Inbox<T>({ capacity, overflow, probe }, (value) => this.enter(value));
    this.outbox = new Outbox<R>(demandOf(subscriber), (value) => {
      subscriber.next(value);
      this.release();
    });
  }

  subscribeTo(source: Observable<T>, operator: OperatorFunction<T, R>): void {
    const { subscriber } = this;
    subscriber.add(() => {
      this.inbox.close();
      this.outbox.close();
    });
    const exit = new Link<R>(subscriber, {
      next: (value) => this.leave(value),
      error: (error) => this.outbox.end(() => subscriber.error(error)),
      complete: () => this.outbox.end(() => subscriber.complete()),
    });
    operator(this.entering(source)).subscribe(exit);
  }

  /** The source, as the operator sees it. It finds the context also where the operator breaks the walk. */
  private entering(source: Observable<T>): Observable<T> {
    return new Observable<T>((entrance) => {
      this.entrance = entrance;
      const link = new Link<T>(entrance, {
        next: (value) => this.inbox.push(value),
        complete: () => {
          this.sourceDone = true;
          this.completeIfEntered();
        },
        context: contextOf(entrance) ?? contextOf(this.subscriber),
        demand: this.inbox,
        restart: () => this.restarted(),
      });
      source.subscribe(link);
    });
  }

  private enter(value: T): void {
    this.inside++;
    this.entrance?.next(value);
    this.completeIfEntered();
  }

  private completeIfEntered(): void {
    if (this.sourceDone && this.inbox.parked === 0) this.entrance?.complete();
  }

  private leave(value: R): void {
    if (this.inside > 0) this.inside--;
    if (this.stale === 0) return this.outbox.push(value);
    this.stale--;
    this.release();
  }

  private release(): void {
    if (!this.inbox.idle) this.inbox.release(); // more may come out than went in
  }

  private restarted(): void {
    this.inbox.close();
    const dropped = this.outbox.size;
    this.outbox.close();
    for (let i = 0; i < dropped; i++) this.release();
    this.stale = this.inside;
    this.restart();
  }
}
