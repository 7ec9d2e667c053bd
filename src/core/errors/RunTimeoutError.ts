import { RivuletError } from './RivuletError.js';

/** A run, an attempt, or the wait for its next value took longer than it was given. */
export class RunTimeoutError extends RivuletError {
  override readonly name = 'RunTimeoutError';
  constructor(
    readonly limit: 'total' | 'first' | 'idle',
    readonly timeoutMs: number,
    path: readonly string[] = [],
  ) {
    super('TIMEOUT', `${WHAT[limit]} within ${timeoutMs} ms. Raise the limit, or wrap the flow in withRetry or withFallback`, { path });
  }
}

const WHAT = { total: 'the run did not complete', first: 'no first value came', idle: 'no further value came' };
