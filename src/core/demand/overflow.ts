import { BackpressureError } from '../errors/BackpressureError.js';
import { requireCount } from '../errors/optionChecks.js';
import { Queue } from './Queue.js';

/**
 * What a boundary does with values that a source pushes past its closed gate: park up to `n` of them and then fail
 * (`'error'` is `n = 0`), or keep at most as many as its capacity and drop the oldest or the newest (`'latest'` keeps one).
 */
export type Overflow = number | 'error' | 'dropOldest' | 'dropNewest' | 'latest';

/** How many values past capacity are parked before a `BackpressureError`, unless `overflow` says otherwise. */
export const DEFAULT_OVERFLOW = 1024;

/** The values a source pushed past a closed gate, under an overflow policy. */
export class Parking<T> {
  private readonly parked = new Queue<T>();
  private readonly limit: number;
  private readonly drop: 'oldest' | 'newest' | undefined;

  constructor(
    private readonly capacity: number,
    overflow: Overflow = DEFAULT_OVERFLOW,
  ) {
    this.drop = overflow === 'dropNewest' ? 'newest' : overflow === 'dropOldest' || overflow === 'latest' ? 'oldest' : undefined;
    this.limit = limitOf(capacity, overflow);
  }

  get size(): number {
    return this.parked.size;
  }

  /** @throws BackpressureError `BACKPRESSURE` when full, under a policy that doesn't drop. */
  park(value: T): void {
    if (this.parked.size >= this.limit) {
      if (this.drop === 'newest') return;
      if (this.drop !== 'oldest') throw new BackpressureError(this.capacity, this.parked.size);
      this.parked.shift();
    }
    this.parked.push(value);
  }

  take(): T {
    return this.parked.shift() as T;
  }

  clear(): void {
    this.parked.clear();
  }
}

function limitOf(capacity: number, overflow: Overflow): number {
  if (typeof overflow === 'number') return requireCount('overflow', overflow, { min: 0 });
  if (overflow === 'error') return 0;
  return overflow === 'latest' ? 1 : capacity;
}
