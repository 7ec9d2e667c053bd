import type { Observable, OperatorFunction, Subscriber, Subscription } from 'rxjs';
import { deliver, type Result } from '../bridge/result.js';
import { RunScope } from '../context/RunScope.js';
import { requireCount } from '../errors/optionChecks.js';
import { demandOf, Link, operate, restartOf } from '../subscription.js';
import type { Demand } from './demand.js';
import type { Gate } from './Gate.js';
import { Inbox } from './Inbox.js';
import { Lane } from './Lane.js';
import type { Overflow } from './overflow.js';
import { Queue } from './Queue.js';

export interface MapAsyncOptions {
  /** How many values may be in work at once. Default 1. */
  readonly concurrency?: number | undefined;
  /** Whether results come in the order of the values (the default) or as they finish. */
  readonly ordered?: boolean | undefined;
  /** How many results of a value whose turn it isn't yet are kept, if `ordered`. Default 16. */
  readonly prefetch?: number | undefined;
  readonly overflow?: Overflow | undefined;
  readonly probe?: ((gate: Gate) => void) | undefined;
}

/**
 * Runs `project` for each value, at most `concurrency` at a time, and makes upstream wait for the rest. A value keeps its
 * place until its last result has been accepted downstream.
 *
 * ```text
 * -abc|
 * mapAsync((x) => timer(3).pipe(map(() => x)), { concurrency: 2 })
 * ----ab-(c|)
 * ```
 *
 * @param project may return a value, an Observable, a promise, an async iterable or a ReadableStream
 *
 * *Demand*: a boundary of `concurrency`. *Timing*: `project`'s; a synchronous result stays synchronous.
 * *Errors*: the source's and `project`'s; `BACKPRESSURE` for a source that ignores demand.
 *
 * @example
 * ```ts
 * import { pull, mapAsync } from 'rivulet';
 *
 * pull([1, 2, 3]).pipe(mapAsync(async (n) => n * 2, { concurrency: 2 })).subscribe();
 * ```
 */
export function mapAsync<T, R>(
  project: (value: T, index: number, run: RunScope) => Result<R>,
  options: MapAsyncOptions = {},
): OperatorFunction<T, R> {
  requireCount('concurrency', options.concurrency ?? 1, { infinite: true });
  requireCount('prefetch', options.prefetch ?? 16);
  return operate((source, subscriber) => new AsyncMap(project, options, subscriber).subscribeTo(source));
}

class AsyncMap<T, R> {
  private readonly inbox: Inbox<T>;
  private readonly downstream: Demand;
  private readonly restart: () => void;
  private readonly live = new Map<Lane<R>, Subscription>();
  private readonly waiting = new Queue<Lane<R>>();
  private promoting = false;
  private front: Lane<R> | undefined;
  private index = 0;
  private sourceDone = false;

  constructor(
    private readonly project: (value: T, index: number, run: RunScope) => Result<R>,
    private readonly options: MapAsyncOptions,
    private readonly subscriber: Subscriber<R>,
  ) {
    const { concurrency = 1, overflow, probe } = options;
    this.inbox = new Inbox<T>({ capacity: concurrency, overflow, probe }, (value) => this.begin(value));
    this.downstream = demandOf(subscriber);
    this.restart = restartOf(subscriber);
  }

  subscribeTo(source: Observable<T>): void {
    this.subscriber.add(() => this.close());
    const link = new Link<T>(this.subscriber, {
      next: (value) => this.inbox.push(value),
      complete: () => {
        this.sourceDone = true;
        this.completeIfIdle();
      },
      demand: this.inbox,
      restart: () => this.restarted(),
    });
    source.subscribe(link);
  }

  private begin(value: T): void {
    const lane = new Lane<R>(this.downstream, this.options.prefetch ?? 16, this.subscriber, () => this.ended(lane));
    let running = true;
    const link = new Link<R>(this.subscriber, {
      next: (result) => lane.push(result),
      complete: () => {
        running = false;
      },
      demand: lane,
      restart: () => lane.restart(), // of this value's run alone; the others go on
    });
    this.admit(lane, link);
    const run = new RunScope(link);
    try {
      deliver(this.project(value, this.index++, run), link, run);
    } catch (error) {
      this.subscriber.error(error);
    }
    // After the work's own teardown: what it holds is free before the next value begins.
    link.add(() => {
      if (running) run.cancel();
      else lane.end();
    });
  }

  private admit(lane: Lane<R>, work: Subscription): void {
    this.live.set(lane, work);
    if (this.options.ordered === false) lane.takeTurn();
    else {
      this.waiting.push(lane);
      this.promote();
    }
  }

  /** Gives the oldest lane its turn; a loop, as its results may all be there already. */
  private promote(): void {
    if (this.promoting) return;
    this.promoting = true;
    while (!this.front && this.waiting.size > 0) {
      this.front = this.waiting.shift();
      this.front?.takeTurn();
    }
    this.promoting = false;
  }

  private ended(lane: Lane<R>): void {
    this.live.delete(lane);
    if (this.front === lane) this.front = undefined;
    this.promote();
    this.inbox.release();
    this.completeIfIdle();
  }

  private completeIfIdle(): void {
    if (this.sourceDone && this.inbox.idle) this.subscriber.complete();
  }

  /** The source starts over: what is in work, or waits, is superseded. */
  private restarted(): void {
    const superseded = [...this.live];
    this.inbox.close();
    this.live.clear();
    this.waiting.clear();
    this.front = undefined;
    for (const [lane, work] of superseded) {
      lane.close();
      work.unsubscribe();
      this.inbox.release();
    }
    this.restart();
  }

  private close(): void {
    this.inbox.close();
    for (const lane of this.live.keys()) lane.close();
  }
}
