import { describe, expect, test } from '@jest/globals';
import { EMPTY, from, map, NEVER, Observable, of, range, Subject, tap, throwError, timer } from 'rxjs';
import { Gate } from '../../src/core/demand/Gate.js';
import { pull } from '../../src/core/demand/pull.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { Link, restartOf } from '../../src/core/subscription.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';

/** What a run emits at once. */
function atOnce<T>(source: Observable<T>): readonly (T | 'complete')[] {
  const seen: (T | 'complete')[] = [];
  source.subscribe({ next: (value) => seen.push(value), complete: () => seen.push('complete') });
  return seen;
}

async function emitted<T>(source: Observable<T>): Promise<readonly T[]> {
  const seen: T[] = [];
  await source.forEach((value) => void seen.push(value));
  return seen;
}

describe('the result of a callback', () => {
  test('is a value, and stays synchronous, if it is a string, an array, another iterable, a function, null or undefined', () => {
    const values = ['text', ['a', 'b'], new Set([1]), new Map([[1, 2]]), null, undefined, 0, false, { a: 1 }, Math.max];
    for (const value of values) expect(atOnce(lambda(() => value).run(0))).toEqual([value, 'complete']);
  });

  test('is unwrapped, and stays synchronous, if it is an Observable', () => {
    expect(atOnce(lambda(() => of(1, 2)).run(0))).toEqual([1, 2, 'complete']);
  });

  test('is unwrapped if it is an Observable of another library', () => {
    const foreign = { [(Symbol as { readonly observable?: symbol }).observable ?? '@@observable']: () => of(1, 2) };
    expect(atOnce(lambda(() => foreign).run(0) as Observable<unknown>)).toEqual([1, 2, 'complete']);
  });

  test('is awaited if it is a promise or anything with a then', async () => {
    expect(await lambda(async () => [1, 2]).invoke(0)).toEqual([1, 2]);
    const thenable: PromiseLike<string> = { then: (resolve) => Promise.resolve('later').then(resolve) };
    expect(await lambda(() => thenable).invoke(0)).toBe('later');
  });

  test('is read if it is an async iterable or a ReadableStream', async () => {
    const letters = lambda(async function* (text: string) {
      yield* text;
    });
    expect(await emitted(letters.run('abc'))).toEqual(['a', 'b', 'c']);
    const stream = new ReadableStream<string>({
      start(controller) {
        controller.enqueue('a');
        controller.enqueue('b');
        controller.close();
      },
    });
    expect(await emitted(lambda(() => stream).run(0))).toEqual(['a', 'b']);
    expect(await emitted(lambda((text: string) => letters.stream(text)).run('abc'))).toEqual(['a', 'b', 'c']);
  });

  test('may carry 100,000 synchronous values', () => {
    let many = 0;
    lambda((n: number) => range(0, n)).run(100_000).subscribe(() => many++);
    expect(many).toBe(100_000);
  });

  test('takes the time it takes', marbles(({ expectObservable }) => {
    expectObservable(lambda((x: string) => timer(3).pipe(map(() => x))).run('a')).toBe('---(a|)');
  }));

  test('that fails, fails the run: thrown, rejected, errored', async () => {
    const boom = new Error('boom');
    await expect(lambda(() => { throw boom; }).invoke(0)).rejects.toBe(boom);
    await expect(lambda(() => Promise.reject(boom)).invoke(0)).rejects.toBe(boom);
    await expect(lambda(() => throwError(() => boom)).invoke(0)).rejects.toBe(boom);
    await expect(lambda(async function* () { yield 1; throw boom; }).invoke(0)).rejects.toBe(boom);
  });
});

describe('run.signal', () => {
  const heard = (log: unknown[]) => (run: RunScope): void => run.signal.addEventListener('abort', () => log.push(run.signal.reason));

  test('aborts when the call is unsubscribed before it has completed', marbles(({ flush }, scheduler) => {
    const log: unknown[] = [];
    const call = lambda((_: string, run) => (heard(log)(run), NEVER)).run('a').subscribe();
    scheduler.schedule(() => call.unsubscribe(), 5);
    flush();
    expect(log).toEqual([expect.objectContaining({ code: 'CANCELLED' })]);
  }));

  test('doesn\'t abort when the call completes, nor later', marbles(({ flush, cold }) => {
    const log: unknown[] = [];
    const call = cold('-a------|').pipe(lambda((_: string, run) => (heard(log)(run), timer(2)))).subscribe();
    flush();
    call.unsubscribe();
    expect(log).toEqual([]);
  }));

  test('aborts the call of its own only', marbles(({ flush }, scheduler) => {
    const log: string[] = [];
    const name = (id: string) => lambda((_: string, run) => (run.signal.addEventListener('abort', () => log.push(id)), timer(4)));
    const a = name('a').run('').subscribe();
    name('b').run('').subscribe();
    scheduler.schedule(() => a.unsubscribe(), 2);
    flush();
    expect(log).toEqual(['a']);
  }));

  test('asked for after the call was cancelled, is aborted already', () => {
    let scope: RunScope | undefined;
    lambda((_: string, run) => ((scope = run), NEVER)).run('').subscribe().unsubscribe();
    expect(scope?.signal.aborted).toBe(true);
  });
});

