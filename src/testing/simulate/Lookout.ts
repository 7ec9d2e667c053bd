import type { SchedulerLike } from 'rxjs';
import { rootContext } from '../../core/context/RunContext.js';
import type { Checkpointer } from '../../pregel/checkpoints/Checkpointer.js';
import { leasePolicy } from '../../pregel/engine/LeasePolicy.js';
import type { StateSnapshot } from '../../pregel/engine/StateSnapshot.js';
import { Thread } from '../../pregel/engine/Thread.js';
import type { GraphPlan } from '../../pregel/graph/GraphPlan.js';
import type { JobState } from './simulatedGraph.js';

interface Look {
  readonly state: StateSnapshot<JobState>;
  /** Of the head: while there are no more, nothing has changed. */
  readonly rows: number;
}

/** Looks at the store from outside: nothing goes wrong meanwhile. */
export class Lookout {
  private readonly looks = new Map<string, Look>();

  constructor(
    private readonly plan: GraphPlan,
    private readonly store: Checkpointer,
    private readonly clock: SchedulerLike,
  ) {}

  /** A branch at its head; `undefined` before its first commit. Restored only where something has changed. */
  at(branch: string): StateSnapshot<JobState> | undefined {
    const at = { thread: 't', namespace: '', branch };
    this.store.load(at, undefined, []).subscribe(({ id, pending }) => {
      const known = this.looks.get(branch);
      if (known?.state.checkpointId === id && known.rows === pending.length) return;
      const thread = new Thread<JobState>(this.plan, this.store, at, rootContext({ scheduler: this.clock }), leasePolicy({}));
      thread.state().subscribe((state) => this.looks.set(branch, { state, rows: pending.length }));
    });
    return this.looks.get(branch)?.state;
  }
}
