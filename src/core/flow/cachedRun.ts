import type { Observable, Subscriber } from 'rxjs';
import { deliver, type Result } from '../bridge/result.js';
import { rootContext, type RunContext } from '../context/RunContext.js';
import { pull } from '../demand/pull.js';
import { contextOf, createSource, Link } from '../subscription.js';
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
      ask(() => store.set(key, all, ttlMs, context), subscriber, context, () => subscriber.complete());
    }

    ask<readonly O[] | undefined>(() => store.get(key, context), subscriber, context, found);
  });
}

/** Goes on with the store's answer, or without one if it fails. */
function ask<T>(question: () => Result<T>, subscriber: Subscriber<never>, context: RunContext, next: (answer: T | undefined) => void): void {
  let answer: T | undefined;
  const link = new Link<T>(subscriber, {
    next: (value) => {
      answer = value;
    },
    error: (error) => {
      context.tell({ type: 'late_error', error });
      next(undefined);
    },
    complete: () => next(answer),
  });
  try {
    deliver(question(), link, context);
  } catch (error) {
    link.error(error);
  }
}
