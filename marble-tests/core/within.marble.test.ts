import { describe, expect, test } from '@jest/globals';
import { asapScheduler, asyncScheduler, delay, map, Observable, observeOn, of, pipe, range, Subject, take, tap } from 'rxjs';
import { withContext } from '../../src/core/context/withContext.js';
import type { Gate } from '../../src/core/demand/Gate.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import { within } from '../../src/core/demand/within.js';
import { contextOf, createSource, Link, restartOf } from '../../src/core/subscription.js';
import { marbles } from '../marbles.js';
import { slowly } from '../slowly.js';

describe('within', () => {
  test('lets at most its capacity into a parking operator', marbles(({ expectObservable }) => {
    expectObservable(pull('abcd').pipe(within(2, delay(6)))).toBe('------(ab)--(cd|)');
    expectObservable(pull('abc').pipe(within(1, observeOn(asyncScheduler, 2)))).toBe('--a-b-c-|');
  }));

  test('keeps the time of a source that is slower', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('a--b--|');
    expectObservable(source$.pipe(within(2, delay(2)))).toBe('--a--b|');
    expectSubscriptions(source$.subscriptions).toBe('^-----!');
  }));

  test('waits for a slow consumer too', marbles(({ expectObservable, flush }) => {
    let gate: Gate | undefined;
    let pulled = 0;
    const source$ = pull('abcdef').pipe(tap(() => pulled++));
    const result$ = source$.pipe(within(2, delay(1), { probe: (g) => (gate = g) }), mapAsync(slowly(5)));
    expectObservable(result$, '^--------!').toBe('------a---');
    flush();
    expect(gate?.peak).toBe(2);
    expect(pulled).toBe(4);
  }));

  test('passes errors on after the values before them', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('(ab)#');
    expectObservable(source$.pipe(within(2, delay(1)), mapAsync(slowly(5)))).toBe('------(a#)'); // not before b was taken
    expectSubscriptions(source$.subscriptions).toBe('^---!');
    const failing = map<string, string>(() => {
      throw 'no';
    });
    expectObservable(of('a').pipe(within(2, failing))).toBe('#', undefined, 'no');
  }));

  test('unsubscribes the source in the frame in which it is unsubscribed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('ab-----|');
    expectObservable(source$.pipe(within(2, delay(3))), '^---!').toBe('---a-');
    expectSubscriptions(source$.subscriptions).toBe('^---!');
  }));

  test('parks what is pushed past it, up to the overflow, and completes when all is out', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('(abc|)').pipe(within(1, delay(2)))).toBe('--a-b-(c|)');
    expectObservable(cold('(abc|)').pipe(within(1, delay(2), { overflow: 1 }))).toBe('#', undefined, expect.objectContaining({ code: 'BACKPRESSURE' }));
    expectObservable(cold('(abc|)').pipe(within(1, delay(2), { overflow: 'latest' }))).toBe('--a-(c|)');
  }));

  test('completes when the operator does', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('abc').pipe(within(2, pipe(delay<string>(1), take(1))))).toBe('-(a|)');
  }));

  test('lets context through, also past an operator that breaks the walk', () => {
    const seen: unknown[] = [];
    const source$ = createSource<string>((subscriber) => {
      seen.push(contextOf(subscriber)?.tags);
      subscriber.complete();
    });
    const breaking = (source: Observable<string>): Observable<string> =>
      new Observable((subscriber) => source.subscribe({ next: (x) => subscriber.next(x), error: (e) => subscriber.error(e), complete: () => subscriber.complete() }));
    for (const operator of [delay<string>(0), observeOn<string>(asapScheduler), breaking]) {
      source$.pipe(within(2, operator), withContext({ tags: ['x'] })).subscribe();
    }
    source$.pipe(within(2, pipe(delay(0), withContext({ tags: ['inner'] }))), withContext({ tags: ['x'] })).subscribe();
    expect(seen).toEqual([['x'], ['x'], ['x'], ['x', 'inner']]);
  });

  test('lets upstream find its gate, not that of further down', marbles(({ expectObservable }) => {
    const pulled: string[] = [];
    const result$ = pull('abcdef').pipe(tap((x) => pulled.push(x)), within(3, delay(100)), mapAsync(slowly(1), { concurrency: 1 }));
    expectObservable(result$, '^ 10ms !').toBe('');
    expectObservable(of(0).pipe(delay(5), map(() => pulled.join('')))).toBe('5ms (p|)', { p: 'abc' });
  }));

  test('lets 100,000 synchronous values through, flat', () => {
    let count = 0;
    range(0, 100_000).pipe(within(4, map((n) => n))).subscribe(() => count++);
    pull(Array.from({ length: 100_000 }, (_, i) => i)).pipe(within(4, map((n) => n))).subscribe(() => count++);
    expect(count).toBe(200_000);
  });

  test('keeps the order when a consumer makes the source emit', marbles(({ expectObservable }) => {
    const source$ = new Subject<string>();
    const next: Record<string, string> = { a: 'b', b: 'c' };
    const result$ = source$.pipe(within(1, delay(2)), tap((x) => next[x] && source$.next(next[x])));
    expectObservable(result$).toBe('--a-b-c');
    expectObservable(of(0).pipe(tap(() => source$.next('a')))).toBe('(x|)', { x: 0 });
  }));

  test('drops what it holds when its source starts over', marbles(({ expectObservable }) => {
    const source$ = createSource<string>((subscriber) => {
      const restart = restartOf(subscriber);
      pull('ab').subscribe(new Link(subscriber, { next: (x) => subscriber.next(x), complete: () => undefined }));
      restart();
      pull('xy').subscribe(subscriber);
    });
    expectObservable(source$.pipe(within(4, delay(2)))).toBe('--(xy|)');
    expectObservable(source$.pipe(within(2, delay(2)))).toBe('----(xy|)'); // what is inside can't be called back
  }));

  test('copes with an operator that brings more out than went in', marbles(({ expectObservable }) => {
    const twice = (source: Observable<string>): Observable<string> => new Observable((sub) => source.subscribe(new Link(sub, { next: (x) => (sub.next(x), sub.next(x)) })));
    expectObservable(pull('ab').pipe(within(1, twice))).toBe('(aabb|)');
  }));

  test.each([0, NaN])('refuses a capacity of %p', (capacity) => {
    expect(() => within(capacity, delay(1))).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
