import { asyncScheduler, Observable, type SchedulerLike, type Subscription } from 'rxjs';
import { requireCount, requireMs } from '../../core/errors/optionChecks.js';
import { Backlog, type Parcel } from './Backlog.js';
import { DropReport } from './DropReport.js';
import { sending, type SendingOptions } from './sending.js';
import { unheld } from './unheld.js';

/** How much an exporter keeps, and when it sends. */
export interface ExportLimits extends SendingOptions {
  /** How many runs are kept at most, those on their way included. Default 10,000. */
  readonly maxItems?: number;
  /** How many bytes they may take. Default 64 MiB. */
  readonly maxBytes?: number;
  /** A batch is sent when there are so many. Default 100. */
  readonly batchItems?: number;
  /** Or when they take so many bytes: more than that only one is that takes them by itself. Default 8 MiB. */
  readonly batchBytes?: number;
  /** Or when the first of them has waited for so long. Default 250. */
  readonly delayMs?: number;
  /** Drops are reported at most once in so long. Default 30,000. */
  readonly reportMs?: number;
  /** Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

export interface ExportQueueOptions<T> extends ExportLimits {
  /** Whose queue it is, for warnings. */
  readonly name: string;
  /** Sends a batch: completion is success. What it emits is ignored; unsubscribing aborts. */
  readonly send: (batch: readonly T[]) => Observable<unknown>;
  /** Where a batch goes that is given up: completion is success here as well. It has `timeoutMs`, and one attempt. */
  readonly fallback?: (batch: readonly T[]) => Observable<unknown>;
  /** Bytes, about. */
  readonly sizeOf: (item: T) => number;
}

interface Flush<T> {
  left: readonly Parcel<T>[];
  readonly done: () => void;
}

/** A timer of more fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The bounded queue of an exporter; `exportingTracer` makes a tracer of it. Batches go out one at a time, so that the rest of a run never overtakes its beginning; one that
 * failed is sent again. What it drops it counts and reports. No timer runs while it is empty, and none but a flush's keeps a process
 * alive.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { ExportQueue, exportingTracer, type TracedRun } from 'rivulet/tracing';
 * import { of } from 'rxjs';
 *
 * const sent: string[][] = [];
 * const send = (batch: readonly TracedRun[]) => of(sent.push(batch.map(({ name }) => name)));
 * const queue = new ExportQueue<TracedRun>({ name: 'mine', send, sizeOf: () => 1000, batchItems: 50 });
 * const tracer = exportingTracer(queue, { end: (run) => queue.push(run) });
 * ```
 */
export class ExportQueue<T> {
  readonly name: string;
  private readonly backlog: Backlog<T>;
  private readonly drops: DropReport;
  private readonly transmit: (batch: readonly T[]) => Observable<never>;
  private readonly scheduler: SchedulerLike;
  private readonly batchItems: number;
  private readonly batchBytes: number;
  private readonly delayMs: number;
  private readonly flushes = new Set<Flush<T>>();
  private inFlight = false;
  private timer: Subscription | undefined;
  private timerIsShort = false;

  constructor({ name, send, fallback, sizeOf, ...limits }: ExportQueueOptions<T>) {
    const { maxItems = 10_000, maxBytes = 64 * 2 ** 20, batchItems = 100, batchBytes = 8 * 2 ** 20, delayMs = 250, reportMs = 30_000, scheduler = asyncScheduler } = limits;
    this.name = name;
    this.batchItems = requireCount('batchItems', batchItems);
    this.batchBytes = requireCount('batchBytes', batchBytes);
    this.delayMs = requireMs('delayMs', delayMs);
    this.scheduler = scheduler;
    this.transmit = sending({ send, fallback }, limits, scheduler);
    this.drops = new DropReport(name, requireMs('reportMs', reportMs), scheduler);
    const isFull = `its queue is full (at most ${requireCount('maxItems', maxItems)} runs and ${requireCount('maxBytes', maxBytes)} bytes)`;
    this.backlog = new Backlog<T>({ maxItems, maxBytes, sizeOf, onDrop: () => this.drops.add(1, isFull) });
  }

  /** How many runs won't arrive, or not their end. */
  get dropped(): number {
    return this.drops.dropped;
  }

  /** How many are kept, those on their way included. */
  get size(): number {
    return this.backlog.size;
  }

  /** What they take. */
  get bytes(): number {
    return this.backlog.bytes;
  }

  /** What is neither delivered nor dropped: for whoever must deliver it in another way, as the process ends. */
  get unsent(): readonly T[] {
    return this.backlog.parcels.map(({ item }) => item as T);
  }

  push(item: T): Parcel<T> {
    const parcel = this.backlog.push(item);
    this.arm();
    return parcel;
  }

  /** The end of what `first` began: `whole` in its place while it waits, `rest` once it is on its way, and nothing if it was dropped. */
  amend(first: Parcel<T>, whole: () => T, rest: () => T): void {
    this.backlog.amend(first, whole, rest);
    this.arm();
  }

  /** Sends what waits without further delay; completes when all that is there now has been sent or dropped, and what was dropped is reported. */
  flush(): Observable<never> {
    return new Observable<never>((subscriber) => {
      const done = (): void => {
        this.drops.report();
        subscriber.complete();
      };
      const flush: Flush<T> = { left: this.backlog.parcels, done };
      if (flush.left.length === 0) return done();
      subscriber.add(this.scheduler.schedule(() => undefined, LONGEST_TIMER_MS)); // a process waits for it
      subscriber.add(() => this.flushes.delete(flush));
      this.flushes.add(flush);
      this.arm();
    });
  }

  /** Sees to it that what waits is sent: soon if a batch is due, and not while one is on its way. */
  private arm(): void {
    if (this.inFlight || this.backlog.waiting === 0) return;
    const isShort = this.isDue();
    if (this.timer && (this.timerIsShort || !isShort)) return;
    this.timer?.unsubscribe();
    this.timerIsShort = isShort;
    this.timer = unheld(this.scheduler.schedule(() => this.sendBatch(), isShort ? 0 : this.delayMs));
  }

  private isDue(): boolean {
    const { waiting, waitingBytes } = this.backlog;
    return this.flushes.size > 0 || waiting >= this.batchItems || waitingBytes >= this.batchBytes;
  }

  private sendBatch(): void {
    this.timer = undefined;
    const batch = this.backlog.take(this.batchItems, this.batchBytes);
    this.inFlight = true;
    this.transmit(batch.map(({ item }) => item as T)).subscribe({
      error: (error: unknown) => {
        this.settle('dropped');
        this.drops.add(batch.length, `they could not be sent (${error instanceof Error ? error.message : String(error)})`);
      },
      complete: () => this.settle('delivered'),
    });
  }

  private settle(state: 'delivered' | 'dropped'): void {
    this.inFlight = false;
    this.backlog.settle(state);
    for (const flush of this.flushes) {
      flush.left = flush.left.filter((parcel) => parcel.item !== undefined);
      if (flush.left.length === 0) flush.done();
    }
    this.arm();
  }
}
