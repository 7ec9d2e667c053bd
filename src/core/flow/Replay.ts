import type { Observable, Subscriber } from 'rxjs';
import type { Demand } from '../demand/demand.js';
import { Waiters } from '../demand/Waiters.js';
import { BackpressureError } from '../errors/BackpressureError.js';
import { RivuletError } from '../errors/RivuletError.js';
import { createSource, demandOf, Link, restartOf } from '../subscription.js';
import { carryFold } from './fold.js';

/** How a run ended: with an error, if there is one. */
export interface Ending {
  readonly error?: unknown;
}

/**
 * What one run says, kept so that it can be read again from the start: by each attempt of a policy, or by those who share
 * the run. Upstream is asked on while the fastest reader is ready, or while nobody reads; at most `limit` values are kept.
 * A longer run loses its start, once every reader has passed it, and can't be read anew.
 */
export class Replay<T> implements Demand {
  private items: T[] = [];
  private first = 0;
  private end: Ending | undefined;
  private readers: readonly Reader<T>[] = [];
  private owner: Subscriber<never> | undefined;
  private readonly waiters = new Waiters();

  /** @param abandoned called when the last reader has left */
  constructor(
    private readonly limit: number,
    private readonly abandoned?: () => void,
  ) {}

  /** Its values from the start, to each reader at its own demand. */
  readonly values$: Observable<T> = createSource((subscriber) => this.read(subscriber));

  /** What was said, if nothing of it was lost. */
  get all(): readonly T[] | undefined {
    return this.first === 0 ? this.items : undefined;
  }

  /** How it ended, if it did. */
  get ending(): Ending | undefined {
    return this.end;
  }

  get full(): boolean {
    return this.items.length >= this.limit;
  }

  /**
   * `source`, subscribed to once, when it is first read; its runs' context is the one that `owner` sees.
   *
   * @param owner when it ends, so does the subscription
   */
  of(source: Observable<T>, owner: Subscriber<never>): Observable<T> {
    let connected = false;
    const values$ = createSource<T>((subscriber) => {
      this.read(subscriber);
      if (connected) return;
      connected = true;
      source.subscribe(this.link(owner));
    });
    return carryFold(source, values$);
  }

  /** What is to subscribe to the source. */
  link(owner: Subscriber<never>, said: (value: T) => void = nothing, ended: () => void = nothing): Link<T> {
    this.owner = owner;
    return new Link<T>(owner, {
      next: (value) => {
        this.add(value);
        said(value);
      },
      error: (error) => {
        this.finish({ error });
        ended();
      },
      complete: () => {
        this.finish({});
        ended();
      },
      demand: this,
      restart: () => this.restart(),
    });
  }

  /** @throws BackpressureError `BACKPRESSURE` when a reader, or a reader to come, is `limit` values behind. */
  add(value: T): void {
    if (this.full) this.makeRoom();
    this.items.push(value);
    for (const reader of this.readers) reader.drain();
  }

  finish(end: Ending): void {
    this.end = end;
    for (const reader of this.readers) reader.drain();
  }

  /** What was said so far is superseded. */
  restart(): void {
    this.items = [];
    this.first = 0;
    for (const reader of this.readers) reader.startOver();
    this.wake();
  }

  get ready(): boolean {
    if (this.owner?.closed) return false;
    if (this.readers.length === 0) return !this.full;
    let open = false;
    for (const reader of this.readers) {
      if (this.behind(reader) >= this.limit) return false;
      if (this.behind(reader) === 0 && reader.demand.ready) open = true;
    }
    return open;
  }

  whenReady(resume: () => void): () => void {
    const cancel = this.waiters.add(resume);
    this.watch();
    return cancel;
  }

  behind(reader: Reader<T>): number {
    return this.first + this.items.length - reader.position;
  }

  at(position: number): T {
    return this.items[position - this.first] as T;
  }

  /** Someone may read on: passes that on to who waits. */
  wake(): void {
    if (this.waiters.size === 0) return;
    this.waiters.wake(this);
    this.watch();
  }

  private read(subscriber: Subscriber<T>): void {
    if (this.first > 0) return subscriber.error(tooLong(this.limit));
    const reader = new Reader(this, subscriber);
    this.readers = [...this.readers, reader];
    subscriber.add(() => this.leave(reader));
    reader.drain();
    this.wake();
  }

  private leave(reader: Reader<T>): void {
    reader.close();
    this.readers = this.readers.filter((other) => other !== reader);
    if (this.readers.length === 0) this.abandoned?.();
    this.wake();
  }

  private makeRoom(): void {
    const slowest = Math.max(0, ...this.readers.map((reader) => this.behind(reader)));
    const passed = this.readers.length === 0 ? 0 : this.items.length - slowest;
    if (passed === 0) throw new BackpressureError(this.limit, 0);
    this.items.splice(0, passed);
    this.first += passed;
  }

  /** While somebody waits for demand, the readers tell when theirs comes. */
  private watch(): void {
    if (this.waiters.size > 0) for (const reader of this.readers) reader.drain();
  }
}

/** One who reads, at its own demand. */
class Reader<T> {
  position = 0;
  readonly demand: Demand;
  private readonly restart: () => void;
  private draining = false;
  private cancelWait: (() => void) | undefined;

  constructor(
    private readonly replay: Replay<T>,
    private readonly subscriber: Subscriber<T>,
  ) {
    this.demand = demandOf(subscriber);
    this.restart = restartOf(subscriber);
  }

  drain(): void {
    if (this.draining || this.cancelWait) return;
    const { replay, subscriber, demand } = this;
    this.draining = true;
    while (!subscriber.closed && demand.ready && replay.behind(this) > 0) subscriber.next(replay.at(this.position++));
    this.draining = false;
    if (subscriber.closed) return;
    if (replay.ending && replay.behind(this) === 0) this.finish(replay.ending);
    else if (!demand.ready) this.cancelWait = demand.whenReady(this.resume);
  }

  startOver(): void {
    this.position = 0;
    this.restart();
  }

  close(): void {
    this.cancelWait?.();
  }

  private readonly resume = (): void => {
    this.cancelWait = undefined;
    this.drain();
    this.replay.wake();
  };

  private finish(end: Ending): void {
    if ('error' in end) this.subscriber.error(end.error);
    else this.subscriber.complete();
  }
}

const nothing = (): void => undefined;

function tooLong(limit: number): RivuletError {
  return new RivuletError('BACKPRESSURE', `a run of more than ${limit} chunks can't be read a second time: its start was let go. Raise the limit, or fold the chunks before`);
}
