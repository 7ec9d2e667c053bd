import { requireMs, requireOneOf, requirePositive } from '../../core/errors/optionChecks.js';

/** How a run meets a thread that another is at work on. */
export type ConcurrentRuns = 'reject' | 'queue' | 'interrupt';

export interface LeaseOptions {
  /**
   * What a run does on a thread that another run is at work on: fails with `THREAD_BUSY` (`reject`, the default), waits its turn
   * (`queue`), or ends the runs of this process that are there, with `CANCELLED`, and goes on from what they stored (`interrupt`).
   * Another process's run both wait for, also one that died, until its lease runs out. `updateState` waits, and interrupts none.
   */
  readonly concurrentRuns?: ConcurrentRuns;
  /** How long a run waits for a busy thread; then it fails with `THREAD_BUSY`. Default 300,000. */
  readonly busyTimeoutMs?: number;
  /** After how long the thread of a process that died is free. A live run renews its lease at a third of that. Default 30,000. */
  readonly leaseMs?: number;
}

/** The same, complete. */
export type LeasePolicy = Required<LeaseOptions>;

/** @throws RivuletError `INVALID_OPTION` */
export function leasePolicy({ concurrentRuns = 'reject', busyTimeoutMs = 300_000, leaseMs = 30_000 }: LeaseOptions): LeasePolicy {
  requireOneOf('concurrentRuns', concurrentRuns, ['reject', 'queue', 'interrupt']);
  requireMs('busyTimeoutMs', busyTimeoutMs);
  requirePositive('leaseMs', leaseMs);
  return { concurrentRuns, busyTimeoutMs, leaseMs };
}
