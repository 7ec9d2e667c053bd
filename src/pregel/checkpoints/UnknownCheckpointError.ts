import { RivuletError } from '../../core/errors/RivuletError.js';
import { quotedId } from './quotedId.js';
import type { LineAddress } from './Checkpointer.js';

/** There is no such checkpoint: it was never there, or it was pruned. */
export class UnknownCheckpointError extends RivuletError {
  override readonly name = 'UnknownCheckpointError';
  readonly thread: string;
  constructor(
    { thread, branch }: LineAddress,
    readonly checkpointId: string,
  ) {
    super('UNKNOWN_CHECKPOINT', `branch ${quotedId(branch)} of thread ${quotedId(thread)} has no checkpoint ${quotedId(checkpointId)}. Take an id from the history; old ones may have been pruned`);
    this.thread = thread;
  }
}
