import { describe, expect, test } from '@jest/globals';
import { concat, map, of, range, Subject, take, tap, throwError } from 'rxjs';
import { withContext } from '../../src/core/context/withContext.js';
import { buffered } from '../../src/core/demand/buffered.js';
import type { Gate } from '../../src/core/demand/Gate.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import { contextOf, createSource, Link, restartOf } from '../../src/core/subscription.js';
import { marbles } from '../marbles.js';
import { slowly } from '../slowly.js';

describe('buffered', () => {
  test('fetches ahead of a slow consumer', marbles(({ expectObservable }) => {
    const result$ = pull('abcdefgh').pipe(buffered(4), mapAsync(slowly(2)));
    expectObservable(result$).toBe('--a-b-c-d-e-f-g-(h|)');
  }));

  test('asks for more once three quarters are gone, in one burst', marbles(({ expectObservable }, scheduler) => {
    const asked: string[] = [];
    const source$ = pull('abcdefghij').pipe(tap((x) => asked.push(`${scheduler.now()}${x}`)));
    expectObservable(source$.pipe(buffered(4), mapAsync(slowly(2)))).toBe('--a-b-c-d-e-f-g-h-i-(j|)');
    scheduler.schedule(() => expect(asked.join(' ')).toBe('0a 0b 0c 0d 0e 6f 6g 6h 12i 12j'), 30);
  }));

  test('passes everything on at once to a consumer that is ready', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('a-(bc)-|');
    expectObservable(source$.pipe(buffered())).toBe('a-(bc)-|');
    expectSubscriptions(source$.subscriptions).toBe('^------!');
  }));

  test('completes an empty source', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('--|').pipe(buffered())).toBe('--|');
  }));

  test('delivers what came before an error, then the error', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('(abc)-#');
    expectObservable(source$.pipe(buffered(4), mapAsync(slowly(4)))).toBe('----a---(b#)');
    expectSubscriptions(source$.subscriptions).toBe('^-----!');
  }));

  test('unsubscribes the source in the frame in which it is unsubscribed, and nothing comes after', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('(abcd)--e|');
    expectObservable(source$.pipe(buffered(4), mapAsync(slowly(2))), '^----!').toBe('--a-b-');
    expectSubscriptions(source$.subscriptions).toBe('^----!');
  }));

  test('never holds more than its capacity', marbles(({ expectObservable, flush }) => {
    let gate: Gate | undefined;
    const result$ = pull(Array.from({ length: 100 }, (_, i) => i)).pipe(buffered(8, { probe: (g) => (gate = g) }), mapAsync(slowly(1)));
    expectObservable(result$.pipe(map(() => 'x'), take(3))).toBe('-xx(x|)');
    flush();
    expect(gate?.peak).toBe(8);
  }));

  test('parks what is pushed past it, up to the overflow, and then fails', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('-(abcd)').pipe(buffered(1, { overflow: 2 }), mapAsync(slowly(3)))).toBe('----a--b--c--d');
    const full$ = hot('-(abcdef)').pipe(buffered(1, { overflow: 2 }), mapAsync(slowly(3)), map((x) => x));
    expectObservable(full$).toBe('-#', undefined, expect.objectContaining({ code: 'BACKPRESSURE' }));
  }));

  test.each([
    ['dropOldest', 2, '--abcef'],
    ['dropNewest', 2, '--abcde'],
    ['latest', 1, '--abf'],
  ] as const)('drops under %s', (overflow, capacity, kept) =>
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-(abcdef)').pipe(buffered(capacity, { overflow }), mapAsync(slowly(1)))).toBe(kept);
    })(),
  );

  test('lets 100,000 synchronous values through, flat', () => {
    let count = 0;
    range(0, 100_000).pipe(buffered(4)).subscribe(() => count++);
    pull(Array.from({ length: 100_000 }, (_, i) => i)).pipe(buffered(4), mapAsync((n) => n)).subscribe(() => count++);
    expect(count).toBe(200_000);
  });

  test('keeps the order when a consumer makes the source emit', () => {
    const source$ = new Subject<number>();
    const seen: number[] = [];
    source$.pipe(buffered(2)).subscribe((n) => {
      seen.push(n);
      if (n < 5) source$.next(n + 1);
    });
    source$.next(1);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  test('drops what it holds when its source starts over', marbles(({ expectObservable }) => {
    const restarts: number[] = [];
    const source$ = createSource<string>((subscriber) => {
      const restart = restartOf(subscriber);
      pull('abc').subscribe(new Link(subscriber, { next: (x) => subscriber.next(x), complete: () => undefined }));
      restart();
      pull('xy').subscribe(subscriber);
    });
    const result$ = createSource<string>((subscriber) => {
      source$.pipe(buffered(4), mapAsync(slowly(2))).subscribe(new Link<string>(subscriber, { next: (x) => subscriber.next(x), restart: () => restarts.push(1) }));
    });
    expectObservable(result$).toBe('--x-(y|)');
    expectObservable(of(0).pipe(map(() => restarts.length))).toBe('(a|)', { a: 1 });
  }));

  test('lets the context through', () => {
    let tags: readonly string[] | undefined;
    const source$ = createSource<never>((subscriber) => void (tags = contextOf(subscriber)?.tags));
    source$.pipe(buffered(), withContext({ tags: ['x'] })).subscribe();
    expect(tags).toEqual(['x']);
  });

  test.each([0, -1, 1.5, NaN, Infinity])('refuses a capacity of %p', (capacity) => {
    expect(() => buffered(capacity)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  test('passes an error on at once when nothing waits', marbles(({ expectObservable }) => {
    expectObservable(concat(of('a'), throwError(() => 'no')).pipe(buffered())).toBe('(a#)', undefined, 'no');
  }));
});
