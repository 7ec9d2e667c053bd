import { describe, expect, test } from '@jest/globals';
import { concat, EMPTY, map, NEVER, of, range, Subject, take, tap, throwError, timer, type Observable } from 'rxjs';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { withContext } from '../../src/core/context/withContext.js';
import type { Gate } from '../../src/core/demand/Gate.js';
import { mapAsync, type MapAsyncOptions } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import { contextOf, createSource, Link, restartOf } from '../../src/core/subscription.js';
import { marbles } from '../marbles.js';
import { slowly } from '../slowly.js';

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

describe('mapAsync', () => {
  test('runs as many at a time as it may, and upstream waits', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('-abc|');
    expectObservable(source$.pipe(mapAsync(slowly(3), { concurrency: 2 }))).toBe('----ab-(c|)');
    expectSubscriptions(source$.subscriptions).toBe('^---!');
    expectObservable(cold('-ab|').pipe(mapAsync(slowly(3)))).toBe('----a--(b|)');
  }));

  test('brings results in the order of the values', marbles(({ cold, expectObservable }) => {
    const work: Record<string, Observable<string>> = { a: cold('----x|'), b: cold('-y|'), c: cold('--z-w|') };
    expectObservable(pull('abc').pipe(mapAsync((x) => work[x] as Observable<string>, { concurrency: 3 }))).toBe('----x(yzw|)');
  }));

  test('brings results as they come if it needn’t keep the order', marbles(({ cold, expectObservable }) => {
    const work: Record<string, Observable<string>> = { a: cold('----x|'), b: cold('-y|'), c: cold('--z-----w|') };
    expectObservable(pull('abc').pipe(mapAsync((x) => work[x] as Observable<string>, { concurrency: 3, ordered: false }))).toBe('-yz-x---w|');
  }));

  test('keeps a value’s place until its last result has been taken', marbles(({ expectObservable, flush }) => {
    const begun: string[] = [];
    const work = (x: string): Observable<string> => (begun.push(x), of(x, x.toUpperCase()));
    const result$ = pull('abcd').pipe(mapAsync(work, { concurrency: 2 }), mapAsync(slowly(5)));
    expectObservable(result$, '^---------!').toBe('-----a----');
    flush();
    expect(begun).toEqual(['a', 'b']);
  }));

  test('lets a value whose turn it isn’t produce no more than its prefetch', marbles(({ expectObservable, flush }) => {
    let produced = 0;
    const work = (x: string): Observable<unknown> => (x === 'a' ? timer(5) : pull(numbers(100)).pipe(tap(() => produced++)));
    expectObservable(pull('ab').pipe(mapAsync(work, { concurrency: 2, prefetch: 3 }), map(() => 'x'), take(1))).toBe('-----(x|)');
    flush();
    expect(produced).toBe(3);
  }));

  test('never has more in work than it may, over 100,000 values', () => {
    let gate: Gate | undefined;
    let count = 0;
    const door$ = new Subject<void>();
    let inWork = 0;
    let most = 0;
    const work = (n: number): Observable<number> => {
      most = Math.max(most, ++inWork);
      const done = tap<number>({ finalize: () => inWork-- });
      return n % 1000 === 0 ? door$.pipe(take(1), map(() => n), done) : of(n).pipe(done);
    };
    pull(numbers(100_000)).pipe(mapAsync(work, { concurrency: 4, ordered: false, probe: (g) => (gate = g) })).subscribe(() => count++);
    while (count < 100_000) door$.next();
    expect(most).toBe(4);
    expect(gate?.peak).toBe(4);
  });

  test.each<MapAsyncOptions>([{}, { concurrency: 8 }, { concurrency: 8, ordered: false }, { concurrency: Infinity }])('maps 100,000 synchronous values on a flat stack, %p', (options) => {
    let sum = 0;
    pull(numbers(100_000)).pipe(mapAsync((n) => n, options)).subscribe((n) => (sum += n));
    expect(sum).toBe((100_000 * 99_999) / 2);
  });

  test('maps 100,000 values of a source that ignores demand, if they take no time', () => {
    let count = 0;
    range(0, 100_000).pipe(mapAsync((n) => of(n))).subscribe(() => count++);
    expect(count).toBe(100_000);
  });

  test('passes on the error of its source, and of project: thrown, or the result’s; and cancels the rest', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const work$ = cold('-----x|');
    const source$ = cold('a--#');
    expectObservable(source$.pipe(mapAsync(() => work$))).toBe('---#');
    expectSubscriptions(source$.subscriptions).toBe('^--!');
    expectSubscriptions(work$.subscriptions).toBe('^--!');
    expectObservable(cold('-a-|').pipe(mapAsync(() => { throw 'thrown'; }))).toBe('-#', undefined, 'thrown');
    const failing: Record<string, Observable<string>> = { a: NEVER, b: timer(2).pipe(map(() => { throw 'later'; })) };
    expectObservable(pull('ab').pipe(mapAsync((x) => failing[x] as Observable<string>, { concurrency: 2 }))).toBe('--#', undefined, 'later');
  }));

  test('completes when its source has, and all is delivered', marbles(({ expectObservable }) => {
    expectObservable(EMPTY.pipe(mapAsync(slowly(3)))).toBe('|');
    expectObservable(pull('a').pipe(mapAsync(() => EMPTY))).toBe('|');
    expectObservable(concat(of('a'), NEVER).pipe(mapAsync(() => EMPTY))).toBe('-');
  }));

  test('cancels what is in work in the frame in which it is unsubscribed, and aborts the run’s signal', marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
    const runs: RunScope[] = [];
    const work$ = cold('-x--y|');
    const source$ = cold('(ab)|');
    expectObservable(source$.pipe(mapAsync((_x, _index, run) => (runs.push(run), work$), { concurrency: 2 })), '^-!').toBe('-x');
    expectSubscriptions(source$.subscriptions).toBe('^-!');
    expectSubscriptions(work$.subscriptions).toBe(['^-!', '^-!']);
    flush();
    expect(runs.map((run) => run.cancelled)).toEqual([true, true]);
  }));

  test('doesn’t abort the signal of what completed', () => {
    const runs: RunScope[] = [];
    const result$ = of(1, 2).pipe(mapAsync((n, _index, run) => (runs.push(run), n === 1 ? of(n) : NEVER)));
    result$.subscribe().unsubscribe();
    expect(runs.map((run) => run.signal.aborted)).toEqual([false, true]);
  });

  test('parks what a source pushes past it, up to its overflow', marbles(({ cold, hot, expectObservable }) => {
    expectObservable(cold('(abc|)').pipe(mapAsync(slowly(2)))).toBe('--a-b-(c|)');
    expectObservable(hot('-(abc)').pipe(mapAsync(slowly(2), { overflow: 1 }))).toBe('-#', undefined, expect.objectContaining({ code: 'BACKPRESSURE' }));
    expectObservable(cold('(abcd|)').pipe(mapAsync(slowly(2), { overflow: 'dropOldest' }))).toBe('--a-(d|)');
    expectObservable(cold('(abcd|)').pipe(mapAsync(slowly(2), { overflow: 'dropNewest' }))).toBe('--a-(b|)');
  }));

  test('gives project the index and a run, which sees the context', () => {
    const seen: unknown[] = [];
    const source$ = createSource<string>((subscriber) => {
      seen.push(contextOf(subscriber)?.tags);
      pull('ab').subscribe(subscriber);
    });
    source$.pipe(mapAsync((x, index, run) => void seen.push([x, index, run.tags])), withContext({ tags: ['t'] })).subscribe();
    expect(seen).toEqual([['t'], ['a', 0, ['t']], ['b', 1, ['t']]]);
  });

  test('takes promises', async () => {
    const seen: number[] = [];
    await pull([3, 1, 2]).pipe(mapAsync(async (n) => n * 2, { concurrency: 3 })).forEach((n) => void seen.push(n));
    expect(seen).toEqual([6, 2, 4]);
  });

  test('keeps the order when a consumer makes the source emit', () => {
    const source$ = new Subject<number>();
    const seen: number[] = [];
    source$.pipe(mapAsync((n) => of(n, -n))).subscribe((n) => {
      seen.push(n);
      if (n > 0 && n < 3) source$.next(n + 1);
    });
    source$.next(1);
    expect(seen).toEqual([1, -1, 2, -2, 3, -3]);
  });

  test('drops what is in work, and what waits, when its source starts over', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const work: Record<string, ReturnType<typeof cold<string>>> = { a: cold('--a|'), b: cold('--b|'), x: cold('--x|') };
    const source$ = createSource<string>((subscriber) => {
      const restart = restartOf(subscriber);
      subscriber.next('a');
      subscriber.next('b');
      restart();
      subscriber.next('x');
      subscriber.complete();
    });
    let restarts = 0;
    const result$ = createSource<string>((subscriber) => {
      const link = new Link<string>(subscriber, { next: (x) => subscriber.next(x), restart: () => restarts++ });
      source$.pipe(mapAsync((x) => work[x] as Observable<string>)).subscribe(link);
    });
    expectObservable(result$.pipe(tap({ complete: () => expect(restarts).toBe(1) }))).toBe('--x|');
    expectSubscriptions(work['a']!.subscriptions).toBe('(^!)');
    expectSubscriptions(work['b']!.subscriptions).toBe([]);
    expectSubscriptions(work['x']!.subscriptions).toBe('^--!');
  }));

  test('drops what was prefetched of a value that starts over, and leaves the others alone', marbles(({ expectObservable }) => {
    let restarts = 0;
    const again = createSource<string>((subscriber) => {
      const restart = restartOf(subscriber);
      subscriber.next('old');
      restart();
      subscriber.next('b');
      subscriber.complete();
    });
    const result$ = createSource<string>((subscriber) => {
      const link = new Link<string>(subscriber, { next: (x) => subscriber.next(x), restart: () => restarts++ });
      pull('ab').pipe(mapAsync((x) => (x === 'a' ? slowly<string>(2)(x) : again), { concurrency: 2 })).subscribe(link);
    });
    expectObservable(result$.pipe(tap({ complete: () => expect(restarts).toBe(0) }))).toBe('--(ab|)');
  }));

  test.each<MapAsyncOptions>([{ concurrency: 0 }, { concurrency: NaN }, { concurrency: -1 }, { prefetch: 0 }, { prefetch: Infinity }])('refuses %p', (options) => {
    expect(() => mapAsync(() => throwError(() => 'no'), options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
