import { RivuletError } from '../../core/errors/RivuletError.js';

/** A node's attempt took longer than its timeout. Another attempt may succeed. */
export class NodeTimeoutError extends RivuletError {
  override readonly name = 'NodeTimeoutError';
  readonly retryable = true;
  constructor(
    readonly node: string,
    readonly limit: 'runMs' | 'idleMs',
    readonly timeoutMs: number,
    path: readonly string[],
  ) {
    const what = limit === 'runMs' ? 'did not finish' : 'neither emitted nor sent a heartbeat';
    super('NODE_TIMEOUT', `node '${node}' ${what} within ${timeoutMs} ms. Raise timeout.${limit}, give it a retry policy, or call run.heartbeat() in long work`, { path });
  }
}
