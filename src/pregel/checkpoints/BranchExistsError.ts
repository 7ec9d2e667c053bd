import { RivuletError } from '../../core/errors/RivuletError.js';
import { quotedId } from './quotedId.js';

/** A fork would take the name of a branch that is there. */
export class BranchExistsError extends RivuletError {
  override readonly name = 'BranchExistsError';
  constructor(
    readonly thread: string,
    readonly branch: string,
  ) {
    super('BRANCH_EXISTS', `thread ${quotedId(thread)} has a branch ${quotedId(branch)} already. Choose another name, or run on that branch`);
  }
}
