import { describe, expect, test } from '@jest/globals';
import { EMPTY, map, of, take, tap, throwError, timer, type Observable } from 'rxjs';
import { withContext } from '../../src/core/context/withContext.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { iterate } from '../../src/core/loop/iterate.js';
import { contextOf, createSource } from '../../src/core/subscription.js';
import { marbles } from '../marbles.js';
import { slowly } from '../slowly.js';

const values = { 1: 1, 2: 2, 4: 4, 8: 8 };

describe('iterate', () => {
  test('runs each turn on what the turn before it brought, until one brings nothing', marbles(({ expectObservable }) => {
    const doubled$ = iterate(1, (n) => (n < 8 ? timer(2).pipe(map(() => n * 2)) : EMPTY));
    expectObservable(doubled$).toBe('--2-4-(8|)', values);
    expectObservable(iterate(1, () => EMPTY)).toBe('|');
  }));

  test('takes 1,000,000 synchronous turns on a flat stack', () => {
    let last = 0;
    iterate(0, (n) => (n < 1_000_000 ? of(n + 1) : EMPTY)).subscribe((n) => (last = n));
    expect(last).toBe(1_000_000);
  });

  test('takes the last state among what a turn emits; the rest is emitted only', marbles(({ expectObservable }) => {
    const turns$ = iterate<number, string>(
      1,
      (n) => (n < 3 ? of(`t${n}`, 9, n + 1, 'u') : of('end')),
      (value): value is number => typeof value === 'number',
    );
    expectObservable(turns$.pipe(map(String))).toBe('(abcdefghi|)', { a: 't1', b: '9', c: '2', d: 'u', e: 't2', f: '9', g: '3', h: 'u', i: 'end' });
  }));

  test('takes a turn only when downstream is ready', marbles(({ expectObservable, flush }) => {
    let turns = 0;
    const endless$ = iterate('x', (x) => (turns++, of(x)));
    expectObservable(endless$.pipe(mapAsync(slowly(3))), '^----!').toBe('---x-');
    flush();
    expect(turns).toBe(2);
  }));

  test('passes errors on, thrown or emitted', marbles(({ expectObservable }) => {
    expectObservable(iterate(1, () => throwError(() => 'no'))).toBe('#', undefined, 'no');
    expectObservable(iterate(1, () => { throw 'thrown'; })).toBe('#', undefined, 'thrown');
    expectObservable(iterate(1, (n) => (n < 4 ? of(n * 2) : throwError(() => 'no')))).toBe('(24#)', values, 'no');
  }));

  test('ends its turn in the frame in which it is unsubscribed, and takes no other', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const turn$ = cold('--a|');
    expectObservable(iterate('a', () => turn$), '^----!').toBe('--a');
    expectSubscriptions(turn$.subscriptions).toBe(['^--!', '---^-!']);
  }));

  test('stops within a synchronous loop', () => {
    let turns = 0;
    iterate(0, (n) => (turns++, of(n + 1))).pipe(take(3)).subscribe();
    expect(turns).toBe(3);
  });

  test('lets the context through to each turn', () => {
    const seen: unknown[] = [];
    const turn = (n: number): Observable<number> =>
      createSource((subscriber) => {
        seen.push(contextOf(subscriber)?.tags);
        (n < 2 ? of(n + 1) : (EMPTY as Observable<number>)).subscribe(subscriber);
      });
    iterate(0, turn).pipe(tap(), withContext({ tags: ['x'] })).subscribe();
    expect(seen).toEqual([['x'], ['x'], ['x']]);
  });
});
