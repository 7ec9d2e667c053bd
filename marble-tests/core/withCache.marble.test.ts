import { describe, expect, test } from '@jest/globals';
import { map, mergeMap, of, range, Subject, tap, throwError, timer, type Observable } from 'rxjs';
import { withContext } from '../../src/core/context/withContext.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import type { CacheStore } from '../../src/core/flow/CacheStore.js';
import { chain } from '../../src/core/flow/chain.js';
import { flow, type Flow } from '../../src/core/flow/flow.js';
import { concatText, list } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { withCache, type CacheOptions } from '../../src/core/flow/withCache.js';
import { withRetry } from '../../src/core/flow/withRetry.js';
import { contextOf, createSource } from '../../src/core/subscription.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';
import { slowly } from '../slowly.js';

const at = <T>(frame: number, source$: Observable<T>): Observable<T> => timer(frame).pipe(mergeMap(() => source$));

/** Answers each input with its own number, and counts. */
function counting(): Flow<unknown, string, readonly string[]> & { readonly calls: () => number } {
  let calls = 0;
  const answer = flow('counting', (source: Observable<unknown>) => source.pipe(mergeMap(() => of(`${++calls}a`, `${calls}b`))), { fold: list<string>() });
  return Object.assign(answer, { calls: () => calls });
}

function chunksOf<T>(source: Observable<T>): unknown[] {
  const seen: unknown[] = [];
  source.subscribe({ next: (x) => seen.push(x), error: (e) => seen.push(e), complete: () => seen.push('|') });
  return seen;
}

