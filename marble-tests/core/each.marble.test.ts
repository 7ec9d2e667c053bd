import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { filter, map, NEVER, of, Subject, switchAll, timer } from 'rxjs';
import { platform } from '../../src/core/bridge/platform.js';
import { Gate } from '../../src/core/demand/Gate.js';
import { pull } from '../../src/core/demand/pull.js';
import { chain } from '../../src/core/flow/chain.js';
import { each } from '../../src/core/flow/each.js';
import { flow } from '../../src/core/flow/flow.js';
import { concatText } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { Link } from '../../src/core/subscription.js';
import { marbles } from '../marbles.js';

const later = lambda((x: string) => timer(3).pipe(map(() => x)), 'later');

// Marble sources ignore demand, of which a developer is warned.
beforeAll(() => void jest.spyOn(platform, 'warn').mockImplementation(() => undefined));

describe('each', () => {
  test('runs the flow for each value, one after the other', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-ab|');
    expectObservable(source.pipe(each(later))).toBe('----a--(b|)');
    expectSubscriptions(source.subscriptions).toBe('^--!');
  }));

  test('as many at a time as asked for, in the order of the inputs', marbles(({ cold, expectObservable }) => {
    const wait = lambda((ms: number) => timer(ms).pipe(map(() => ms)));
    const inputs = { a: 6, b: 1, c: 5 };
    expectObservable(cold('(abc|)', inputs).pipe(each(wait, { concurrency: 2 }))).toBe('6ms (ab) 1ms (c|)', inputs);
  }));

  test('or as they come', marbles(({ cold, expectObservable }) => {
    const wait = lambda((ms: number) => timer(ms).pipe(map(() => ms)));
    const inputs = { a: 6, b: 1, c: 2 };
    expectObservable(cold('(abc|)', inputs).pipe(each(wait, { concurrency: 2, ordered: false }))).toBe('-b-c--(a|)', inputs);
  }));

  test('completes at once with an empty source', marbles(({ cold, expectObservable }) => {
    expectObservable(cold<string>('---|').pipe(each(later))).toBe('---|');
  }));

  test('passes an error of the source on, and cancels what runs', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const call = cold('-----x|');
    expectObservable(cold('-a-#').pipe(each(lambda(() => call)))).toBe('---#');
    expectSubscriptions(call.subscriptions).toBe('-^-!');
  }));

  test('passes an error of a run on, and cancels the others and the source', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b----|');
    const calls = { a: cold('-----x|'), b: cold('-#') };
    expectObservable(source.pipe(each(lambda((x: string) => calls[x as 'a' | 'b']), { concurrency: 2 }))).toBe('----#');
    expectSubscriptions(calls.a.subscriptions).toBe('-^--!');
    expectSubscriptions(source.subscriptions).toBe('^---!');
  }));

  test('passes what the callback throws on', marbles(({ cold, expectObservable }) => {
    const throws = lambda((x: string): string => {
      throw new Error(`no ${x}`);
    });
    expectObservable(cold('-a--').pipe(each(throws))).toBe('-#', undefined, new Error('no a'));
  }));

  test('unsubscribed, cancels the source and the runs', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b-|');
    const call = cold('-----x|');
    expectObservable(source.pipe(each(lambda(() => call))), '----!').toBe('----');
    expectSubscriptions(source.subscriptions).toBe('^---!');
    expectSubscriptions(call.subscriptions).toBe('-^--!');
  }));

  test('asks for no more values than it can run', () => {
    let made = 0;
    const counted = pull([1, 2, 3, 4, 5].values()).pipe(map((n) => (made++, n)));
    counted.pipe(each(lambda(() => NEVER), { concurrency: 2 })).subscribe().unsubscribe();
    expect(made).toBe(2);
  });

  test('waits for its consumer before it runs the next value', () => {
    const runs: number[] = [];
    const gate = new Gate(1);
    pull([1, 2, 3]).pipe(each(lambda((n: number) => (runs.push(n), n)))).subscribe(new Link<number>(undefined, { next: () => gate.hold(), demand: gate }));
    expect(runs).toEqual([1]);
    gate.release();
    expect(runs).toEqual([1, 2]);
    gate.release();
    expect(runs).toEqual([1, 2, 3]);
  });

  test('may be fed by what it emits', () => {
    const numbers = new Subject<number>();
    const seen: number[] = [];
    numbers.pipe(each(lambda((n: number) => n + 1)), filter((n) => n < 5)).subscribe((n) => (seen.push(n), numbers.next(n)));
    numbers.next(0);
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  test('carries 100,000 synchronous values', () => {
    let sum = 0;
    pull(Array.from({ length: 100_000 }, (_, n) => n)).pipe(each(lambda((n: number) => n % 2))).subscribe((n) => (sum += n));
    expect(sum).toBe(50_000);
  });

  test('folds as its flow does', async () => {
    const upper = flow('upper', map((x: string) => x.toUpperCase()), { fold: concatText });
    const words = chain(map((line: string) => line.split(' ')), switchAll(), each(upper));
    expect(await words.invoke('a b c')).toBe('ABC');
    expect(each(upper).name).toBe('each(upper)');
  });

  test('runs each value as a run of its own: a second value is none at the flow\'s head', () => {
    const seen: number[] = [];
    of(1, 2).pipe(each(lambda((n: number) => n))).subscribe((n) => seen.push(n));
    expect(seen).toEqual([1, 2]);
  });

  test.each([0, -1, NaN, 1.5])('refuses concurrency %d', (concurrency) => {
    expect(() => each(later, { concurrency })).toThrow(/INVALID_OPTION: concurrency is .* whole number of at least 1/);
  });
});
