import { RivuletError } from '../../core/errors/RivuletError.js';

/** Several tasks of one superstep failed in the same turn. */
export class AggregateGraphError extends RivuletError {
  override readonly name = 'AggregateGraphError';
  constructor(
    readonly errors: readonly unknown[],
    path: readonly string[],
  ) {
    super('NODES_FAILED', `${errors.length} tasks of a superstep failed: ${errors.map((error) => (error instanceof Error ? error.message : String(error))).join('; ')}. Mend each; a retry runs only the tasks that didn't finish`, { path });
  }
}
