import { RivuletError } from '../../core/errors/RivuletError.js';
import { quotedId } from './quotedId.js';

/** Another owner has taken over the thread, or nobody holds it any more. */
export class LeaseLostError extends RivuletError {
  override readonly name = 'LeaseLostError';
  constructor(
    readonly thread: string,
    readonly owner: string,
  ) {
    super('LEASE_LOST', `${quotedId(owner)} doesn't hold thread ${quotedId(thread)} any more, and nothing was written. Stop this run: whoever holds the thread goes on`);
  }
}
