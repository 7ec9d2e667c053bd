import type { Usage } from '../events/RunEvent.js';
import type { Fold, Folding } from '../flow/fold.js';
import { weightOf } from './weightOf.js';

/** What is kept of a run's chunks, and thereby of their result: about so many characters, or twice that. */
const MAX_WEIGHT = 2 ** 24;
/** A small object stands for so many: to weigh it takes longer than to fold it. */
const ALIKE = 64;
const SMALL = 1024;

/**
 * Folds what a watched run says. What can't be folded (an ambiguous run) has no result to tell; it doesn't break the run. Of a
 * result that grows without end its beginning is told.
 */
export class WatchedFolding {
  /** Whether it is only the beginning. */
  isCut = false;
  private readonly grows: boolean;
  private folding: Folding<unknown, unknown> | undefined;
  private foldable = true;
  /** What was added since it was last seen how much is kept, about. */
  private added = 0;
  /** How many chunks are taken to be like the one that was weighed. */
  private alike = 0;
  /** What models tell last. */
  private usage: Usage | undefined;

  constructor(private readonly fold: Fold<unknown, unknown>) {
    this.grows = fold.kind !== 'last' && fold.kind !== 'single';
  }

  add(chunk: unknown): void {
    if (!this.foldable) return;
    if (this.isCut) {
      this.usage = usageOf(chunk) ?? this.usage;
      return;
    }
    try {
      this.folding ??= this.fold.start();
      this.folding.add(chunk);
      if (this.grows) this.weigh(chunk);
    } catch {
      this.folding = undefined;
      this.foldable = false;
    }
  }

  /** What came so far is superseded. */
  restart(): void {
    this.folding = this.fold.start(); // at once: a fold that is chosen in the run is so for this moment
    this.foldable = true;
    this.isCut = false;
    this.added = this.alike = 0;
    this.usage = undefined;
  }

  get result(): unknown {
    try {
      return this.folding?.result();
    } catch {
      return undefined; // of a run that broke off
    }
  }

  /** @param result what it gave */
  usageIn(result: unknown): Usage | undefined {
    return this.usage ?? usageOf(result);
  }

  /** Much may come, and little be kept of it: each chunk may take the place of the one before. */
  private weigh(chunk: unknown): void {
    if (typeof chunk === 'string') this.added += chunk.length;
    else if (this.alike > 0) this.alike--;
    else this.weighObject(chunk);
    if (this.added <= MAX_WEIGHT) return;
    this.added = 0;
    this.isCut = weightOf(this.result, MAX_WEIGHT) > MAX_WEIGHT;
  }

  private weighObject(chunk: unknown): void {
    const weight = weightOf(chunk, MAX_WEIGHT);
    this.alike = weight < SMALL ? ALIKE - 1 : 0;
    this.added += weight * (this.alike + 1);
  }
}

function usageOf(value: unknown): Usage | undefined {
  return typeof value === 'object' && value !== null && 'usage' in value ? (value as { readonly usage?: Usage }).usage : undefined;
}