describe('an awaited run inside a callback, handed `run`', () => {
  test('inherits tags, metadata, thread, scheduler, ids and who watches', async () => {
    const sink = recorder();
    const inner = lambda((_: string, run) => ({ tags: run.tags, thread: run.thread, traceId: run.traceId, metadata: run.metadata }));
    const outer = lambda(async (x: string, run) => {
      run.emit('before');
      return inner.pipe(lambda((seen: object, below) => (below.emit('inside'), seen))).invoke(x, run);
    });
    const seen = await outer.invoke('a', { tags: ['t'], thread: 'th', metadata: { m: 1 }, runId: 'id', events: sink });
    expect(seen).toMatchObject({ tags: ['t'], thread: 'th', traceId: 'id', metadata: { m: 1 } });
    expect(sink.events.map(({ type, runId, seq }) => [seq, runId, type])).toEqual([[0, 'id', 'run_start'], [1, 'id', 'custom'], [2, 'id', 'custom'], [3, 'id', 'run_end']]);
  });

  test('rejects with CANCELLED and is torn down when the outer is unsubscribed', async () => {
    const log: string[] = [];
    const inner = lambda((_: string, run) => {
      run.signal.addEventListener('abort', () => log.push('inner aborted'));
      return NEVER.pipe(tap({ unsubscribe: () => log.push('inner left') }));
    });
    let ended: Promise<void> | undefined;
    const outer = lambda((x: string, run) => {
      run.signal.addEventListener('abort', () => log.push('outer aborted'));
      ended = inner.invoke(x, run).then(() => undefined, (error: { readonly code: string }) => void log.push(`rejected ${error.code}`));
      return ended;
    });
    outer.run('a').subscribe().unsubscribe();
    await ended;
    expect(log.sort()).toEqual(['inner aborted', 'inner left', 'outer aborted', 'rejected CANCELLED']);
  });

  test('is refused with CANCELLED when the call that would await it has ended', async () => {
    let calls = 0;
    let scope: RunScope | undefined;
    lambda((_: string, run) => ((scope = run), NEVER)).run('').subscribe().unsubscribe();
    await expect(lambda(() => calls++).invoke('', scope)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(calls).toBe(0);
  });

  test('that nobody awaits ends with the call that started it', async () => {
    let left = 0;
    const inner = lambda((_: string) => NEVER.pipe(tap({ unsubscribe: () => left++ })));
    const outer = lambda((x: string, run) => (inner.invoke(x, run).catch(() => undefined), of('done')));
    expect(await outer.invoke('a')).toBe('done');
    expect(left).toBe(1);
  });

  test('waits while downstream of the outer is not ready', async () => {
    let made = 0;
    const inner = lambda((_: string) => pull(naturals(3, () => made++)));
    const outer = lambda((x: string, run) => inner.invoke(x, run));
    const gate = new Gate(1);
    gate.hold();
    const result = new Promise((resolve) => outer.run('').subscribe(new Link<number>(undefined, { next: resolve, demand: gate })));
    expect(made).toBe(0);
    gate.release();
    expect(made).toBe(3);
    expect(await result).toBe(2);
  });

  test('streamed, is read only as far as the loop goes, and fails the loop with CANCELLED when the outer ends', async () => {
    const numbers = new Subject<number>();
    const seen: unknown[] = [];
    const outer = lambda(async (x: string, run) => {
      try {
        for await (const n of lambda((_: string) => numbers).stream(x, run)) seen.push(n);
        seen.push('read to the end');
      } catch (error) {
        seen.push((error as { readonly code: string }).code);
      }
    });
    const call = outer.run('').subscribe();
    numbers.next(1);
    await turn();
    call.unsubscribe();
    await turn();
    expect(seen).toEqual([1, 'CANCELLED']);
    expect(numbers.observed).toBe(false);
  });

  test('batched, shares cancellation with the outer', async () => {
    let left = 0;
    const inner = lambda((_: number) => NEVER.pipe(tap({ unsubscribe: () => left++ })));
    let rejected: unknown;
    const outer = lambda((_: string, run) => inner.batch([1, 2, 3], run).catch((error: unknown) => (rejected = error)));
    outer.run('').subscribe().unsubscribe();
    await turn();
    expect(left).toBe(3);
    expect(rejected).toMatchObject({ code: 'CANCELLED' });
  });
});

describe('a run inside an Observable a callback returns', () => {
  test('is found by the walk alone: no run needs to be handed on', () => {
    const inner = lambda((_: string, run) => run.tags);
    const outer = lambda((x: string) => inner.run(x).pipe(map((tags) => tags)));
    expect(atOnce(outer.run('a', { tags: ['t'] }))).toEqual([['t'], 'complete']);
  });

  test('is cancelled with it', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const call = cold('-----x|');
    const inner = lambda((_: string) => call);
    expectObservable(lambda((x: string) => inner.run(x)).run('a'), '--!').toBe('---');
    expectSubscriptions(call.subscriptions).toBe('^-!');
  }));
});