describe('withCache', () => {
  test('says the chunks of a completed run again, at once', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const work$ = cold('-x-y|');
    const cached = withCache(lambda(() => work$));
    const source$ = cold('-a-----------|');
    expectObservable(source$.pipe(cached)).toBe('--x-y--------|');
    expectObservable(at(7, source$.pipe(cached))).toBe('--------(xy)--------|');
    expectSubscriptions(work$.subscriptions).toBe('-^---!');
    expectSubscriptions(source$.subscriptions).toBe(['^------------!', '-------^------------!']);
  }));

  test('gives the very same chunks, and keeps inputs apart', async () => {
    const chunk = { text: 'x' };
    let calls = 0;
    const cached = withCache(lambda((n: number) => (calls++, n === 1 ? chunk : { text: 'y' })));
    expect(await cached.invoke(1)).toBe(chunk);
    expect(await cached.invoke(1)).toBe(chunk);
    expect(await cached.invoke(2)).toEqual({ text: 'y' });
    expect(calls).toBe(2);
  });

  test('tells inputs apart by their JSON, whatever the order of keys', () => {
    const target = counting();
    const cached = withCache(target);
    const same = [{ a: 1, b: [1, { c: 2, d: undefined }] }, { b: [1, { c: 2 }], a: 1 }];
    for (const input of same) cached.run(input).subscribe();
    expect(target.calls()).toBe(1);
    for (const input of ['1', 1, [1], null, true, { 1: 1 }, '', {}, []]) cached.run(input).subscribe();
    expect(target.calls()).toBe(10);
  });

  test.each([
    ['a function', () => 1],
    ['undefined', undefined],
    ['NaN', NaN],
    ['a bigint', 1n],
    ['a Date', new Date(0)],
    ['a Map in an object', { m: new Map() }],
    ['a hole', [, 1]],
    ['a cycle', (() => { const o: Record<string, unknown> = {}; o['self'] = o; return o; })()],
  ])('refuses %s without a key', (_what, input) => {
    expect(chunksOf(withCache(counting()).run(input))).toEqual([expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('key:') })]);
  });

  test('takes another key, which must be a string; its error goes on', () => {
    const target = counting();
    const cached = withCache(target, { key: (input) => String(input).toLowerCase() });
    expect([chunksOf(cached.run('A')), chunksOf(cached.run('a'))]).toEqual([['1a', '1b', '|'], ['1a', '1b', '|']]);
    expect(chunksOf(withCache(target, { key: () => 1 as never }).run('a'))).toEqual([expect.objectContaining({ code: 'INVALID_OPTION' })]);
    expect(chunksOf(withCache(target, { key: () => { throw 'broken'; } }).run('a'))).toEqual(['broken']);
  });

  test('folds an input of chunks for its key, and gives the flow the chunks', () => {
    const seen: string[] = [];
    const target = flow('upper', map((x: string) => (seen.push(x), x.toUpperCase())), { fold: concatText });
    const cached = withCache(target, { key: (text) => text });
    const words = (...parts: string[]): Flow<unknown, string> => flow('words', () => of(...parts), { fold: concatText });
    expect(chunksOf(chain(words('a', 'b'), cached).run(0))).toEqual(['A', 'B', '|']);
    expect(chunksOf(chain(words('ab'), cached).run(0))).toEqual(['A', 'B', '|']);
    expect(seen).toEqual(['a', 'b']);
    expect(chunksOf(of('a', 'b').pipe(cached))).toEqual(['A', expect.objectContaining({ code: 'SECOND_INPUT' })]);
  });

  test('never keeps a failed run', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const work$ = cold('-x#');
    const cached = withCache(lambda(() => work$));
    expectObservable(cached.run('a')).toBe('-x#');
    expectObservable(at(4, cached.run('a'))).toBe('-----x#');
    expectSubscriptions(work$.subscriptions).toBe(['^-!', '----^-!']);
  }));

  test('never keeps a cancelled run', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const work$ = cold('-x-|');
    const cached = withCache(lambda(() => work$));
    expectObservable(cached.run('a'), '^-!').toBe('-x');
    expectObservable(at(4, cached.run('a'))).toBe('-----x-|');
    expectSubscriptions(work$.subscriptions).toBe(['^-!', '----^--!']);
  }));

  test('shares one run among those of an equal input at the same time', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const work$ = cold('x-y----z|');
    const cached = withCache(lambda((_: string) => work$));
    expectObservable(cached.run('a')).toBe('x-y----z|');
    expectObservable(at(3, cached.run('a'))).toBe('---(xy)z|');
    expectSubscriptions(work$.subscriptions).toBe('^-------!');
  }));

  test('lets a shared run go on when the one that began it leaves, and ends it with the last', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const work$ = cold('-x-y-z-|');
    const cached = withCache(lambda((_: string) => work$));
    expectObservable(cached.run('a'), '^-!').toBe('-x');
    expectObservable(at(1, cached.run('a')), '^---!').toBe('-x-y');
    expectSubscriptions(work$.subscriptions).toBe('^---!');
  }));

  test('lets each who shares read at its own demand', marbles(({ expectObservable, flush }) => {
    let pulled = 0;
    const cached = withCache(flow('letters', () => pull('abcd').pipe(tap(() => pulled++)), { fold: concatText }));
    expectObservable(cached.run('q').pipe(mapAsync(slowly(2)))).toBe('--a-b-c-(d|)');
    expectObservable(cached.run('q').pipe(mapAsync(slowly(1)))).toBe('-abc(d|)');
    flush();
    expect(pulled).toBe(4);
  }));

  test('keeps a run no longer than ttlMs', marbles(({ expectObservable }) => {
    const target = counting();
    const cached = withCache(target, { ttlMs: 5 }).run('a').pipe(map((x) => x));
    expectObservable(cached).toBe('(xy|)', { x: '1a', y: '1b' });
    expectObservable(at(4, cached)).toBe('----(xy|)', { x: '1a', y: '1b' });
    expectObservable(at(5, cached)).toBe('-----(xy|)', { x: '2a', y: '2b' });
  }));

  test('shares no run that has ended, however slowly it is still read', marbles(({ expectObservable, flush }) => {
    let calls = 0;
    const cached = withCache(flow('at once', () => (calls++, of('x', 'x')), { fold: list<string>() }), { ttlMs: 5 });
    expectObservable(cached.run('a').pipe(mapAsync(slowly(10)))).toBe('10ms x 9ms (x|)');
    expectObservable(at(6, cached.run('a'))).toBe('------(xx|)');
    flush();
    expect(calls).toBe(2);
  }));

  test('keeps the maxEntries runs that were used last', () => {
    const target = counting();
    const cached = withCache(target, { maxEntries: 2 });
    for (const input of ['a', 'b', 'a', 'c', 'a']) cached.run(input).subscribe();
    expect(target.calls()).toBe(3);
    cached.run('b').subscribe();
    expect(target.calls()).toBe(4);
  });

  test('doesn’t keep a run of more than maxChunks, but lets it through', () => {
    let calls = 0;
    const long = flow('long', (s: Observable<number>) => s.pipe(mergeMap((n) => (calls++, range(0, n)))), { fold: list<number>() });
    const cached = withCache(long, { maxChunks: 3 });
    for (const n of [3, 3, 4, 4]) expect(chunksOf(cached.run(n))).toHaveLength(n + 1);
    expect(calls).toBe(3);
  });

  test('marks what was found and what is shared', marbles(({ cold, expectObservable, flush }) => {
    const sink = recorder();
    const cached = withCache(lambda((_: string) => cold('-x|')));
    const run$ = cached.run('a', { events: sink });
    expectObservable(run$).toBe('-x|');
    expectObservable(run$).toBe('-x|');
    expectObservable(at(5, run$)).toBe('-----(x|)');
    flush();
    expect(sink.events.filter(({ type }) => type === 'custom').map((event) => [event.at, 'value' in event && event.value])).toEqual([
      [0, { cache: 'shared', key: '"a"' }],
      [5, { cache: 'hit', key: '"a"' }],
    ]);
  }));

  test('uses a store that takes its time; completion waits until it has kept the run', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const kept = new Map<string, readonly string[]>();
    const store: CacheStore<string> = {
      get: (key) => timer(2).pipe(map(() => kept.get(key))),
      set: (key, chunks) => timer(3).pipe(map(() => kept.set(key, chunks))),
    };
    const work$ = cold('-x|');
    const cached = withCache(lambda((_: string) => work$), { store });
    expectObservable(cached.run('a')).toBe('---x---|');
    expectObservable(at(5, cached.run('a'))).toBe('-----x-|');
    expectObservable(at(9, cached.run('a'))).toBe('-----------(x|)');
    expectSubscriptions(work$.subscriptions).toBe('--^-!');
  }));

  test('takes a store of promises', async () => {
    const kept = new Map<string, string>();
    const store: CacheStore<number> = {
      get: async (key) => (kept.has(key) ? (JSON.parse(kept.get(key) as string) as [number[]])[0] : undefined),
      set: async (key, chunks, ttlMs) => void kept.set(key, JSON.stringify([chunks, ttlMs])),
    };
    let calls = 0;
    const cached = withCache(lambda((n: number) => n + ++calls), { store, ttlMs: 9 });
    expect([await cached.invoke(1), await cached.invoke(1)]).toEqual([2, 2]);
    expect([...kept]).toEqual([['1', '[[2],9]']]);
  });

  test('goes on without a store that fails, and tells of it', async () => {
    const sink = recorder();
    const broken: CacheStore<number>[] = [
      { get: () => { throw 'get'; }, set: () => { throw 'set'; } },
      { get: () => throwError(() => 'get'), set: () => Promise.reject('set') },
    ];
    for (const store of broken) expect(await withCache(lambda((n: number) => n), { store }).invoke(7, { events: sink })).toBe(7);
    expect(sink.events.filter(({ type }) => type === 'late_error').map((event) => 'error' in event && event.error)).toEqual(['get', 'set', 'get', 'set']);
  });

  test('keeps what a restarted run said last', async () => {
    let attempt = 0;
    const half = flow('half', () => (attempt++ === 0 ? createSource<string>((s) => (s.next('a'), s.error('no'))) : of('b', 'c')), { fold: concatText });
    const cached = withCache(withRetry(half, { initialMs: 0, restart: true }));
    expect(await cached.invoke('x')).toBe('bc');
    expect(await cached.invoke('x')).toBe('bc');
    expect(attempt).toBe(2);
  });

  test('lets the context through to its source and its flow', () => {
    const seen: unknown[] = [];
    const source$ = createSource<string>((subscriber) => {
      seen.push(contextOf(subscriber)?.tags);
      subscriber.next('a');
      subscriber.complete();
    });
    source$.pipe(withCache(lambda((_: string, run) => void seen.push(run.tags))), withContext({ tags: ['x'] })).subscribe();
    expect(seen).toEqual([['x'], ['x']]);
  });

  test('lets 100,000 synchronous chunks through, and says them again', () => {
    const cached = withCache(flow('many', () => range(0, 100_000), { fold: list<number>() }), { maxChunks: 100_000 });
    expect([chunksOf(cached.run(1)).length, chunksOf(cached.run(1)).length]).toEqual([100_001, 100_001]);
  });

  test('can be run from within itself', () => {
    const cached: Flow<number, number> = withCache(lambda((n: number): number | Observable<number> => (n < 2 ? n : cached.run(n - 1).pipe(mergeMap((a) => cached.run(n - 2).pipe(map((b) => a + b)))))) as Flow<number, number>);
    expect(chunksOf(cached.run(15))).toEqual([610, '|']);
  });

  test('leaves nothing behind when all have left', () => {
    const work$ = new Subject<string>();
    const cached = withCache(lambda((_: string) => work$));
    const subscriptions = [cached.run('a').subscribe(), cached.run('a').subscribe()];
    expect(work$.observed).toBe(true);
    for (const subscription of subscriptions) subscription.unsubscribe();
    expect(work$.observed).toBe(false);
  });

  test.each<CacheOptions<unknown, string>>([{ ttlMs: 0 }, { ttlMs: NaN }, { maxEntries: 0 }, { maxEntries: Infinity }, { maxChunks: -1 }])('refuses %p', (options) => {
    expect(() => withCache(counting(), options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
