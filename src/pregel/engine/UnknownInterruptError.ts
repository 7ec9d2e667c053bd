import { RivuletError } from '../../core/errors/RivuletError.js';

/** An answer was given to an interrupt that isn't open: it never was, or it was answered, closed or expired. */
export class UnknownInterruptError extends RivuletError {
  override readonly name = 'UnknownInterruptError';
  /** @param open the ids of those that are */
  constructor(
    readonly interruptId: string,
    readonly open: readonly string[],
  ) {
    super('UNKNOWN_INTERRUPT', `no interrupt ${interruptId} is open; it may have been answered, closed by new input, or have expired. Open are: ${open.join(', ') || 'none'}`);
  }
}
