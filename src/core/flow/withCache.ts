import type { Observable, Subscriber } from 'rxjs';
import type { RunScope } from '../context/RunScope.js';
import { BackpressureError } from '../errors/BackpressureError.js';
import { requireCount, requirePositive } from '../errors/optionChecks.js';
import { RivuletError } from '../errors/RivuletError.js';
import { pull } from '../demand/pull.js';
import { operate } from '../subscription.js';
import { DEFAULT_REPLAY } from './Attempts.js';
import type { CacheStore } from './CacheStore.js';
import { cachedRun } from './cachedRun.js';
import { canonicalJson } from './canonicalJson.js';
import { Flight } from './Flight.js';
import { flow, type Flow } from './flow.js';
import { carryFold } from './fold.js';
import { MemoryCache } from './MemoryCache.js';
import { Replay } from './Replay.js';
import { whole, type WholeOf } from './whole.js';

export interface CacheOptions<I, O> {
  /** What tells inputs apart. Default: the folded input as canonical JSON. */
  readonly key?: (input: WholeOf<I>) => string;
  /** How long a run may be used again. Default: as long as it is kept. */
  readonly ttlMs?: number;
  /** How many runs the store in memory keeps: those used last. Default 1,000. */
  readonly maxEntries?: number;
  /** Another store than the one in memory. */
  readonly store?: CacheStore<O>;
  /** The most chunks a run may have to be cached. Default 10,000. */
  readonly maxChunks?: number;
}

/**
 * Keeps the chunks of a flow's completed runs and says them again for an equal input. Runs of an equal input at the same
 * time share one, each at its own demand; it ends when the last of them leaves. Failed and cancelled runs are never kept.
 *
 * A run that was found sends a `custom` event `{ cache: 'hit', key }`, one that shares another's `{ cache: 'shared', key }`;
 * what a shared run does inside is told to the run that began it. An error of the store never fails a run: it is a
 * `late_error` event.
 *
 * ```text
 * -a-----------|
 * withCache(f)      f answers -x-y|
 * --x-y--------|   first
 * -(xy)--------|   then
 * ```
 *
 * *Demand*: transparent; keeps up to `maxChunks` chunks. *Timing*: the flow's; synchronous when found in memory.
 * *Errors*: the flow's; `INVALID_OPTION` if the input isn't JSON and there is no `key`.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { lambda, withCache } from 'rivulet';
 *
 * let calls = 0;
 * const slow = withCache(lambda(async (n: number) => n * ++calls), { ttlMs: 60_000 });
 * const results = [await slow.invoke(5), await slow.invoke(5)]; // [5, 5]
 * ```
 */
export function withCache<I, O, R>(target: Flow<I, O, R>, options: CacheOptions<NoInfer<I>, NoInfer<O>> = {}): Flow<I, O, R> {
  const { key = canonicalJson, ttlMs, maxEntries = 1000, maxChunks = DEFAULT_REPLAY } = options;
  if (ttlMs !== undefined) requirePositive('ttlMs', ttlMs);
  requireCount('maxChunks', maxChunks);
  const store = options.store ?? new MemoryCache<O>(requireCount('maxEntries', maxEntries));
  const flights = new Map<string, Flight<O>>();

  function flightOf(cacheKey: string, run: RunScope, run$: () => Observable<O>): Flight<O> {
    const current = flights.get(cacheKey);
    if (current?.canBeJoined) {
      run.tell({ type: 'custom', value: { cache: 'shared', key: cacheKey } });
      return current;
    }
    const flight = new Flight<O>(run, maxChunks, (chunks) => cachedRun(run$(), { store, key: cacheKey, ttlMs, chunks }), () => {
      if (flights.get(cacheKey) === flight) flights.delete(cacheKey);
    });
    flights.set(cacheKey, flight);
    return flight;
  }

  function subscribe(source: Observable<I>, subscriber: Subscriber<O>): void {
    const input = new Replay<I>(DEFAULT_REPLAY);
    const step = (value: WholeOf<I>, run: RunScope): Observable<O> => {
      const chunks = input.all;
      if (!chunks) throw new BackpressureError(DEFAULT_REPLAY, 0);
      return flightOf(stringKey(key(value)), run, () => target(carryFold(source, pull([...chunks])))).values$;
    };
    whole(step as (value: unknown, run: RunScope) => Observable<O>)(input.of(source, subscriber)).subscribe(subscriber);
  }

  return flow(`withCache(${target.name})`, operate(subscribe), { fold: target.fold });
}

function stringKey(key: unknown): string {
  if (typeof key === 'string') return key;
  throw new RivuletError('INVALID_OPTION', `withCache's key callback returned ${typeof key}. It must return a string`);
}
