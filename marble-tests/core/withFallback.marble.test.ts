import { describe, expect, test } from '@jest/globals';
import { concat, map, of, range, Subject, throwError, type Observable } from 'rxjs';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import { FallbackError } from '../../src/core/errors/FallbackError.js';
import { RivuletError } from '../../src/core/errors/RivuletError.js';
import { chain } from '../../src/core/flow/chain.js';
import { flow, type Flow } from '../../src/core/flow/flow.js';
import { concatText } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { withFallback } from '../../src/core/flow/withFallback.js';
import { withRetry } from '../../src/core/flow/withRetry.js';
import { contextOf, createSource } from '../../src/core/subscription.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';
import { slowly } from '../slowly.js';

const failing = (error: unknown = 'no'): Flow<string, string> =>
  lambda((_: string): string => {
    throw error;
  }, 'failing');
const slow = lambda((x: string) => slowly<string>(3)(x), 'slow');

function outcome(source: Observable<unknown>): unknown {
  let seen: unknown;
  source.subscribe({ next: (x) => (seen = x), error: (e) => (seen = e) });
  return seen;
}

describe('withFallback', () => {
  test('tries the next flow with the same input, and subscribes its source once', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('-a------|');
    expectObservable(source$.pipe(withFallback(failing(), failing(), slow))).toBe('----a---|');
    expectSubscriptions(source$.subscriptions).toBe('^-------!');
  }));

  test('doesn’t touch an alternative while the flow does well', () => {
    const never = lambda((): string => {
      throw new Error('touched');
    });
    expect(outcome(withFallback(lambda((x: string) => x), never).run('a'))).toBe('a');
  });

  test('fails with the errors of all, the last being the cause', () => {
    const error = outcome(withFallback(failing('first'), failing(new Error('second'))).run('a')) as FallbackError;
    expect(error).toBeInstanceOf(FallbackError);
    expect(error).toMatchObject({ code: 'FALLBACK_FAILED', errors: ['first', new Error('second')], cause: new Error('second') });
    expect(error.message).toContain('1. first; 2. second');
  });

  test('falls back only when the error is one for it', () => {
    const when = (error: unknown): boolean => error === 'overloaded';
    expect(outcome(withFallback(failing('overloaded'), { to: slow, when: () => false }).run('a'))).toBe('overloaded');
    expect(outcome(withFallback(failing('overloaded'), { to: [lambda((x: string) => `${x}!`)], when }).run('a'))).toBe('a!');
    expect(outcome(withFallback(failing('broken'), { to: slow, when }).run('a'))).toBe('broken');
    expect(outcome(withFallback(failing(), { to: slow, when: () => { throw 'thrown'; } }).run('a'))).toBe('thrown');
  });

  test('lets a cancellation through as it is', () => {
    const cancelled = new RivuletError('CANCELLED', 'x');
    expect(outcome(withFallback(failing(cancelled), lambda((x: string) => x)).run('a'))).toBe(cancelled);
    expect(outcome(withFallback(failing('first'), failing(cancelled)).run('a'))).toBe(cancelled);
  });

  test('doesn’t fall back once something was emitted', marbles(({ expectObservable }) => {
    const half = flow('half', () => concat(of('a'), throwError(() => 'no')) as Observable<string>);
    expectObservable(withFallback(half, slow).run('x')).toBe('(a#)', undefined, 'no');
  }));

  test('with restart starts over with the alternative, says so, and resets the fold', async () => {
    const sink = recorder();
    const half = flow('half', () => concat(of('a'), throwError(() => 'no')) as Observable<string>, { fold: concatText });
    const whole = flow('whole', () => of('b', 'c'), { fold: concatText });
    expect(await withFallback(half, { to: whole, restart: true }).invoke('x', { events: sink })).toBe('bc');
    expect(sink.events.filter(({ type }) => type === 'superseded' || type === 'retry')).toMatchObject([{ type: 'superseded', attempt: 1 }, { type: 'retry', attempt: 2, delayMs: 0 }]);
  });

  test('has no alternative for an error of its source', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('--#');
    expectObservable(source$.pipe(withFallback(slow, slow))).toBe('--#');
    expectSubscriptions(source$.subscriptions).toBe('^-!');
  }));

  test('unsubscribes what runs, and the source, in the frame in which it is unsubscribed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('a-----|');
    const work$ = cold('-----x|');
    expectObservable(source$.pipe(withFallback(failing(), lambda(() => work$))), '^--!').toBe('');
    expectSubscriptions(source$.subscriptions).toBe('^--!');
    expectSubscriptions(work$.subscriptions).toBe('^--!');
  }));

  test('counts on per run', () => {
    const both = withFallback(failing('a'), failing('b'));
    expect(outcome(both.run('x'))).toMatchObject({ errors: ['a', 'b'] });
    expect(outcome(both.run('x'))).toMatchObject({ errors: ['a', 'b'] });
  });

  test('lets those inside see the attempt, and its source the outer context', () => {
    const seen: unknown[] = [];
    const source = (): Observable<string> =>
      createSource((subscriber) => {
        seen.push(contextOf(subscriber)?.attempt);
        subscriber.next('a');
        subscriber.complete();
      });
    const target = (fails: boolean): Flow<string, string> =>
      lambda((x: string, run) => {
        seen.push([run.attempt, run.tags]);
        if (fails) throw new Error('no');
        return x;
      });
    chain(source, withFallback(target(true), target(false))).run('x', { tags: ['t'] }).subscribe();
    expect(seen).toEqual([1, [1, ['t']], [2, ['t']]]);
  });

  test('folds its input where the source is chunks of one thing, for each', async () => {
    const words = flow('words', () => of('a', 'b'), { fold: concatText });
    expect(await chain(words, withFallback(failing(), lambda((text: string) => text.toUpperCase()))).invoke('x')).toBe('AB');
  });

  test('is retried as a whole if one of its errors may pass', () => {
    let calls = 0;
    const second = lambda((x: string): string => {
      if (++calls < 2) throw { status: 503 };
      return x;
    });
    expect(outcome(withRetry(withFallback(failing({ status: 400 }), second), { initialMs: 0 }).run('a'))).toBe('a');
  });

  test('makes its source wait for the flow', marbles(({ expectObservable, flush }) => {
    let pulled = 0;
    const source$ = pull((function* () { for (;;) yield pulled++; })());
    const target = flow('slow', mapAsync(slowly<number>(4), { concurrency: 2 }));
    expectObservable(source$.pipe(withFallback(target, target), map(() => 'x')), '^-----!').toBe('----(xx)');
    flush();
    expect(pulled).toBe(4);
  }));

  test('lets 100,000 synchronous values through, to an alternative too', () => {
    let count = 0;
    const same = flow('same', map((n: number) => n));
    const lastFails = flow('lastFails', map((n: number): number => {
      if (n === 0) throw 'no';
      return n;
    }));
    range(0, 100_000).pipe(withFallback(lastFails, { to: same, maxReplay: 5 })).subscribe(() => count++);
    expect(count).toBe(100_000);
  });

  test('keeps the order when a consumer makes the source emit', () => {
    const source$ = new Subject<number>();
    const seen: number[] = [];
    const same = flow('same', map((n: number) => n));
    source$.pipe(withFallback(same, same)).subscribe((n) => {
      seen.push(n);
      if (n < 4) source$.next(n + 1);
    });
    source$.next(1);
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  test('is named after its row, and refuses to have no alternative', () => {
    expect(withFallback(slow, failing()).name).toBe('withFallback(slow, failing)');
    const invalid = expect.objectContaining({ code: 'INVALID_OPTION' });
    expect(() => withFallback(slow)).toThrow(invalid);
    expect(() => withFallback(slow, { to: [] })).toThrow(invalid);
    expect(() => withFallback(slow, { to: map as never })).toThrow(invalid);
    expect(() => withFallback(slow, { to: slow, maxReplay: NaN })).toThrow(invalid);
  });
});
