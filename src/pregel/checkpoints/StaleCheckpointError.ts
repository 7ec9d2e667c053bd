import { RivuletError } from '../../core/errors/RivuletError.js';
import { quotedId } from './quotedId.js';
import type { LineAddress } from './Checkpointer.js';

/** A commit was made on a checkpoint that isn't the head of its branch; nothing of it was written. */
export class StaleCheckpointError extends RivuletError {
  override readonly name = 'StaleCheckpointError';
  readonly thread: string;
  constructor(
    { thread, branch }: LineAddress,
    readonly parentId: string | undefined,
  ) {
    const parent = parentId === undefined ? 'as its first' : `on checkpoint ${quotedId(parentId)}`;
    super('STALE_CHECKPOINT', `a commit to branch ${quotedId(branch)} of thread ${quotedId(thread)} was made ${parent}, but that isn't its head. Load the head and go on from there, or fork`);
    this.thread = thread;
  }
}
