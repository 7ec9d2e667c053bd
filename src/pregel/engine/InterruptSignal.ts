import { RivuletError } from '../../core/errors/RivuletError.js';

/**
 * What `await run.answer(…)` rejects with on the first pass, so that `finally` runs. The task is suspended however it is handled.
 * It is a cancellation: this pass of the node is over.
 */
export class InterruptSignal extends RivuletError {
  override readonly name = 'InterruptSignal';
  constructor() {
    super('CANCELLED', 'the task waits for an answer, and runs again from the top when it comes. Let the error pass');
  }
}
