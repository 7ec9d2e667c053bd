import { describe, expect, test } from '@jest/globals';
import { EMPTY, map, merge, mergeMap, NEVER, of, range, Subject, tap, timer, type Observable } from 'rxjs';
import { VirtualTimeScheduler } from 'rxjs';
import { withContext } from '../../src/core/context/withContext.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import { chain } from '../../src/core/flow/chain.js';
import { each } from '../../src/core/flow/each.js';
import { flow } from '../../src/core/flow/flow.js';
import { concatText } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { withRateLimit, type RateLimitOptions } from '../../src/core/flow/withRateLimit.js';
import { contextOf, createSource } from '../../src/core/subscription.js';
import { marbles } from '../marbles.js';
import { slowly } from '../slowly.js';

const same = lambda((x: string) => x, 'same');
const full = expect.objectContaining({ code: 'BACKPRESSURE' });

describe('withRateLimit', () => {
  test('spaces the beginnings of runs evenly', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('(abc|)');
    const limited = withRateLimit(same, { perSecond: 500 });
    expectObservable(source$.pipe(each(limited, { concurrency: 3 }))).toBe('a-b-(c|)');
    expectSubscriptions(source$.subscriptions).toBe('(^!)');
  }));

  test('lets a burst begin after a pause, and not more than the rate after that', marbles(({ cold, expectObservable }) => {
    const limited = withRateLimit(same, { limit: 1, intervalMs: 8, burst: 2 });
    expectObservable(cold('(abcd)----------------------------(ef|)').pipe(each(limited, { concurrency: 9 }))).toBe('(ab)----c-------d-----------------(ef|)');
  }));

  test('lets no more than concurrency run at once', marbles(({ cold, expectObservable }) => {
    const limited = withRateLimit(lambda((x: string) => slowly<string>(6)(x)), { concurrency: 2 });
    expectObservable(cold('(abcd|)').pipe(each(limited, { concurrency: 9 }))).toBe('------(ab)--(cd|)');
  }));

  test('is shared by all runs, and begins them in the order in which they came', marbles(({ expectObservable }) => {
    const limited = withRateLimit(same, { perSecond: 250 });
    const at = (frame: number, x: string): Observable<string> => timer(frame).pipe(mergeMap(() => limited.run(x)));
    expectObservable(at(0, 'a')).toBe('(a|)');
    expectObservable(at(2, 'c')).toBe('--------(c|)');
    expectObservable(at(1, 'b')).toBe('----(b|)');
    expectObservable(timer(3).pipe(map(() => 'd'), limited)).toBe('------------(d|)');
  }));

  test('gives the place of one that leaves to the next', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const limited = withRateLimit(same, { perSecond: 200 });
    const source$ = cold('b---------|');
    expectObservable(limited.run('a')).toBe('(a|)');
    expectObservable(source$.pipe(limited), '^-!').toBe('');
    expectObservable(limited.run('c')).toBe('-----(c|)');
    expectSubscriptions(source$.subscriptions).toBe('^-!');
  }));

  test('gives the slot of one that fails or leaves to the next', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const work = { a: cold('--#'), b: cold('---x|'), c: cold('-x|') };
    const limited = withRateLimit(lambda((x: 'a' | 'b' | 'c') => work[x]), { concurrency: 1 });
    expectObservable(limited.run('a')).toBe('--#');
    expectObservable(limited.run('b'), '^---!').toBe('');
    expectObservable(limited.run('c')).toBe('-----x|');
    expectSubscriptions(work.b.subscriptions).toBe('--^-!');
    expectSubscriptions(work.c.subscriptions).toBe('----^-!');
  }));

  test('leaves no timer when nobody waits', marbles(({ expectObservable, flush }, scheduler) => {
    const limited = withRateLimit(same, { perSecond: 1 });
    expectObservable(limited.run('a')).toBe('(a|)');
    expectObservable(limited.run('b'), '^-!').toBe('');
    flush();
    expect(scheduler.actions).toEqual([]);
    expect(scheduler.now()).toBe(2);
  }));

  test('fails with BACKPRESSURE when the queue is full', marbles(({ expectObservable }) => {
    const limited = withRateLimit(same, { perSecond: 500, maxQueue: 1 });
    expectObservable(limited.run('a')).toBe('(a|)');
    expectObservable(limited.run('b')).toBe('--(b|)');
    expectObservable(limited.run('c')).toBe('#', undefined, full);
    expectObservable(withRateLimit(lambda(() => NEVER), { concurrency: 1, maxQueue: 0 }).run('a')).toBe('-');
  }));

  test('counts a run from when it has its input', marbles(({ cold, expectObservable }) => {
    const limited = withRateLimit(lambda((text: string) => text.length), { perSecond: 200 });
    const words = flow('words', () => cold<string>('a--b|'), { fold: concatText });
    expectObservable(chain(words, limited).run('x')).toBe('-----(2|)', { 2: 2 });
    expectObservable(limited.run('abc')).toBe('(3|)', { 3: 3 });
  }));

  test('keeps the input that comes while it waits, and streams what comes after', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const limited = withRateLimit(flow('upper', map((x: string) => x.toUpperCase())), { perSecond: 250 });
    expectObservable(limited.run('x')).toBe('(X|)');
    const source$ = cold('ab------c|');
    expectObservable(source$.pipe(limited)).toBe('----(AB)C|');
    expectSubscriptions(source$.subscriptions).toBe('^--------!');
  }));

  test('passes an empty source and an error on; one that comes while it waits is not delayed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    expectObservable(EMPTY.pipe(withRateLimit(flow('same', map((x: string) => x)), { perSecond: 1 }))).toBe('|');
    const source$ = cold('--#');
    expectObservable(source$.pipe(withRateLimit(same, { perSecond: 1 }))).toBe('--#');
    expectSubscriptions(source$.subscriptions).toBe('^-!');
    expectObservable(withRateLimit(lambda((_: string): string => { throw 'no'; }), { perSecond: 1 }).run('x')).toBe('#', undefined, 'no');
  }));

  test('limits a flow that takes no input', marbles(({ expectObservable }) => {
    const limited = withRateLimit(flow('tick', () => of('x')), { perSecond: 500 });
    expectObservable(merge(limited.run('a'), limited.run('b'))).toBe('x-(x|)');
  }));

  test('keeps apart what runs on different schedulers', () => {
    const limited = withRateLimit(lambda((n: number) => n), { perSecond: 1 });
    const schedulers = [new VirtualTimeScheduler(), new VirtualTimeScheduler()] as const;
    const seen: string[] = [];
    for (const scheduler of schedulers) {
      for (const n of [1, 2]) limited.run(n, { scheduler }).subscribe((x) => seen.push(`${x} at ${scheduler.now()}`));
    }
    expect(seen).toEqual(['1 at 0', '1 at 0']);
    for (const scheduler of schedulers) scheduler.flush();
    expect(seen.slice(2)).toEqual(['2 at 1000', '2 at 1000']);
  });

  test('copes with a clock that is set back', () => {
    const limited = withRateLimit(lambda((n: number) => n), { perSecond: 1 });
    const scheduler = new VirtualTimeScheduler();
    let now = 1_000_000;
    scheduler.now = () => now;
    const seen: number[] = [];
    const run = (n: number): unknown => limited.run(n, { scheduler }).subscribe((x) => seen.push(x));
    run(1);
    now = 5;
    run(2);
    expect(seen).toEqual([1, 2]);
  });

  test('makes its source wait for the flow', marbles(({ expectObservable, flush }) => {
    let pulled = 0;
    const source$ = pull((function* () { for (;;) yield pulled++; })());
    const limited = withRateLimit(flow('slow', mapAsync(slowly<number>(4), { concurrency: 2 })), { concurrency: 1 });
    expectObservable(source$.pipe(limited, map(() => 'x')), '^-----!').toBe('----(xx)');
    flush();
    expect(pulled).toBe(4);
  }));

  test('lets 100,000 synchronous values through, and 10,000 runs that wait on one', () => {
    let count = 0;
    range(0, 100_000).pipe(withRateLimit(flow('same', map((n: number) => n)), { concurrency: 1 })).subscribe(() => count++);
    expect(count).toBe(100_000);
    const door$ = new Subject<number>();
    const limited = withRateLimit(lambda((n: number) => (n === 0 ? door$ : of(n))), { concurrency: 1, maxQueue: 10_000 });
    range(0, 10_000).pipe(mergeMap((n) => limited.run(n))).subscribe(() => count++);
    door$.complete();
    expect(count).toBe(100_000 + 9_999);
  });

  test('lets a run begin another from within', marbles(({ expectObservable }) => {
    const limited = withRateLimit(lambda((x: string) => slowly<string>(1)(x)), { perSecond: 500 });
    const seen: string[] = [];
    expectObservable(limited.run('a').pipe(tap((x) => seen.push(x)), mergeMap((x) => limited.run(`${x}b`)), tap((x) => seen.push(x)), map((x) => x.length))).toBe('---(2|)', { 2: 2 });
  }));

  test('lets the context through, and keeps name and fold', () => {
    const seen: unknown[] = [];
    const source$ = createSource<string>((subscriber) => {
      seen.push(contextOf(subscriber)?.tags);
      subscriber.next('a');
      subscriber.complete();
    });
    const look = lambda((_: string, run) => void seen.push(run.tags), 'look');
    const limited = withRateLimit(look, { perSecond: 1 });
    source$.pipe(limited, withContext({ tags: ['x'] })).subscribe();
    expect(seen).toEqual([['x'], ['x']]);
    expect([limited.name, limited.fold]).toEqual(['withRateLimit(look)', look.fold]);
  });

  test.each<RateLimitOptions>([
    {}, { perSecond: 0 }, { perSecond: NaN }, { perSecond: -1 }, { perSecond: Infinity }, { limit: 5 }, { intervalMs: 5 }, { limit: 0, intervalMs: 5 }, { limit: 1, intervalMs: 0 },
    { perSecond: 1, limit: 1, intervalMs: 1 }, { perSecond: 1, burst: 0 }, { concurrency: 0 }, { concurrency: NaN }, { perSecond: 1, maxQueue: -1 }, { perSecond: 1, maxQueue: Infinity },
  ])('refuses %p', (options) => {
    expect(() => withRateLimit(same, options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
