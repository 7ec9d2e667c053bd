import { single, type Fold, type Folding } from '../../core/flow/fold.js';
import { describedFold } from '../../core/flow/describedFold.js';

const CHOICE: unique symbol = Symbol.for('rivulet.foldChoice') as never;

/**
 * The fold of a flow that learns only in a run how that run folds. Whoever folds the run starts a new folding, then and
 * there, when it is told that the run starts over: for just that moment `start` gives the fold that was chosen.
 */
export class ChosenFold<O, R> implements Fold<O, R> {
  readonly kind = 'chosen';
  private choice: Fold<O, R> | undefined;

  start(): Folding<O, R> {
    return this[CHOICE].start();
  }

  /** @param restart of whoever is downstream: see `restartOf` */
  choose(fold: Fold<unknown, unknown>, restart: () => void): void {
    const before = this.choice;
    this.choice = fold as unknown as Fold<O, R>;
    try {
      restart();
    } finally {
      this.choice = before;
    }
  }

  get [CHOICE](): Fold<O, R> {
    return this.choice ? chosenNow(this.choice) : describedFold(single());
  }
}

/** The fold that holds at this moment, to be kept: the choice, if one is being made. */
export function chosenNow<O, R>(fold: Fold<O, R>): Fold<O, R> {
  return CHOICE in fold ? (fold as unknown as { readonly [CHOICE]: Fold<O, R> })[CHOICE] : fold;
}
