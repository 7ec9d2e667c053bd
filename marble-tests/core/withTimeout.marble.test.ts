import { describe, expect, test } from '@jest/globals';
import { concat, EMPTY, ignoreElements, map, mergeMap, NEVER, pipe, range, Subject, take, tap, timer, type Observable } from 'rxjs';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import { chain } from '../../src/core/flow/chain.js';
import { flow, type Flow } from '../../src/core/flow/flow.js';
import { concatText } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import type { TimeLimits } from '../../src/core/flow/timeLimited.js';
import { withTimeout } from '../../src/core/flow/withTimeout.js';
import { contextOf, createSource } from '../../src/core/subscription.js';
import { withContext } from '../../src/core/context/withContext.js';
import { marbles } from '../marbles.js';
import { slowly } from '../slowly.js';

const timeout = (limit: string, timeoutMs: number): unknown => expect.objectContaining({ code: 'TIMEOUT', limit, timeoutMs });

describe('withTimeout', () => {
  test('cancels a flow that is too slow, and its source', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('-a---------|');
    const work$ = cold('--------x|');
    expectObservable(source$.pipe(withTimeout(lambda(() => work$), { totalMs: 5 }))).toBe('------#', undefined, timeout('total', 5));
    expectSubscriptions(source$.subscriptions).toBe('^-----!');
    expectSubscriptions(work$.subscriptions).toBe('-^----!');
  }));

  test('passes on all that comes in time, and leaves no timer', marbles(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
    const work$ = cold('-x-y|');
    expectObservable(lambdaOf(work$, { totalMs: 50, firstMs: 30, idleMs: 30 })).toBe('-x-y|');
    expectSubscriptions(work$.subscriptions).toBe('^---!');
    scheduler.schedule(() => expect(scheduler.actions).toEqual([]), 10);
  }));

  test('limits the wait for the first value', marbles(({ cold, expectObservable }) => {
    expectObservable(lambdaOf(cold('---x-------y|'), { firstMs: 4 })).toBe('---x-------y|');
    expectObservable(lambdaOf(cold('-----x|'), { firstMs: 4 })).toBe('----#', undefined, timeout('first', 4));
  }));

  test('limits the wait for each further value, and for the first if nothing else does', marbles(({ cold, expectObservable }) => {
    expectObservable(lambdaOf(cold('x--y--z------|'), { idleMs: 4 })).toBe('x--y--z---#', undefined, timeout('idle', 4));
    expectObservable(lambdaOf(cold('-------x|'), { idleMs: 4 })).toBe('----#', undefined, timeout('idle', 4));
    expectObservable(lambdaOf(cold('-------x|'), { idleMs: 4, firstMs: 9 })).toBe('-------x|');
  }));

  test('lets a value of the frame in which the time is up win, and completion too', marbles(({ cold, expectObservable }) => {
    expectObservable(lambdaOf(cold('----(x|)'), { totalMs: 4 })).toBe('----(x|)');
    expectObservable(lambdaOf(cold('----x----y|'), { firstMs: 4, idleMs: 5 })).toBe('----x----y|');
    expectObservable(lambdaOf(timer(4).pipe(map(() => 'x')), { totalMs: 4 })).toBe('----(x|)');
    expectObservable(lambdaOf(timer(2).pipe(mergeMap(() => timer(2)), map(() => 'x')), { totalMs: 4 })).toBe('----(x|)'); // its timer is the younger
    expectObservable(lambdaOf(cold('----x|'), { totalMs: 4 })).toBe('----(x#)', undefined, timeout('total', 4));
  }));

  test('lets nothing come after', () => {
    const work$ = new Subject<string>();
    marbles(({ expectObservable }) => {
      expectObservable(lambdaOf(work$, { totalMs: 2 })).toBe('--#', undefined, timeout('total', 2));
      expectObservable(timer(3).pipe(tap(() => work$.next('late')), map(() => work$.observed))).toBe('---(f|)', { f: false });
    })();
  });

  test('doesn’t count the time at a closed gate', marbles(({ expectObservable, expectSubscriptions, cold }) => {
    const work$ = pull('abc');
    expectObservable(lambdaOf(work$, { totalMs: 3 }).pipe(mapAsync(slowly(10)))).toBe('10ms a 9ms b 9ms (c|)');
    const stuck$ = cold('x----------');
    expectObservable(lambdaOf(stuck$, { idleMs: 3 }).pipe(mapAsync(slowly(5)))).toBe('-----x--#', undefined, timeout('idle', 3));
    expectSubscriptions(stuck$.subscriptions).toBe('^-------!');
  }));

  test('doesn’t count the time until the flow has its input', marbles(({ cold, expectObservable }) => {
    const slow = flow('slow', () => cold<string>('a----b----c|'), { fold: concatText });
    const length = lambda((text: string) => timer(2).pipe(map(() => text.length)));
    expectObservable(chain(slow, withTimeout(length, { totalMs: 3 })).run('x')).toBe('-------------(n|)', { n: 3 });
    expectObservable(chain(slow, withTimeout(length, { totalMs: 1 })).run('x')).toBe('------------#', undefined, timeout('total', 1));
    expectObservable(cold('-----a|').pipe(withTimeout(lambda(() => timer(1).pipe(map(() => 'x'))), { totalMs: 2 }))).toBe('------(x|)');
  }));

  test('counts from the first value of a source whose values are not chunks', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('-a-----------').pipe(withTimeout(lambda(() => NEVER), { totalMs: 3 }))).toBe('----#', undefined, timeout('total', 3));
  }));

  test('counts at once where the flow takes no input, or has taken enough', marbles(({ expectObservable, cold }) => {
    expectObservable(withTimeout(flow('own', () => NEVER), { totalMs: 3 }).run('x')).toBe('---#', undefined, timeout('total', 3));
    const words$ = flow('words', () => cold<string>('-a----------'), { fold: concatText });
    const first = flow('first', pipe(take<string>(1), (s: Observable<string>) => concat(s, NEVER)));
    expectObservable(chain(words$, withTimeout(first, { totalMs: 3 })).run('x')).toBe('-a--#', undefined, timeout('total', 3));
  }));

  test('is what timeoutMs of a run does', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const work$ = cold('--x--y|');
    expectObservable(lambda(() => work$).run('x', { timeoutMs: 4 })).toBe('--x-#', undefined, timeout('total', 4));
    expectSubscriptions(work$.subscriptions).toBe('^---!');
  }));

  test('takes the scheduler of the context, and says its path', marbles(({ expectObservable }, scheduler) => {
    const hanging = withTimeout(lambda(() => NEVER), { totalMs: 3 });
    expectObservable(hanging.run('x', { scheduler })).toBe('---#', undefined, timeout('total', 3));
  }));

  test('lets the error of a flow and of its source through', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    expectObservable(lambdaOf(cold('-#'), { totalMs: 3 })).toBe('-#');
    const source$ = cold('a-#');
    expectObservable(source$.pipe(withTimeout(flow('same', map((x: string) => x)), { idleMs: 3 }))).toBe('a-#');
    expectSubscriptions(source$.subscriptions).toBe('^-!');
    expectObservable(EMPTY.pipe(withTimeout(flow('same', map((x: string) => x)), { firstMs: 3 }))).toBe('|');
  }));

  test('starts no timer for a synchronous flow, and lets 100,000 values through', marbles((_, scheduler) => {
    let count = 0;
    range(0, 100_000).pipe(withTimeout(flow('same', map((n: number) => n)), { totalMs: 3, idleMs: 3 })).subscribe(() => count++);
    expect(count).toBe(100_000);
    withTimeout(lambda((n: number) => n), { totalMs: 3 }).run(1).subscribe();
    expect(scheduler.actions.filter((action) => !action.closed).length).toBeLessThanOrEqual(2);
  }));

  test('keeps one timer over many values', marbles(({ expectObservable, flush }, scheduler) => {
    let most = 0;
    const watched$ = lambdaOf(timer(0, 1).pipe(take(100)), { idleMs: 5 }).pipe(tap(() => (most = Math.max(most, scheduler.actions.length))));
    expectObservable(watched$.pipe(ignoreElements())).toBe('99ms |');
    flush();
    expect(most).toBeLessThan(5);
  }));

  test('keeps the order when a consumer makes the source emit', () => {
    const source$ = new Subject<number>();
    const seen: number[] = [];
    source$.pipe(withTimeout(flow('same', map((n: number) => n)), { idleMs: 1000 }), take(3)).subscribe((n) => {
      seen.push(n);
      source$.next(n + 1);
    });
    source$.next(1);
    expect(seen).toEqual([1, 2, 3]);
  });

  test('lets the context through', () => {
    let tags: unknown;
    const source$ = createSource<string>((subscriber) => void (tags = contextOf(subscriber)?.tags));
    source$.pipe(withTimeout(flow('same', map((x: string) => x)), { totalMs: 1000 }), withContext({ tags: ['x'] })).subscribe().unsubscribe();
    expect(tags).toEqual(['x']);
  });

  test.each<TimeLimits>([{}, { totalMs: 0 }, { totalMs: -1 }, { firstMs: NaN }, { idleMs: Infinity }])('refuses %p', (limits) => {
    expect(() => withTimeout(lambda((x: string) => x), limits)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});

function lambdaOf<T>(work$: Observable<T>, limits: TimeLimits): Observable<T> {
  const target: Flow<string, T> = flow('work', () => work$);
  return withTimeout(target, limits).run('x');
}
