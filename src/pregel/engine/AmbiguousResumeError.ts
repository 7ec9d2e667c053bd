import { RivuletError } from '../../core/errors/RivuletError.js';

/** A bare answer was given where not exactly one interrupt was open. */
export class AmbiguousResumeError extends RivuletError {
  override readonly name = 'AmbiguousResumeError';
  /** @param open the ids of the interrupts that are open */
  constructor(readonly open: readonly string[]) {
    super('AMBIGUOUS_RESUME', `a bare answer was given, and ${open.length === 0 ? 'nothing is open' : `these are open: ${open.join(', ')}`}. Answer by id: resume({ [id]: value })`);
  }
}
