import { describe, expect, test } from '@jest/globals';
import { concat, defer, EMPTY, map, merge, NEVER, of, range, scan, Subject, take, throwError, timer, type Observable } from 'rxjs';
import { Gate } from '../../src/core/demand/Gate.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import { RivuletError } from '../../src/core/errors/RivuletError.js';
import { RunTimeoutError } from '../../src/core/errors/RunTimeoutError.js';
import { chain } from '../../src/core/flow/chain.js';
import { flow, type Flow } from '../../src/core/flow/flow.js';
import { concatText } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { withRetry, type RetryOptions } from '../../src/core/flow/withRetry.js';
import { contextOf, createSource, Link } from '../../src/core/subscription.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';
import { slowly } from '../slowly.js';

const plain: RetryOptions = { initialMs: 4, jitter: 'none' };

/** Takes 1 ms for an answer, and fails the first `times`. */
function failing(times: number, error: unknown = 'no'): Flow<string, string> & { readonly calls: () => number } {
  let calls = 0;
  const body = (input: string): Observable<string> => timer(1).pipe(map(() => {
    if (++calls <= times) throw error;
    return input;
  }));
  return Object.assign(lambda(body, 'failing') as Flow<string, string>, { calls: () => calls });
}

describe('withRetry', () => {
  test('tries again after a growing delay, and subscribes its source once', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('-a--------------|');
    expectObservable(source$.pipe(withRetry(failing(2), plain))).toBe('16ms (a|)'); // fails at 2 and at 7
    expectSubscriptions(source$.subscriptions).toBe('^---------------!');
  }));

  test('passes values and completion on at once when nothing fails', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('-a-b-|');
    expectObservable(source$.pipe(withRetry(flow('same', map((x: string) => x))))).toBe('-a-b-|');
    expectObservable(EMPTY.pipe(withRetry(failing(0)))).toBe('|');
    expectSubscriptions(source$.subscriptions).toBe('^----!');
  }));

  test('gives up after maxAttempts with the last error', marbles(({ expectObservable }) => {
    expectObservable(withRetry(failing(9), plain).run('a')).toBe('15ms #', undefined, 'no');
    expectObservable(withRetry(failing(9), { maxAttempts: 1 }).run('a')).toBe('-#', undefined, 'no');
  }));

  test('never waits longer than maxMs', marbles(({ expectObservable }) => {
    expectObservable(withRetry(failing(4), { ...plain, maxAttempts: 5, maxMs: 6 }).run('a')).toBe('1ms 4ms 1ms 6ms 1ms 6ms 1ms 6ms 1ms (a|)');
  }));

  test('takes its jitter from the random of the context', marbles(({ expectObservable }) => {
    const random = (): number => 0.25;
    expectObservable(withRetry(failing(1), { initialMs: 8 }).run('a', { random })).toBe('1ms 2ms 1ms (a|)');
    expectObservable(withRetry(failing(1), { initialMs: 8, jitter: 0.5 }).run('a', { random })).toBe('1ms 5ms 1ms (a|)');
    expectObservable(withRetry(failing(1), { initialMs: 8, jitter: 'none' }).run('a', { random })).toBe('1ms 8ms 1ms (a|)');
  }));

  test('waits at least as long as the error asks for', marbles(({ expectObservable }) => {
    const limited = Object.assign(new Error('slow down'), { status: 429, retryAfterMs: 20 });
    expectObservable(withRetry(failing(1, limited), plain).run('a')).toBe('1ms 20ms 1ms (a|)');
    expectObservable(withRetry(failing(1, { retryAfterMs: 2 }), plain).run('a')).toBe('1ms 4ms 1ms (a|)');
    expectObservable(withRetry(failing(1, { retryAfterMs: NaN }), plain).run('a')).toBe('1ms 4ms 1ms (a|)');
  }));

  test('is stopped while it waits, in that very frame, and tries no more', marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
    const source$ = cold('a-|');
    const target = failing(9);
    expectObservable(source$.pipe(withRetry(target, { ...plain, initialMs: 20 })), '^ 9ms !').toBe('');
    expectSubscriptions(source$.subscriptions).toBe('^-!');
    flush();
    expect(target.calls()).toBe(1);
  }));

  test('is ended by an aborted signal while it waits', marbles(({ expectObservable }) => {
    const controller = new AbortController();
    expectObservable(withRetry(failing(9), { ...plain, initialMs: 20 }).run('a', { signal: controller.signal })).toBe('5ms #', undefined, expect.objectContaining({ code: 'CANCELLED' }));
    expectObservable(timer(5).pipe(map(() => controller.abort('enough')))).toBe('5ms (u|)', { u: undefined });
  }));

  test('ends an attempt before the next begins', () => {
    const log: string[] = [];
    let attempt = 0;
    const body = lambda(() => createSource<string>((subscriber) => {
      const mine = ++attempt;
      log.push(`begin ${mine}`);
      subscriber.add(() => log.push(`end ${mine}`));
      if (mine < 3) subscriber.error('no');
      else subscriber.complete();
    }));
    withRetry(body, { initialMs: 0 }).run('x').subscribe();
    expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
  });

  test('tries 20,000 times without a delay on a flat stack', () => {
    let calls = 0;
    const target = lambda((): string => {
      if (++calls < 20_000) throw 'no';
      return 'done';
    });
    const seen: string[] = [];
    withRetry(target, { initialMs: 0, maxAttempts: Infinity }).run('x').subscribe((x) => seen.push(x));
    expect(seen).toEqual(['done']);
  });

  test('doesn’t retry once something was emitted', marbles(({ expectObservable }) => {
    const target = flow('half', () => concat(of('a'), throwError(() => 'no')) as Observable<string>);
    expectObservable(withRetry(target, plain).run('x')).toBe('(a#)', undefined, 'no');
  }));

  test('with restart starts over, says so, and resets the fold', async () => {
    const sink = recorder();
    let attempt = 0;
    const target = flow('half', () => defer(() => (++attempt < 3 ? concat(of('a', 'b'), throwError(() => 'no')) : of('c', 'd'))), { fold: concatText });
    const result = await withRetry(target, { initialMs: 0, restart: true }).invoke('x', { events: sink });
    expect(result).toBe('cd');
    const told = sink.events.filter(({ type }) => type === 'superseded' || type === 'retry');
    expect(told).toMatchObject([
      { type: 'superseded', attempt: 1 },
      { type: 'retry', attempt: 2, delayMs: 0, error: 'no' },
      { type: 'superseded', attempt: 2 },
      { type: 'retry', attempt: 3, delayMs: 0, error: 'no' },
    ]);
  });

  test('tells of a retry when it happens, with its delay', marbles(({ expectObservable, flush }) => {
    const sink = recorder();
    expectObservable(withRetry(failing(1), plain).run('a', { events: sink })).toBe('1ms 4ms 1ms (a|)');
    flush();
    expect(sink.events.filter(({ type }) => type === 'retry')).toMatchObject([{ at: 1, attempt: 2, delayMs: 4, error: 'no' }]);
  }));

  test('lets those inside see the attempt, and those upstream the outer context', () => {
    const seen: unknown[] = [];
    const source$ = createSource<string>((subscriber) => {
      seen.push(['source', contextOf(subscriber)?.attempt]);
      subscriber.next('a');
      subscriber.complete();
    });
    const target = lambda((_: string, run): string => {
      seen.push(['target', run.attempt, run.tags]);
      throw new Error('no');
    });
    chain(() => source$, withRetry(target, { initialMs: 0 })).run('x', { tags: ['t'] }).subscribe({ error: () => undefined });
    expect(seen).toEqual([['source', 1], ['target', 1, ['t']], ['target', 2, ['t']], ['target', 3, ['t']]]);
  });

  test('keeps one trace without a context above it', () => {
    const traces = new Set<string>();
    const target = lambda((_: string, run): string => {
      traces.add(run.traceId);
      throw new Error('no');
    });
    of('a').pipe(withRetry(target, { initialMs: 0 })).subscribe({ error: () => undefined });
    expect(traces.size).toBe(1);
  });

  test('streams its input through, and replays to the next attempt what came so far', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    let calls = 0;
    const target = flow('counting', (source: Observable<string>) => {
      const mine = ++calls;
      return source.pipe(scan((text, x) => text + x, ''), map((text) => {
        if (mine === 1 && text === 'ab') throw new Error('no');
        return text;
      }));
    });
    const source$ = cold('a-b-----c-|');
    const values = { a: 'a', b: 'ab', c: 'abc' };
    expectObservable(source$.pipe(withRetry(target, { ...plain, initialMs: 2, restart: true }))).toBe('a---(ab)c-|', values);
    expectSubscriptions(source$.subscriptions).toBe('^---------!');
  }));

  test('folds its input where the source is chunks of one thing', async () => {
    const seen: string[] = [];
    let calls = 0;
    const target = lambda((text: string) => {
      seen.push(text);
      if (++calls < 2) throw new Error('no');
      return text.length;
    });
    const words = flow('words', () => of('a', 'b', 'c'), { fold: concatText });
    expect(await chain(words, withRetry(target, { initialMs: 0 })).invoke('x')).toBe(3);
    expect(seen).toEqual(['abc', 'abc']);
    expect(withRetry(words).fold).toBe(concatText);
  });

  test('doesn’t retry an error of its source', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('a-#');
    expectObservable(source$.pipe(withRetry(flow('wait', (s: Observable<string>) => merge(s.pipe(map((x): string => x)), NEVER)), { restart: true }))).toBe('a-#');
    expectSubscriptions(source$.subscriptions).toBe('^-!');
  }));

  test('starts over with its source', () => {
    const seen: string[] = [];
    const inner = flow('half', () => concat(of('a', 'b'), defer(() => (attempt++ === 0 ? throwError(() => 'no') : of('c')))), { fold: concatText });
    let attempt = 0;
    const target = lambda((text: string) => {
      seen.push(text);
      return text;
    });
    chain(withRetry(inner, { initialMs: 0, restart: true }), withRetry(target)).run('x').subscribe();
    expect(seen).toEqual(['abc']);
  });

  test('fails with BACKPRESSURE when a source ignores demand beyond what is kept, and retries no run that is longer', () => {
    const outcome = (source: Observable<number>, target: Flow<number, number>): unknown => {
      let error: unknown;
      source.pipe(withRetry(target, { initialMs: 0, maxReplay: 10 })).subscribe({ error: (e) => (error = e) });
      return error;
    };
    let calls = 0;
    const late = flow('late', (s: Observable<number>) => defer(() => (calls++, s)).pipe(take(20), map((n): number => {
      if (n === 15) throw new RivuletError('TIMEOUT', 'late');
      return n;
    }), (numbers) => numbers.pipe(mapAsync((n) => (n < 0 ? of(n) : EMPTY)))));
    expect(outcome(pull(Array.from({ length: 30 }, (_, i) => i)), late)).toMatchObject({ code: 'TIMEOUT' });
    expect(calls).toBe(1);
    expect(outcome(range(0, 30), flow('stuck', mapAsync(() => NEVER as Observable<number>)))).toMatchObject({ code: 'BACKPRESSURE' });
  });

  test('makes its source wait for the flow', marbles(({ expectObservable, flush }) => {
    let pulled = 0;
    const source$ = pull((function* () { for (;;) yield pulled++; })());
    expectObservable(source$.pipe(withRetry(flow('slow', mapAsync(slowly(4), { concurrency: 2 }))), map(() => 'x')), '^-----!').toBe('----(xx)');
    flush();
    expect(pulled).toBe(4);
  }));

  test('stops its source when it is unsubscribed: nothing is produced after', () => {
    const gate = new Gate(1);
    let pulled = 0;
    const result$ = pull((function* () { for (;;) yield pulled++; })()).pipe(withRetry(flow('same', map((n: number) => n))));
    const link = new Link<number>(undefined, { next: () => gate.hold(), demand: gate });
    result$.subscribe(link);
    expect(pulled).toBe(1);
    link.unsubscribe();
    gate.release();
    expect(pulled).toBe(1);
  });

  test('lets 100,000 synchronous values through', () => {
    let count = 0;
    range(0, 100_000).pipe(withRetry(flow('same', map((n: number) => n)))).subscribe(() => count++);
    expect(count).toBe(100_000);
  });

  test('keeps the order when a consumer makes the source emit', () => {
    const source$ = new Subject<number>();
    const seen: number[] = [];
    source$.pipe(withRetry(flow('same', map((n: number) => n)))).subscribe((n) => {
      seen.push(n);
      if (n < 4) source$.next(n + 1);
    });
    source$.next(1);
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  test.each([
    ['a cancellation', new RivuletError('CANCELLED', 'x'), 1],
    ['an abort', new DOMException('x', 'AbortError'), 1],
    ['bad tool input', new RivuletError('TOOL_INPUT', 'x'), 1],
    ['an invalid option', new RivuletError('INVALID_OPTION', 'x'), 1],
    ['a second input', new RivuletError('SECOND_INPUT', 'x'), 1],
    ['a 400', { status: 400 }, 1],
    ['a 404', { status: 404 }, 1],
    ['an error that says no', Object.assign(new Error('x'), { retryable: false }), 1],
    ['an error that says yes', { status: 400, retryable: true }, 2],
    ['a 408', { status: 408 }, 2],
    ['a 409', { status: 409 }, 2],
    ['a 425', { status: 425 }, 2],
    ['a 429', { status: 429 }, 2],
    ['a 500', { status: 500 }, 2],
    ['a timeout', new RunTimeoutError('total', 5), 2],
    ['any other error', new Error('x'), 2],
    ['several of which one may pass', { errors: [{ status: 400 }, { status: 503 }] }, 2],
    ['several that stay', { errors: [{ status: 400 }] }, 1],
    ['a string', 'x', 2],
    ['nothing', undefined, 2],
  ])('decides on %s', (_what, error, calls) => {
    let count = 0;
    const target = lambda((): string => {
      count++;
      throw error;
    });
    withRetry(target, { initialMs: 0, maxAttempts: 2 }).run('x').subscribe({ error: () => undefined });
    expect(count).toBe(calls);
  });

  test('asks retryOn instead, with the attempt; its own error goes on', () => {
    const asked: unknown[] = [];
    const target = lambda((): string => {
      throw 'no';
    });
    const outcome = (options: RetryOptions): unknown => {
      let seen: unknown;
      withRetry(target, { initialMs: 0, maxAttempts: 9, ...options }).run('x').subscribe({ error: (e) => (seen = e) });
      return seen;
    };
    expect(outcome({ retryOn: (error, attempt) => (asked.push([error, attempt]), attempt < 2) })).toBe('no');
    expect(asked).toEqual([['no', 1], ['no', 2]]);
    expect(outcome({ retryOn: () => { throw 'broken'; } })).toBe('broken');
  });

  test.each<RetryOptions>([
    { maxAttempts: 0 }, { maxAttempts: NaN }, { maxAttempts: 1.5 }, { initialMs: -1 }, { initialMs: NaN }, { maxMs: Infinity }, { factor: 0 }, { factor: NaN },
    { factor: Infinity }, { jitter: 2 }, { jitter: -0.1 }, { jitter: NaN }, { maxReplay: 0 },
  ])('refuses %p', (options) => {
    expect(() => withRetry(failing(0), options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
