import { RivuletError } from '../../core/errors/RivuletError.js';

/** Why a store failed: no room; held by another process; out of reach; too slow; closed by its user; or as the cause says. */
export type StoreFailure = 'full' | 'locked' | 'unreachable' | 'timeout' | 'closed' | 'other';

/** A store couldn't do what it was asked; what it held before is intact. The driver's error is the `cause`. */
export class StoreError extends RivuletError {
  override readonly name = 'StoreError';
  constructor(
    readonly reason: StoreFailure,
    cause?: unknown,
  ) {
    super('STORE_FAILED', `${SAYS[reason]}${cause instanceof Error ? ` (${cause.message})` : ''}. ${ADVICE[reason]}`, { cause });
  }

  /** Whether the same may succeed later. After `timeout` or `unreachable` it may have been done: load it to see. */
  get transient(): boolean {
    return this.reason === 'locked' || this.reason === 'unreachable' || this.reason === 'timeout';
  }
}

const SAYS: Readonly<Record<StoreFailure, string>> = {
  full: 'the store has no room left',
  locked: 'the store is held by another process',
  unreachable: 'the store is out of reach',
  timeout: 'the store did not answer in time',
  closed: 'the store was closed',
  other: 'the store failed',
};

const ADVICE: Readonly<Record<StoreFailure, string>> = {
  full: 'Make room and run again: what it held is intact',
  locked: 'Run again, or raise the busy timeout',
  unreachable: 'Check the connection and run again',
  timeout: 'Run again, or raise timeoutMs',
  closed: 'Close it after the last run',
  other: 'See the cause; what it held is intact',
};
