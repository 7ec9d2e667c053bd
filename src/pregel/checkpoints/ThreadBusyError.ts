import { RivuletError } from '../../core/errors/RivuletError.js';
import { quotedId } from './quotedId.js';

/** Another owner holds the thread. */
export class ThreadBusyError extends RivuletError {
  override readonly name = 'ThreadBusyError';
  constructor(readonly thread: string) {
    super('THREAD_BUSY', `another run is at work on thread ${quotedId(thread)}. Wait for it, or set concurrentRuns to 'queue' or 'interrupt'`);
  }
}
