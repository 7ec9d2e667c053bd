import { describe, expect, jest, test } from '@jest/globals';
import { take } from 'rxjs';
import { recorder } from '../../../marble-tests/eventStory.js';
import { withContext } from '../context/withContext.js';
import { Gate } from '../demand/Gate.js';
import { mapAsync } from '../demand/mapAsync.js';
import { Link } from '../subscription.js';
import { pullAsync } from './pullAsync.js';

/** Lets all promises that are due settle. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** 1, 2, 3 … and a log of what is asked of it. */
function counter(log: string[], count = Infinity): AsyncIterable<number> {
  let n = 0;
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        log.push('next');
        return n < count ? { done: false, value: ++n } : { done: true, value: undefined };
      },
      return: async () => {
        log.push('return');
        return { done: true, value: undefined };
      },
    }),
  };
}

/** A consumer that takes one value each time its gate is released. */
function consumer(capacity: number): { gate: Gate; seen: unknown[]; link: Link<unknown> } {
  const gate = new Gate(capacity);
  const seen: unknown[] = [];
  const link = new Link<unknown>(undefined, {
    next: (value) => void (seen.push(value), gate.hold()),
    error: (error) => seen.push(error),
    complete: () => seen.push('|'),
    demand: gate,
  });
  return { gate, seen, link };
}

describe('pullAsync', () => {
  test('emits what the iterator brings, and completes', async () => {
    const seen: number[] = [];
    await pullAsync(counter([], 3)).forEach((n) => void seen.push(n));
    expect(seen).toEqual([1, 2, 3]);
  });

  test('asks for one value for each that is taken', async () => {
    const log: string[] = [];
    const { gate, seen, link } = consumer(1);
    pullAsync(counter(log)).subscribe(link);
    await settled();
    expect([seen, log]).toEqual([[1], ['next']]);
    gate.release();
    await settled();
    expect([seen, log]).toEqual([[1, 2], ['next', 'next']]);
  });

  test('holds the one value that came while the gate was closed by another', async () => {
    const { gate, seen, link } = consumer(1);
    pullAsync(counter([])).subscribe(link);
    gate.hold();
    await settled();
    expect(seen).toEqual([]);
    gate.release();
    expect(seen).toEqual([1]);
  });

  test('calls return() in the turn in which it is unsubscribed, also while it waits, and once', async () => {
    const log: string[] = [];
    const { gate, seen, link } = consumer(1);
    pullAsync(counter(log)).subscribe(link);
    await settled();
    link.unsubscribe();
    expect(log).toEqual(['next', 'return']);
    gate.release();
    await settled();
    expect([seen, log]).toEqual([[1], ['next', 'return']]);
  });

  test('calls return() when enough was taken, and not after the iterator ended by itself', async () => {
    const log: string[] = [];
    await pullAsync(counter(log)).pipe(take(2)).forEach(() => undefined);
    expect(log).toEqual(['next', 'next', 'return']);
    log.length = 0;
    await pullAsync(counter(log, 1)).forEach(() => undefined);
    expect(log).toEqual(['next', 'next']);
  });

  test('drops a value that arrives after it was unsubscribed', async () => {
    const { seen, link } = consumer(5);
    pullAsync(counter([])).subscribe(link);
    link.unsubscribe();
    await settled();
    expect(seen).toEqual([]);
  });

  test.each<[string, AsyncIterator<number>]>([
    ['rejected', { next: () => Promise.reject('no') }],
    ['thrown', { next: () => { throw 'no'; } }],
  ])('passes on an error that is %s, without return()', async (_what, iterator) => {
    const leave = jest.fn(async () => ({ done: true as const, value: undefined }));
    const { seen, link } = consumer(5);
    pullAsync({ [Symbol.asyncIterator]: () => ({ ...iterator, return: leave }) }).subscribe(link);
    await settled();
    expect(seen).toEqual(['no']);
    expect(leave).not.toHaveBeenCalled();
  });

  test('passes on an error that is thrown by a later next()', async () => {
    let calls = 0;
    const next = (): Promise<IteratorResult<number>> => {
      if (++calls > 1) throw 'no';
      return Promise.resolve({ done: false, value: 1 });
    };
    const { seen, link } = consumer(5);
    pullAsync({ [Symbol.asyncIterator]: () => ({ next }) }).subscribe(link);
    await settled();
    expect(seen).toEqual([1, 'no']);
  });

  test.each([
    ['next() that was outstanding', { next: () => settled().then(() => Promise.reject('late')) }],
    ['return() that is rejected', { next: () => new Promise<never>(() => undefined), return: () => Promise.reject('late') }],
    ['return() that throws', { next: () => new Promise<never>(() => undefined), return: () => { throw 'late'; } }],
  ])('tells of an error after the end as a late_error: %s', async (_what, iterator) => {
    const sink = recorder();
    const subscription = pullAsync({ [Symbol.asyncIterator]: () => iterator as AsyncIterator<number> })
      .pipe(withContext({ events: sink }))
      .subscribe();
    subscription.unsubscribe();
    await settled();
    await settled();
    expect(sink.events).toMatchObject([{ type: 'late_error', error: 'late' }]);
  });

  test('takes the echo of its own cancellation for no error', async () => {
    const sink = recorder();
    const iterator = { next: () => settled().then(() => Promise.reject(new DOMException('x', 'AbortError'))) };
    pullAsync<never>({ [Symbol.asyncIterator]: () => iterator }).pipe(withContext({ events: sink })).subscribe().unsubscribe();
    await settled();
    await settled();
    expect(sink.events).toEqual([]);
  });

  test('brings 100,000 values through a boundary of 4', async () => {
    let count = 0;
    let gate: Gate | undefined;
    await pullAsync(counter([], 100_000)).pipe(mapAsync((n) => n, { concurrency: 4, probe: (g) => (gate = g) })).forEach(() => void count++);
    expect([count, gate?.peak]).toEqual([100_000, 1]);
  });
});
