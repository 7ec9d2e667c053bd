import type { Observable } from 'rxjs';
import { rootContext } from '../context/RunContext.js';
import { pull } from '../demand/pull.js';
import { contextOf, createSource, Link } from '../subscription.js';
import { askCache } from './askCache.js';
import type { CacheStore } from './CacheStore.js';
import type { Replay } from './Replay.js';

export interface CachedRunOptions<O> {
  readonly store: CacheStore<O>;
  readonly key: string;
  readonly ttlMs: number | undefined;
  /** What the run has said so far. */
  readonly chunks: Replay<O>;
}

/** A run from the store, or else `run$`, which is stored when it has completed. Completion waits for the store. */
export function cachedRun<O>(run$: Observable<O>, { store, key, ttlMs, chunks }: CachedRunOptions<O>): Observable<O> {
  return createSource((subscriber) => {
    const context = contextOf(subscriber) ?? rootContext();

    function found(kept: readonly O[] | undefined): void {
      if (!kept) return void run$.subscribe(new Link<O>(subscriber, { next: (chunk) => subscriber.next(chunk), complete: completed }));
      context.tell({ type: 'custom', value: { cache: 'hit', key } });
      pull(kept).subscribe(subscriber);
    }

    function completed(): void {
      const { all } = chunks;
      if (!all) return subscriber.complete(); // too long to be kept
      askCache(() => store.set(key, all, ttlMs, context), subscriber, context, () => subscriber.complete());
    }

    askCache<readonly O[] | undefined>(() => store.get(key, context), subscriber, context, found);
  });
}
