/** What becomes of one operation. */
export interface Fate {
  readonly beforeMs: number;
  readonly afterMs: number;
  /** Before it was done, or after: then nobody knows that it was. */
  readonly fails: 'before' | 'after' | undefined;
}

const MOST_CRASHES = 6;

/** The dice of one seed: what goes wrong, and when. After a while nothing does any more, so that all must end well. */
export class Dice {
  /** Whether things go wrong. */
  on = true;
  private crashesLeft: number;
  private readonly intensity: number;

  constructor(private readonly random: () => number) {
    this.crashesLeft = this.below(MOST_CRASHES + 1);
    this.intensity = this.oneOf([0.3, 1, 2]);
  }

  /** A whole number from 0, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  oneOf<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** True in this share of the cases, while things go wrong. */
  happens(share: number): boolean {
    return this.random() < share * this.intensity && this.on;
  }

  fateOfOperation(): Fate {
    const fails = this.happens(0.04) ? this.oneOf(['before', 'after'] as const) : undefined;
    return { beforeMs: this.delayMs(), afterMs: this.delayMs(), fails };
  }

  /** Most operations take no time or little. */
  delayMs(): number {
    if (this.happens(0.03)) return 100 + this.below(3_000);
    return Math.max(0, this.below(50) - 30);
  }

  /** Some work takes longer than a lease. */
  workMs(): number {
    return this.happens(0.03) ? this.longMs() : this.delayMs();
  }

  /** For how long a process is cut off from its store from now on: some outlast their lease. */
  cutOffMs(): number {
    return this.happens(0.03) ? this.longMs() : 0;
  }

  crashes(): boolean {
    if (this.crashesLeft === 0 || !this.happens(0.01)) return false;
    this.crashesLeft--;
    return true;
  }

  /** What a process had sent off before it died may still reach the store. */
  arrivesFromTheDead(): boolean {
    return this.random() < 0.5;
  }

  private longMs(): number {
    return 10_000 + this.below(60_000);
  }
}
