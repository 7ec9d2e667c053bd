import type { SchedulerLike } from 'rxjs';
import type { Checkpointer } from '../../pregel/checkpoints/Checkpointer.js';

/** What is simulated. */
export interface SimulationOptions {
  /** Makes the store that all processes share: an empty, synchronous one, whose leases go by `clock`. Default: one in memory. */
  readonly store?: (clock: SchedulerLike) => Checkpointer;
  /** Makes what a process puts between its engine and the store, a wrapper of yours: called for each process. Default: nothing. */
  readonly view?: (store: Checkpointer) => Checkpointer;
}
