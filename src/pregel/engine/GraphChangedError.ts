import { RivuletError } from '../../core/errors/RivuletError.js';

/** A thread was stored by a graph that isn't the one that reads it: something that it needs is missing, or means something else. */
export class GraphChangedError extends RivuletError {
  override readonly name = 'GraphChangedError';
  /** @param lost what has changed, after "thread 'x' " */
  constructor(
    readonly thread: string,
    lost: string,
  ) {
    super('GRAPH_CHANGED', `thread '${thread}' ${lost}. Keep what stored threads need as it was, say what became of it with compile({ migrate }), or start a new thread`);
  }
}
