import { describe, expect, test } from '@jest/globals';
import { concat, NEVER, of, range, Subject, Subscriber, tap, throwError, timer, map } from 'rxjs';
import type { Gate } from '../demand/Gate.js';
import { pull } from '../demand/pull.js';
import { createSource, demandOf } from '../subscription.js';
import { toAsyncIterable } from './toAsyncIterable.js';

/** Numbers, and how many were taken from them. */
function numbers(): { source: Iterable<number>; taken: () => number } {
  let n = 0;
  return { taken: () => n, source: { *[Symbol.iterator]() { for (;;) yield ++n; } } };
}

const value = (n: unknown): IteratorResult<unknown> => ({ done: false, value: n });
const done = { done: true, value: undefined };

describe('toAsyncIterable', () => {
  test('brings values, then the end', async () => {
    const seen: number[] = [];
    for await (const n of toAsyncIterable(pull([1, 2, 3]))) seen.push(n);
    expect(seen).toEqual([1, 2, 3]);
  });

  test('subscribes at the first next(), not before', async () => {
    let subscribed = 0;
    const iterator = toAsyncIterable(createSource<number>((subscriber) => {
      subscribed++;
      subscriber.next(1);
    }));
    expect(subscribed).toBe(0);
    expect(await iterator.next()).toEqual(value(1));
    expect(subscribed).toBe(1);
    await iterator.return?.();
  });

  test('with capacity 1, one pull takes one value', async () => {
    const { source, taken } = numbers();
    const iterator = toAsyncIterable(pull(source), { capacity: 1 });
    for (let n = 1; n <= 4; n++) {
      expect(await iterator.next()).toEqual(value(n));
      expect(taken()).toBe(n);
    }
  });

  test('lets its capacity be produced ahead, and counts the value in hand', async () => {
    const { source, taken } = numbers();
    let gate: Gate | undefined;
    const iterator = toAsyncIterable(pull(source), { capacity: 4, probe: (g) => (gate = g) });
    await iterator.next();
    expect(taken()).toBe(4);
    await iterator.next();
    expect([taken(), gate?.peak]).toEqual([5, 4]);
  });

  test('answers concurrent calls in order', async () => {
    const source$ = new Subject<number>();
    const iterator = toAsyncIterable(source$);
    const answers = [iterator.next(), iterator.next(), iterator.next(), iterator.next()];
    source$.next(1);
    source$.next(2);
    source$.complete();
    expect(await Promise.all(answers)).toEqual([value(1), value(2), done, done]);
  });

  test('break unsubscribes at once', async () => {
    const source$ = new Subject<number>();
    const subscription: boolean[] = [];
    setImmediate(() => source$.next(1));
    for await (const _ of toAsyncIterable(source$)) {
      subscription.push(source$.observed);
      break;
    }
    expect([...subscription, source$.observed]).toEqual([true, false]);
  });

  test('return() while a next() waits ends both, whatever is parked', async () => {
    const source$ = new Subject<number>();
    const iterator = toAsyncIterable(source$, { capacity: 1 });
    const waiting = iterator.next();
    const returned = iterator.return?.();
    expect(source$.observed).toBe(false);
    expect(await Promise.all([waiting, returned])).toEqual([done, done]);

    const full = toAsyncIterable(range(0, 50), { capacity: 1 }); // 49 are parked past the gate
    expect(await full.next()).toEqual(value(0));
    await full.return?.();
    expect(await full.next()).toEqual(done);
  });

  test('return() before the first next() never subscribes', async () => {
    let subscribed = 0;
    const iterator = toAsyncIterable(createSource<number>(() => void subscribed++));
    await iterator.return?.();
    expect(await iterator.next()).toEqual(done);
    expect(subscribed).toBe(0);
  });

  test('an error comes after the values before it, and once', async () => {
    const iterator = toAsyncIterable(concat(of(1), throwError(() => 'no')));
    expect(await iterator.next()).toEqual(value(1));
    await expect(iterator.next()).rejects.toBe('no');
    expect(await iterator.next()).toEqual(done);
  });

  test('an error that nobody read is no answer after return()', async () => {
    const iterator = toAsyncIterable(concat(of(1), throwError(() => 'no')));
    await iterator.next();
    await iterator.return?.();
    expect(await iterator.next()).toEqual(done);
  });

  test('await using leaves it', async () => {
    const source$ = new Subject<number>();
    const iterator = toAsyncIterable(source$);
    void iterator.next();
    expect(source$.observed).toBe(true);
    await iterator[Symbol.asyncDispose]();
    expect(source$.observed).toBe(false);
  });

  test('fails with BACKPRESSURE, after what fits, when the source ignores demand', async () => {
    const iterator = toAsyncIterable(range(1, 10), { capacity: 2, overflow: 1 });
    expect([await iterator.next(), await iterator.next(), await iterator.next()]).toEqual([value(1), value(2), value(3)]);
    await expect(iterator.next()).rejects.toMatchObject({ code: 'BACKPRESSURE' });
  });

  test('ends with its owner', async () => {
    const owner = new Subscriber<never>();
    let unsubscribed = 0;
    const iterator = toAsyncIterable(NEVER.pipe(tap({ unsubscribe: () => unsubscribed++ })), { owner });
    const waiting = iterator.next();
    owner.unsubscribe();
    expect(unsubscribed).toBe(1);
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('is the boundary that its source finds', async () => {
    let ready: boolean | undefined;
    const iterator = toAsyncIterable(createSource<number>((subscriber) => {
      const demand = demandOf(subscriber);
      subscriber.next(1);
      ready = demand.ready;
    }), { capacity: 1 });
    await iterator.next();
    expect(ready).toBe(false);
  });

  test('reads 100,000 values, of a source that comes later too', async () => {
    let count = 0;
    const many = Array.from({ length: 100_000 }, (_, i) => i);
    for await (const n of toAsyncIterable(pull(many))) count += n >= 0 ? 1 : 0;
    for await (const n of toAsyncIterable(timer(0).pipe(map(() => 7)))) count += n;
    expect(count).toBe(100_007);
  });

  test.each([0, NaN, -1, 1.5])('refuses a capacity of %p', (capacity) => {
    expect(() => toAsyncIterable(NEVER, { capacity })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
