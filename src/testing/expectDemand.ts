import { tap, type Observable } from 'rxjs';
import { requireCount } from '../core/errors/optionChecks.js';
import { ExpectationError } from './ExpectationError.js';
import type { MarbleTest } from './MarbleTest.js';

/** Two places in a pipeline, and how many values are between them. */
export interface DemandProbe {
  /** Put it where values come from. */
  readonly enter: <T>(source: Observable<T>) => Observable<T>;
  /** Put it where they have been consumed. */
  readonly leave: <T>(source: Observable<T>) => Observable<T>;
  /** How many are between the two now. */
  readonly held: number;
  /** The most that ever were. */
  readonly peak: number;
}

/** Expects that at most `peak` values are in flight between `enter` and `leave`, of a pipeline that makes one of one. */
export function expectDemand(test: MarbleTest, peak: number): DemandProbe {
  requireCount('peak', peak);
  let held = 0;
  let highest = 0;

  test.verify(() => {
    if (highest === 0) throw new ExpectationError('no value came by: put probe.enter and probe.leave into the pipeline, and have it run');
    if (highest <= peak) return;
    throw new ExpectationError(`${highest} values were in flight at once, expected at most ${peak}. Something between enter and leave parks values: use mapAsync, buffered or within(n, operator), and a source that waits, such as pull(items)`, highest, peak);
  });

  return {
    enter: (source) => source.pipe(tap(() => (highest = Math.max(highest, ++held)))),
    leave: (source) => source.pipe(tap(() => held--)),
    get held() {
      return held;
    },
    get peak() {
      return highest;
    },
  };
}
