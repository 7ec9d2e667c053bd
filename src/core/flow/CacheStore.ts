import type { Result } from '../bridge/result.js';
import type { RunContext } from '../context/RunContext.js';

/**
 * Where `withCache` keeps runs. Each method may return a value, a promise or an Observable, so that a store in another
 * process (Redis, a database) can be one; what it keeps must come back equal. Use one store, or one prefix of keys, for each
 * cached flow.
 */
export interface CacheStore<O> {
  /** The chunks of the run that is kept under `key`, or `undefined`. */
  get(key: string, run: RunContext): Result<readonly O[] | undefined>;
  /** Keeps a run, for `ttlMs` if there is one. What it returns is awaited. */
  set(key: string, chunks: readonly O[], ttlMs: number | undefined, run: RunContext): Result<unknown>;
}
