import { RivuletError } from '../../core/errors/RivuletError.js';

/** Nobody answered an interrupt within its `ttlMs`, and it doesn't say what happens then. Asked again, it is still expired. */
export class InterruptExpiredError extends RivuletError {
  override readonly name = 'InterruptExpiredError';
  readonly retryable = false;
  constructor(id: string) {
    super('TIMEOUT', `nobody answered interrupt ${id} within its ttlMs. Say what happens then: interrupt(payload, { ttlMs, onExpiry })`);
  }
}
