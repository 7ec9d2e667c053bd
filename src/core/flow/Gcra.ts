/**
 * A rate limit as the generic cell rate algorithm keeps it (ITU-T I.371; the token bucket with one number of state): one
 * run every `intervalMs`, and up to `burst` at once after a pause.
 */
export class Gcra {
  /** When the next run is due, were they evenly spaced. */
  private theoreticalAt = -Infinity;
  private takenAt = -Infinity;

  constructor(
    private readonly intervalMs: number,
    private readonly burst: number,
  ) {}

  /** Milliseconds until a run may begin. */
  waitMs(now: number): number {
    if (now < this.takenAt) this.theoreticalAt = now; // the clock was set back
    const wait = this.theoreticalAt - (this.burst - 1) * this.intervalMs - now;
    return wait > ROUNDING_MS ? Math.ceil(wait - ROUNDING_MS) : 0;
  }

  /** A run begins. */
  take(now: number): void {
    this.theoreticalAt = Math.max(now, this.theoreticalAt) + this.intervalMs;
    this.takenAt = now;
  }
}

/** Sums of thirds aren't exact. */
const ROUNDING_MS = 1e-6;
