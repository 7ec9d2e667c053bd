import type { MonoTypeOperatorFunction, Observable, Subscriber } from 'rxjs';
import type { RunContext } from '../context/RunContext.js';
import { BackpressureError } from '../errors/BackpressureError.js';
import { requireCount } from '../errors/optionChecks.js';
import { carryFold } from '../flow/fold.js';
import { contextOf, createSource, demandOf, Link, restartOf } from '../subscription.js';
import type { Demand } from './demand.js';
import { Outbox } from './Outbox.js';
import { DEFAULT_OVERFLOW } from './overflow.js';
import { Queue } from './Queue.js';
import { Waiters } from './Waiters.js';

export interface BroadcastOptions {
  /**
   * What becomes of a member that has fallen `capacity` values behind: the others wait for it (the default), it is
   * unsubscribed with `BACKPRESSURE`, or it misses values until it has room again.
   */
  readonly slow?: 'wait' | 'detach' | 'drop';
  /** How many values may be parked for each member. Default 16. */
  readonly capacity?: number;
  /** Gets a live view of each member as it joins. */
  readonly probe?: (member: BroadcastMember) => void;
}

/** One member of a broadcast, as it stands. */
export interface BroadcastMember {
  /** Values that wait for it now. */
  readonly parked: number;
  /** The most that ever waited. */
  readonly peak: number;
  /** Values it missed, under `slow: 'drop'`. */
  readonly dropped: number;
}

/**
 * One subscription to the source for several members, each at its own demand. It connects when `members` have subscribed;
 * one that comes later gets what comes later. The last to leave unsubscribes the source, and who then subscribes begins a
 * new group. The source sees the context of the first member.
 *
 * The group belongs to the Observable that this returns: make one for each run, inside the operator whose parts are the
 * members. As a step of a chain it would wait for members that never come.
 *
 * ```text
 * pull('abcd')
 * broadcast(2, { capacity: 1 })
 * (ab)c---d---|         to a member that takes at once
 * ----a---b---c---(d|)  to one that needs 4 ms for each
 * ```
 *
 * *Demand*: a boundary of `capacity` for each member, as slow as the slowest (`wait`) or the fastest (`detach`, `drop`).
 * *Timing*: synchronous. *Errors*: the source's, to each member after the values before it.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { broadcast, pull } from 'rivulet';
 * import { filter, merge } from 'rxjs';
 *
 * const numbers$ = pull([1, 2, 3]).pipe(broadcast(2));
 * merge(numbers$.pipe(filter((n) => n > 2)), numbers$.pipe(filter((n) => n < 2))).subscribe();
 * ```
 */
export function broadcast<T>(members: number, options: BroadcastOptions = {}): MonoTypeOperatorFunction<T> {
  requireCount('members', members);
  requireCount('capacity', options.capacity ?? 16);
  return (source) => {
    let group: Group<T> | undefined;
    const shared = createSource<T>((subscriber) => {
      if (!group || group.over) group = new Group(source, members, options);
      group.join(subscriber);
    });
    return carryFold(source, shared);
  };
}

/** Those who share one subscription to the source. */
class Group<T> implements Demand {
  over = false;
  private members: readonly Member<T>[] = [];
  private link: Link<T> | undefined;
  private readonly waiters = new Waiters();
  private readonly pushed = new Queue<T>();
  private pushing = false;
  private ending: ((member: Member<T>) => void) | undefined;

  constructor(
    private readonly source: Observable<T>,
    private readonly size: number,
    private readonly options: BroadcastOptions,
  ) {}

  join(subscriber: Subscriber<T>): void {
    const member = new Member(subscriber, this.options, () => this.wake());
    this.options.probe?.(member);
    this.members = [...this.members, member];
    subscriber.add(() => this.leave(member));
    if (!this.link && this.members.length === this.size) this.connect();
  }

  get ready(): boolean {
    const { members, options } = this;
    return options.slow === undefined || options.slow === 'wait' ? members.every(hasRoom) : members.some(hasRoom);
  }

  whenReady(resume: () => void): () => void {
    return this.waiters.add(resume);
  }

  private connect(): void {
    this.link = new Link<T>(undefined, {
      next: (value) => this.push(value),
      error: (error) => this.end((member) => member.subscriber.error(error)),
      complete: () => this.end((member) => member.subscriber.complete()),
      context: this.members[0]?.context,
      demand: this,
      restart: () => this.restart(),
    });
    this.source.subscribe(this.link);
  }

  /** Each value reaches every member before the next one does, also when a member makes the source emit. */
  private push(value: T): void {
    if (this.pushed.size >= DEFAULT_OVERFLOW) throw new BackpressureError(this.size, this.pushed.size);
    this.pushed.push(value);
    if (this.pushing) return;
    this.pushing = true;
    try {
      while (this.pushed.size > 0) {
        const next = this.pushed.shift() as T;
        for (const member of this.members) member.push(next);
      }
    } finally {
      this.pushing = false;
    }
    if (this.ending) this.end(this.ending);
  }

  private end(signal: (member: Member<T>) => void): void {
    if (this.pushing) {
      this.ending = signal;
      return;
    }
    this.over = true;
    for (const member of this.members) member.end(() => signal(member));
  }

  private restart(): void {
    this.pushed.clear();
    for (const member of this.members) member.restarted();
    this.wake();
  }

  private leave(member: Member<T>): void {
    member.close();
    this.members = this.members.filter((other) => other !== member);
    if (this.members.length > 0) return this.wake();
    this.over = true;
    this.link?.unsubscribe();
  }

  private wake(): void {
    if (!this.over) this.waiters.wake(this);
  }
}

class Member<T> implements BroadcastMember {
  readonly context: RunContext | undefined;
  peak = 0;
  dropped = 0;
  private readonly outbox: Outbox<T>;
  private readonly restart: () => void;

  constructor(
    readonly subscriber: Subscriber<T>,
    private readonly options: BroadcastOptions,
    taken: () => void,
  ) {
    this.context = contextOf(subscriber);
    this.restart = restartOf(subscriber);
    this.outbox = new Outbox<T>(demandOf(subscriber), (value) => {
      subscriber.next(value);
      taken();
    });
  }

  get parked(): number {
    return this.outbox.size;
  }

  get hasRoom(): boolean {
    return this.outbox.size < this.capacity;
  }

  push(value: T): void {
    if (this.subscriber.closed) return;
    if (this.hasRoom) return this.take(value);
    const { slow = 'wait' } = this.options;
    if (slow === 'drop') this.dropped++;
    else if (slow === 'detach') this.subscriber.error(new BackpressureError(this.capacity, 0));
    else if (this.parked < this.capacity + DEFAULT_OVERFLOW) this.take(value);
    else throw new BackpressureError(this.capacity, this.parked - this.capacity);
  }

  end(signal: () => void): void {
    this.outbox.end(signal);
  }

  restarted(): void {
    this.outbox.close();
    this.restart();
  }

  close(): void {
    this.outbox.close();
  }

  private take(value: T): void {
    this.outbox.push(value);
    if (this.parked > this.peak) this.peak = this.parked;
  }

  private get capacity(): number {
    return this.options.capacity ?? 16;
  }
}

const hasRoom = ({ hasRoom }: { readonly hasRoom: boolean }): boolean => hasRoom;
