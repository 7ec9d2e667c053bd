import type { Observable, Subscriber } from 'rxjs';
import type { Gate } from '../demand/Gate.js';
import { Inbox } from '../demand/Inbox.js';
import type { Overflow } from '../demand/overflow.js';
import { Queue } from '../demand/Queue.js';
import { CancelledError } from '../errors/CancelledError.js';
import { requireCount } from '../errors/optionChecks.js';
import { Link } from '../subscription.js';

export interface ToAsyncIterableOptions {
  /** How many values may be produced ahead of the reader. Default 16; 1 means one pull, one value. */
  readonly capacity?: number | undefined;
  readonly overflow?: Overflow | undefined;
  readonly probe?: ((gate: Gate) => void) | undefined;
  /** The call that reads it: when that ends, so does the reading. */
  readonly owner?: Subscriber<never> | undefined;
}

/** An iterator over an Observable; leaving a `for await`, `return()` and `await using` unsubscribe. */
export interface PulledIterator<T> extends AsyncIterableIterator<T>, AsyncDisposable {}

/**
 * The sink to `for await`: subscribes at the first `next()`, and a value keeps its place until the reader asks for the one
 * after it.
 *
 * *Demand*: a boundary of `capacity`. *Timing*: the reader's. *Errors*: rejects `next()`.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { pull, toAsyncIterable } from 'rivulet';
 *
 * for await (const n of toAsyncIterable(pull([1, 2, 3]))) if (n === 2) break;
 * ```
 */
export function toAsyncIterable<T>(source: Observable<T>, options: ToAsyncIterableOptions = {}): PulledIterator<T> {
  requireCount('capacity', options.capacity ?? 16);
  return new Pulled(source, options);
}

interface Reader<T> {
  readonly resolve: (result: IteratorResult<T>) => void;
  readonly reject: (error: unknown) => void;
}

class Pulled<T> implements PulledIterator<T> {
  private readonly values = new Queue<T>();
  private readonly readers = new Queue<Reader<T>>();
  private readonly inbox: Inbox<T>;
  private link: Link<T> | undefined;
  private end: { readonly error?: unknown } | undefined;
  private owed = false;

  constructor(
    private readonly source: Observable<T>,
    private readonly options: ToAsyncIterableOptions,
  ) {
    const { capacity = 16, overflow, probe } = options;
    this.inbox = new Inbox<T>({ capacity, overflow, probe }, (value) => {
      this.values.push(value);
      this.settle();
    });
  }

  next(): Promise<IteratorResult<T>> {
    return new Promise((resolve, reject) => {
      this.readers.push({ resolve, reject });
      if (!this.link && !this.end) this.subscribe();
      this.settle();
    });
  }

  return(): Promise<IteratorResult<T>> {
    this.end = {};
    this.values.clear();
    this.inbox.close();
    this.link?.unsubscribe();
    this.settle();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  private subscribe(): void {
    const ended = (end: { readonly error?: unknown }): void => {
      this.end ??= end;
      this.settle();
    };
    this.link = new Link<T>(undefined, {
      next: (value) => this.inbox.push(value),
      error: (error) => ended({ error }),
      complete: () => ended({}),
      demand: this.inbox,
    });
    const { owner } = this.options;
    if (owner) {
      this.link.add(() => ended({ error: new CancelledError() })); // without effect, if it had ended by itself
      owner.add(this.link);
    }
    this.source.subscribe(this.link);
  }

  /** Gives waiting readers what there is; asking for a value gives back the place of the one before it. */
  private settle(): void {
    while (this.readers.size > 0) {
      if (this.owed) {
        this.owed = false;
        this.inbox.release();
      } else if (this.values.size > 0) this.give(this.readers.shift() as Reader<T>);
      else if (this.end && this.inbox.parked === 0) this.finish(this.readers.shift() as Reader<T>, this.end);
      else return;
    }
  }

  private give({ resolve }: Reader<T>): void {
    this.owed = true;
    resolve({ done: false, value: this.values.shift() as T });
  }

  private finish({ resolve, reject }: Reader<T>, end: { readonly error?: unknown }): void {
    this.end = {}; // an error is told once
    if ('error' in end) reject(end.error);
    else resolve({ done: true, value: undefined });
  }
}