describe('a call whose input is superseded', () => {
  test('is cancelled, and nothing of it is heard any more', marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
    const calls = { a: cold('----x|'), b: cold('----y|') };
    const inputs = hot('a-b|');
    const superseding = restarting(inputs);
    expectObservable(superseding.pipe(lambda((x: string) => calls[x as 'a' | 'b']))).toBe('------y|');
    expectSubscriptions(calls.a.subscriptions).toBe('^-!');
    expectSubscriptions(calls.b.subscriptions).toBe('--^----!');
  }));

  test('ends also the runs that it awaits', marbles(({ hot, flush }, scheduler) => {
    const left: number[] = [];
    const inner = lambda((_: string) => NEVER.pipe(tap({ unsubscribe: () => left.push(scheduler.now()) })));
    const awaiting = lambda((x: string, run) => (inner.invoke(x, run).catch(() => undefined), timer(5)));
    restarting(hot<string>('a-b--|')).pipe(awaiting).subscribe();
    flush();
    expect(left).toEqual([2, 7]);
  }));
});

describe('what a callback may do with run', () => {
  test('outside a graph node it can\'t be suspended or memoised', () => {
    const uses = [(run: RunScope) => run.interrupt(1), (run: RunScope) => run.answer(1), (run: RunScope) => run.once('k', () => 1), (run: RunScope) => run.store, (run: RunScope) => run.taskId];
    for (const use of uses) {
      let code: unknown;
      lambda((_: string, run) => { use(run); return 1; }).run('').subscribe({ error: (error: { readonly code: string }) => (code = error.code) });
      expect(code).toBe('NOT_IN_TASK');
    }
    expect(atOnce(lambda((_: string, run) => run.heartbeat()).run(''))).toEqual([undefined, 'complete']);
  });

  test('an error thrown by a call that has just cancelled itself is a late_error event, not lost', () => {
    const sink = recorder();
    const link = new Link<string>(undefined, { next: () => undefined });
    const steps = lambda((_: string): string => {
      link.unsubscribe();
      throw new Error('too late');
    });
    steps.run('a', { events: sink }).subscribe(link);
    expect(sink.story).toEqual([expect.stringContaining('run_start'), expect.stringContaining('run_end cancelled'), expect.stringContaining('late_error too late')]);
  });

  test('a call that has cancelled itself starts nothing of what it returns', () => {
    let started = 0;
    const link = new Link<unknown>(undefined, { next: () => undefined });
    const steps = lambda((_: string) => {
      link.unsubscribe();
      return new Observable(() => void started++);
    });
    steps.run('').subscribe(link);
    expect(started).toBe(0);
  });

  test('a promise that rejects after its call was cancelled is a late_error event', async () => {
    const sink = recorder();
    const call = lambda(async () => { await turn(); throw new Error('too late'); }).run('a', { events: sink }).subscribe();
    call.unsubscribe();
    await turn();
    await turn();
    expect(sink.story.at(-1)).toContain('late_error too late');
  });

  test('a rejection that only echoes the cancellation is no event', async () => {
    const sink = recorder();
    const call = lambda((_: string, run) => new Promise((_resolve, reject) => run.signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))))).run('a', { events: sink }).subscribe();
    call.unsubscribe();
    await turn();
    expect(sink.events.map(({ type }) => type)).toEqual(['run_start', 'run_end']);
  });

  test('an empty result is an empty run', async () => {
    await expect(lambda(() => EMPTY).invoke('')).rejects.toMatchObject({ code: 'EMPTY_RUN' });
    await expect(lambda(() => from([])).invoke('')).rejects.toMatchObject({ code: 'EMPTY_RUN' });
  });
});

/** A plain source of which each value supersedes the one before. */
function restarting<T>(source: Observable<T>): Observable<T> {
  return new Observable<T>((subscriber) => {
    const restart = restartOf(subscriber);
    let first = true;
    return source.subscribe(new Link<T>(subscriber, {
      next: (value) => {
        if (!first) restart();
        first = false;
        subscriber.next(value);
      },
    }));
  });
}

/** Lets promises settle. */
async function turn(): Promise<void> {
  for (let hop = 0; hop < 20; hop++) await Promise.resolve();
}

function* naturals(many: number, made: () => void): Generator<number> {
  for (let n = 0; n < many; n++) {
    made();
    yield n;
  }
}
