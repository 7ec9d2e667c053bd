import type { Checkpointer, LineAddress } from '../checkpoints/Checkpointer.js';
import type { Durability } from './Commits.js';

/** Where a run is kept. Its tasks may wait for answers, and graphs within them are kept beside it. */
export interface Home {
  readonly store: Checkpointer;
  readonly at: LineAddress;
  /** Whoever holds the thread's lease. */
  readonly owner: string;
  readonly durability: Durability;
}
