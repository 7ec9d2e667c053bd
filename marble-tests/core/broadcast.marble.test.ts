import { describe, expect, test } from '@jest/globals';
import { filter, map, merge, mergeMap, of, range, Subject, take, tap, timer, type Observable } from 'rxjs';
import { withContext } from '../../src/core/context/withContext.js';
import { broadcast, type BroadcastMember } from '../../src/core/demand/broadcast.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import { concatText, foldOf, tagFold } from '../../src/core/flow/fold.js';
import { contextOf, createSource } from '../../src/core/subscription.js';
import { marbles } from '../marbles.js';
import { slowly } from '../slowly.js';

const behind = expect.objectContaining({ code: 'BACKPRESSURE' });

/** `source$`, subscribed to at `frame`. */
const at = <T>(frame: number, source$: Observable<T>): Observable<T> => timer(frame).pipe(mergeMap(() => source$));

describe('broadcast', () => {
  test('connects when its members are there, and each gets everything', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('a-b-|');
    const shared$ = source$.pipe(broadcast(2));
    expectObservable(shared$).toBe('---a-b-|');
    expectObservable(at(3, shared$)).toBe('---a-b-|');
    expectSubscriptions(source$.subscriptions).toBe('---^---!');
  }));

  test('goes at the pace of the slowest, who may be its capacity behind', marbles(({ expectObservable }) => {
    const shared$ = pull('abcd').pipe(broadcast(2, { capacity: 1 }));
    expectObservable(shared$).toBe('(ab)c---d---|');
    expectObservable(shared$.pipe(mapAsync(slowly(4)))).toBe('----a---b---c---(d|)');
  }));

  test('passes the error of its source to each, after the values before it', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('(ab)#');
    const shared$ = source$.pipe(broadcast(2));
    expectObservable(shared$.pipe(mapAsync(slowly(6)))).toBe('------(a#)');
    expectObservable(shared$).toBe('(ab)#');
    expectSubscriptions(source$.subscriptions).toBe('^---!');
  }));

  test('lets a member leave; the last to leave unsubscribes the source', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('abcdefgh|');
    const shared$ = source$.pipe(broadcast(2));
    expectObservable(shared$, '^-!').toBe('ab');
    expectObservable(shared$.pipe(take(5))).toBe('abcd(e|)');
    expectSubscriptions(source$.subscriptions).toBe('^---!');
  }));

  test('begins a new group when all have left', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('ab|');
    const shared$ = source$.pipe(broadcast(2));
    expectObservable(shared$).toBe('ab|');
    expectObservable(shared$).toBe('ab|');
    expectObservable(at(5, shared$)).toBe('-------ab|');
    expectObservable(at(7, shared$)).toBe('-------ab|');
    expectSubscriptions(source$.subscriptions).toBe(['^-!', '-------^-!']);
  }));

  test('gives one that comes late what comes later', marbles(({ cold, expectObservable }) => {
    const shared$ = cold('abcd|').pipe(broadcast(1));
    expectObservable(shared$).toBe('abcd|');
    expectObservable(at(2, shared$)).toBe('---d|');
  }));

  test('never connects if members leave before all are there', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('a|');
    const shared$ = source$.pipe(broadcast(2));
    expectObservable(shared$, '^-!').toBe('');
    expectObservable(at(3, shared$), '-----!').toBe('');
    expectSubscriptions(source$.subscriptions).toBe([]);
  }));

  test('detaches a member that falls its capacity behind; the others go on', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('abcdef|');
    const shared$ = source$.pipe(broadcast(2, { slow: 'detach', capacity: 2 }));
    expectObservable(shared$.pipe(mapAsync(slowly(9)))).toBe('---#', undefined, behind);
    expectObservable(shared$).toBe('abcdef|');
    expectSubscriptions(source$.subscriptions).toBe('^-----!');
  }));

  test('drops values for a slow member, and counts them', marbles(({ cold, expectObservable, flush }) => {
    const members: BroadcastMember[] = [];
    const shared$ = cold('abcdefg|').pipe(broadcast(2, { slow: 'drop', capacity: 1, probe: (member) => members.push(member) }));
    expectObservable(shared$.pipe(mapAsync(slowly(3)))).toBe('---a--b--(e|)');
    expectObservable(shared$).toBe('abcdefg|');
    flush();
    expect(members.map(({ parked, peak, dropped }) => ({ parked, peak, dropped }))).toEqual([
      { parked: 0, peak: 1, dropped: 4 },
      { parked: 0, peak: 0, dropped: 0 },
    ]);
  }));

  test.each(['detach', 'drop'] as const)('waits under %s when nobody has room', (slow) =>
    marbles(({ expectObservable, flush }) => {
      let pulled = 0;
      const shared$ = pull('abcdefgh').pipe(tap(() => pulled++), broadcast(1, { slow, capacity: 2 }));
      expectObservable(shared$.pipe(mapAsync(slowly(5))), '^------!').toBe('-----a-');
      flush();
      expect(pulled).toBe(4);
    })(),
  );

  test('fails when its source ignores demand and a member does not keep up', () => {
    const errors: unknown[] = [];
    const shared$ = range(0, 5_000).pipe(broadcast(2));
    shared$.pipe(mapAsync(() => new Subject())).subscribe({ error: (error) => errors.push(error) });
    let count = 0;
    shared$.subscribe({ next: () => count++, error: (error) => errors.push(error) });
    expect(errors).toEqual([behind]); // the other is still at its first value
    expect(count).toBeLessThanOrEqual(1 + 16 + 1024);
  });

  test('lets 100,000 synchronous values through, flat', () => {
    const shared$ = pull(Array.from({ length: 100_000 }, (_, i) => i)).pipe(broadcast(2));
    let count = 0;
    merge(shared$.pipe(filter((n) => n % 2 === 0)), shared$.pipe(mapAsync((n) => n))).subscribe(() => count++);
    expect(count).toBe(150_000);
  });

  test('brings each value to every member before the next, also when a member makes the source emit', () => {
    const source$ = new Subject<number>();
    const shared$ = source$.pipe(broadcast(2));
    const seen: string[] = [];
    shared$.subscribe({
      next: (n) => {
        seen.push(`first ${n}`);
        if (n < 3) source$.next(n + 1);
        else source$.complete();
      },
      complete: () => seen.push('first |'),
    });
    shared$.subscribe({ next: (n) => seen.push(`second ${n}`), complete: () => seen.push('second |') });
    source$.next(1);
    expect(seen).toEqual(['first 1', 'second 1', 'first 2', 'second 2', 'first 3', 'second 3', 'first |', 'second |']);
  });

  test('shows its source the context of the first member', () => {
    const seen: unknown[] = [];
    const shared$ = createSource<never>((subscriber) => void seen.push(contextOf(subscriber)?.tags)).pipe(broadcast(2));
    shared$.pipe(withContext({ tags: ['first'] })).subscribe();
    shared$.pipe(withContext({ tags: ['second'] })).subscribe();
    expect(seen).toEqual([['first']]);
  });

  test('shares nothing between two applications', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('a|');
    expectObservable(source$.pipe(broadcast(1))).toBe('a|');
    expectObservable(source$.pipe(broadcast(1), map((x) => x))).toBe('a|');
    expectSubscriptions(source$.subscriptions).toBe(['^!', '^!']);
  }));

  test('carries the fold of its source over', () => {
    expect(foldOf(tagFold(of('a'), concatText).pipe(broadcast(2)))).toBe(concatText);
  });

  test.each([
    [0, {}],
    [NaN, {}],
    [2, { capacity: 0 }],
    [2, { capacity: 1.5 }],
  ])('refuses %p members with %p', (members, options) => {
    expect(() => broadcast(members, options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
