import type { Fold, Folding } from '../flow/fold.js';

/** Folds what a watched run says. What can't be folded (an ambiguous run) has no result to tell; it doesn't break the run. */
export class WatchedFolding {
  private folding: Folding<unknown, unknown> | undefined;
  private foldable = true;

  constructor(private readonly fold: Fold<unknown, unknown>) {}

  add(chunk: unknown): void {
    if (!this.foldable) return;
    try {
      this.folding ??= this.fold.start();
      this.folding.add(chunk);
    } catch {
      this.folding = undefined;
      this.foldable = false;
    }
  }

  /** What came so far is superseded. */
  restart(): void {
    this.folding = this.fold.start(); // at once: a fold that is chosen in the run is so for this moment
    this.foldable = true;
  }

  get result(): unknown {
    try {
      return this.folding?.result();
    } catch {
      return undefined; // of a run that broke off
    }
  }
}
