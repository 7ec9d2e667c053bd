import type { TracedRun } from '../runs/TracedRun.js';
import { snapshotOf } from './snapshotOf.js';

interface Given {
  readonly value: unknown;
  readonly snapshot: unknown;
}

/** What went into runs, as it was when they began: what their programs make of it meanwhile is no part of it. */
export class GivenInputs {
  private readonly given = new WeakMap<TracedRun, Given>();

  /** As the run begins. What can't change takes no room. */
  keep(run: TracedRun): void {
    const { inputs: value } = run;
    const snapshot = snapshotOf(value);
    if (snapshot !== value) this.given.set(run, { value, snapshot });
  }

  /** The run with its inputs as they were, or with what has come in their place: the whole of those that came in chunks. */
  withInputs(run: TracedRun): TracedRun {
    const given = this.given.get(run);
    if (given?.value !== run.inputs) return run;
    return Object.create(run, { inputs: { value: given?.snapshot, enumerable: true } }) as TracedRun;
  }
}
