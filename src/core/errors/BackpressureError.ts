import { RivuletError } from './RivuletError.js';

/** A source that ignores demand filled a boundary's bounded overflow. */
export class BackpressureError extends RivuletError {
  override readonly name = 'BackpressureError';
  constructor(capacity: number, parked: number) {
    super(
      'BACKPRESSURE',
      `a source ignored demand: ${capacity} values in flight and ${parked} parked past them. Use pull(items) for a source that waits, or choose a policy: overflow: n | 'dropOldest' | 'dropNewest' | 'latest'`,
    );
  }
}
