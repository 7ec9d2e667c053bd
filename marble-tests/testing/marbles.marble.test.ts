import { describe, expect, jest, test } from '@jest/globals';
import { interval, map, NEVER, of, timer } from 'rxjs';
import { lambda } from '../../src/core/flow/lambda.js';
import { marbles } from '../../src/testing/marbles.js';
import { failureOf } from './failureOf.js';

describe('marbles', () => {
  test('gives the helpers of TestScheduler.run', marbles(({ cold, hot, time, animate, expectObservable, expectSubscriptions }) => {
    const c = cold('--a-b|');
    const h = hot('a--b|');
    animate('---x');
    expectObservable(c, '^--!').toBe('--a-');
    expectSubscriptions(c.subscriptions).toBe('^--!');
    expectObservable(h, '-^').toBe('---b|');
    expect(time('----|')).toBe(4);
  }));

  test('runs with time, ids and random numbers that are the same every time', () => {
    const seen: unknown[] = [];
    const look = lambda((_: string, run) => {
      seen.push([run.scheduler.now(), run.runId, run.ids(), run.random()]);
      return '';
    });
    const looks = marbles(({ expectRun, config, expectObservable }) => {
      expectRun(look, 'x').toBe('(a|)', { a: '' });
      expectObservable(look.run('x', config)).toBe('(a|)', { a: '' });
    });
    looks();
    const [first, second] = seen;
    expect(first).toEqual([0, 'id-1', 'id-2', expect.any(Number)]);
    expect(second).toEqual([0, 'id-3', 'id-4', expect.any(Number)]);
    looks();
    expect(seen.slice(2)).toEqual([first, second]);
    marbles(({ expectRun }) => void expectRun(look, 'x'), { seed: 2 })();
    expect(seen[4]).not.toEqual(first);
  });

  test('compares with the assertion library that it is given', () => {
    const assertEqual = jest.fn();
    marbles(({ expectObservable, expectRun }) => {
      expectObservable(of(1)).toBe('(a|)', { a: 2 });
      expectRun(lambda((n: number) => n), 1).toFoldTo(2);
    }, { assertEqual })();
    expect(assertEqual.mock.calls).toEqual([
      [[expect.objectContaining({ frame: 0 }), expect.anything()], expect.anything()],
      [1, 2],
    ]);
  });

  test('shows what happened beside what was expected', () => {
    expect(failureOf(marbles(({ cold, expectObservable }) => expectObservable(cold('-a-b|')).toBe('-a--b|')))).toBe(
      ['ExpectationError: what happened isn\'t what was expected (- expected, + happened):', '  1 ms  value "a"', '- 4 ms  value "b"', '+ 3 ms  value "b"', '- 5 ms  complete', '+ 4 ms  complete'].join('\n'),
    );
    expect(failureOf(marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('---a');
      expectObservable(source, '^-!');
      expectSubscriptions(source.subscriptions).toBe(['^--!', '^']);
    }))).toContain(['- subscribed at 0 ms, left at 3 ms', '+ subscribed at 0 ms, left at 2 ms', '- subscribed at 0 ms, never left'].join('\n'));
  });

  test('lets a test look in the middle', marbles(({ expectRun, flush }) => {
    const seen: number[] = [];
    expectRun(lambda((n: number) => timer(1000).pipe(map(() => seen.push(n)))), 7).toFoldTo(1);
    expect(seen).toEqual([]);
    flush();
    expect(seen).toEqual([7]);
  }));

  test('checks in the middle too', () => {
    const reached = jest.fn();
    failureOf(marbles(({ expectRun, flush }) => {
      expectRun(lambda((n: number) => n), 7).toFoldTo(8);
      flush();
      reached();
    }));
    expect(reached).not.toHaveBeenCalled();
  });

  test('refuses a test that returns a promise', () => {
    expect(failureOf(marbles((async () => undefined) as never))).toContain("promises don't move in virtual time");
    expect(failureOf(marbles((() => Promise.reject(new Error('unheard'))) as never))).toContain("promises don't move in virtual time");
  });

  test.each([0, 1])('notices a test that goes on for ever, every %d ms', (periodMs) => {
    expect(failureOf(marbles(() => void interval(periodMs).subscribe(), { maxTimers: 1000 }))).toMatch(/still at work after 1000 timers, at \d+ ms/);
    expect(failureOf(() => marbles(() => undefined, { maxTimers: NaN }))).toContain('maxTimers is NaN');
  });

  test('an error that nobody handles fails the test', () => {
    expect(failureOf(marbles(() => void timer(5).pipe(map(() => { throw new Error('oops'); })).subscribe()))).toContain('oops');
  });

  test('a run that never ends ends with the test', marbles(({ expectObservable }) => expectObservable(NEVER).toBe('-')));
});
