import { RivuletError, type RivuletErrorOptions } from '../core/errors/RivuletError.js';

/** What was written can't be: it isn't an update, it doesn't fit its channel, or several tasks wrote what takes one. */
export class InvalidUpdateError extends RivuletError {
  override readonly name = 'InvalidUpdateError';
  constructor(code: 'INVALID_UPDATE' | 'INVALID_CONCURRENT_GRAPH_UPDATE', message: string, options?: RivuletErrorOptions) {
    super(code, message, options);
  }
}
