import { RivuletError } from './RivuletError.js';

/** The run was ended from outside: its signal was aborted, or whoever awaited it was cancelled. */
export class CancelledError extends RivuletError {
  override readonly name = 'CancelledError';
  constructor(cause?: unknown) {
    super('CANCELLED', 'the run was cancelled before it completed. Its signal was aborted, the run that awaited it ended, or another run took its thread', { cause });
  }
}
