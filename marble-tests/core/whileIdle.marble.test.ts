import { describe, expect, test } from '@jest/globals';
import { filter, from, map, Subject, timer } from 'rxjs';
import { concatText } from '../../src/core/flow/fold.js';
import { flow } from '../../src/core/flow/flow.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { whileIdle } from '../../src/core/flow/whileIdle.js';
import { marbles } from '../marbles.js';

const later = lambda((x: string) => timer(3).pipe(map(() => x)), 'later');

describe('whileIdle', () => {
  test('runs the flow for a value that comes while none is running, and ignores the others', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-b----c---|');
    expectObservable(source.pipe(whileIdle(later))).toBe('----a------c|');
    expectSubscriptions(source.subscriptions).toBe('^-----------!');
  }));

  test('a value that comes before the run ends in the same frame is ignored, the next one is not', marbles(({ cold, hot, expectObservable }) => {
    const call = (x: string) => cold('--(x|)').pipe(map(() => x));
    expectObservable(hot('-a-bc-|').pipe(whileIdle(lambda(call)))).toBe('---a--(c|)');
  }));

  test('waits for the run when its source completes', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('-a-b|').pipe(whileIdle(later))).toBe('----(a|)');
  }));

  test('passes an error of the source on, and cancels the run', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const call = cold('-----x|');
    expectObservable(cold('-a-#').pipe(whileIdle(lambda(() => call)))).toBe('---#');
    expectSubscriptions(call.subscriptions).toBe('-^-!');
  }));

  test('passes an error of the run on, and leaves the source', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a-----b|');
    expectObservable(source.pipe(whileIdle(lambda(() => cold('--#'))))).toBe('---#');
    expectSubscriptions(source.subscriptions).toBe('^--!');
  }));

  test('unsubscribed, cancels the source and the run', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-a---|');
    const call = cold('-----x|');
    expectObservable(source.pipe(whileIdle(lambda(() => call))), '---!').toBe('---');
    expectSubscriptions(source.subscriptions).toBe('^--!');
    expectSubscriptions(call.subscriptions).toBe('-^-!');
  }));

  test('completes at once with an empty source', marbles(({ cold, expectObservable }) => {
    expectObservable(cold<string>('---|').pipe(whileIdle(later))).toBe('---|');
  }));

  test('ignores what it is fed by its own run while that emits', () => {
    const numbers = new Subject<number>();
    const seen: number[] = [];
    numbers.pipe(whileIdle(lambda((n: number) => n + 1)), filter((n) => n < 5)).subscribe((n) => (seen.push(n), numbers.next(n)));
    numbers.next(0);
    expect(seen).toEqual([1]);
    numbers.next(2);
    expect(seen).toEqual([1, 3]);
  });

  test('carries 100,000 synchronous values', () => {
    let many = 0;
    from(Array.from({ length: 100_000 }, (_, n) => n)).pipe(whileIdle(lambda((n: number) => n))).subscribe(() => many++);
    expect(many).toBe(100_000);
  });

  test('folds and is named as its flow', () => {
    const upper = flow('upper', map((x: string) => x.toUpperCase()), { fold: concatText });
    expect(whileIdle(upper).name).toBe('whileIdle(upper)');
    expect(whileIdle(upper).fold).toBe(concatText);
  });
});
