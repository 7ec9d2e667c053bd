import type { Fold } from '../core/flow/fold.js';

/** Folds to the last value, or to `undefined` where there is none. */
export function lastOrNone<T>(): Fold<T, T | undefined> {
  return FOLD as Fold<T, T | undefined>;
}

const FOLD: Fold<unknown> = {
  kind: 'lastOrNone',
  start: () => {
    let value: unknown;
    return {
      add: (one) => {
        value = one;
      },
      result: () => value,
    };
  },
};
