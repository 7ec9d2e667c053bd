import type { Checkpointer, LineAddress } from '../checkpoints/Checkpointer.js';
import type { LeaseHolder } from './LeaseHolder.js';
import type { LeasePolicy } from './LeasePolicy.js';

/**
 * When supersteps are stored: `sync`, before the next one starts; `async`, while the next one runs; `exit`, when the run ends, all in
 * one commit. What a crash loses is nothing, one superstep, or the run.
 */
export type Durability = 'sync' | 'async' | 'exit';

/** Where a run is kept. Its tasks may wait for answers, and graphs within them are kept beside it. */
export interface Home {
  readonly store: Checkpointer;
  readonly at: LineAddress;
  /** Whoever holds the thread's lease, and how that is got. */
  readonly holder: LeaseHolder;
  readonly lease: LeasePolicy;
  readonly durability: Durability;
}

/** Whose lease it is, of what. */
export type Leasing = Omit<Home, 'durability'>;
