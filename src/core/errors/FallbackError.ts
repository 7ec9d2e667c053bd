import { RivuletError } from './RivuletError.js';

/** A flow and all its alternatives failed. `errors` are theirs, in order; the last is also the `cause`. */
export class FallbackError extends RivuletError {
  override readonly name = 'FallbackError';
  constructor(readonly errors: readonly unknown[]) {
    const causes = errors.map((error, index) => `${index + 1}. ${error instanceof Error ? error.message : String(error)}`).join('; ');
    super('FALLBACK_FAILED', `a flow and its alternatives failed: ${causes}. Mend one of them, or add an alternative that can't fail`, { cause: errors.at(-1) });
  }
}
