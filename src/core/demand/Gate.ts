import type { Demand } from './demand.js';

/**
 * The demand of one asynchronous boundary: open while fewer than `capacity` values are parked there.
 *
 * `low` is how far `held` must fall before waiters are woken (Reactor's 75 % rule is `capacity >> 2`).
 */
export class Gate implements Demand {
  private count = 0;
  private highest = 0;
  private readonly waiters = new Set<() => void>();

  constructor(
    readonly capacity: number,
    private readonly low: number = capacity - 1,
  ) {}

  get ready(): boolean {
    return this.count < this.capacity;
  }

  /** Values parked now. */
  get held(): number {
    return this.count;
  }

  /** The most values ever parked at once. */
  get peak(): number {
    return this.highest;
  }

  hold(): void {
    if (++this.count > this.highest) this.highest = this.count;
  }

  release(): void {
    this.count--;
    this.wake();
  }

  /** Gives a slot back without waking anybody: its owner fills it at once, or calls `wake`. */
  vacate(): void {
    this.count--;
  }

  /** Each waiter runs at most once per wake, oldest first: merged sources take turns. */
  wake(): void {
    if (this.count > this.low || this.waiters.size === 0) return;
    for (let turns = this.waiters.size; turns > 0 && this.ready; turns--) {
      const [resume] = this.waiters;
      if (!resume) return;
      this.waiters.delete(resume);
      resume();
    }
  }

  whenReady(resume: () => void): () => void {
    this.waiters.add(resume);
    return () => {
      this.waiters.delete(resume);
    };
  }
}
