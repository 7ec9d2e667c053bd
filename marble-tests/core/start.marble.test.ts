import { describe, expect, test } from '@jest/globals';
import { config, map, mergeMap, NEVER, of, range, take, tap, throwError, type Observable } from 'rxjs';
import type { RunEvent } from '../../src/core/events/RunEvent.js';
import { chain } from '../../src/core/flow/chain.js';
import { flow } from '../../src/core/flow/flow.js';
import { concatText, type Folding } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import type { Run } from '../../src/core/flow/start.js';
import type { MessageChunk } from '../../src/operators/messages/Message.js';
import { messageChunk } from '../../src/operators/messages/messageChunk.js';
import { chat } from '../../src/operators/models/chat.js';
import { line } from '../eventStory.js';
import { marbles } from '../marbles.js';

/** A model whose answer is a marble diagram of its tokens. */
function saying(tokens: Observable<string>): ReturnType<typeof chat> {
  return chat({ id: 'm', capabilities: {}, stream: (): Observable<MessageChunk> => tokens.pipe(map((text) => messageChunk({ id: '1', text }))) });
}

const lines = (events$: Observable<RunEvent>): Observable<string> => events$.pipe(map((event) => line(event).replace(/ \{.*/, '')));
const text = flow('text', map((chunk: MessageChunk) => chunk.text ?? ''), { fold: concatText });
const started = (tokens: Observable<string>, settings = {}): Run<string, string> => chain(saying(tokens), text).start('q', settings);

const TOKENS = '10ms a 9ms b 9ms c 9ms |';
const STORY = { s: '0 @0 run_start m "q"', a: '1 @10 token a', b: '2 @20 token b', c: '3 @30 token c', e: '4 @40 run_end done' };

describe('start', () => {
  test('runs once for three subscribers at different times, who all see the whole run', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const tokens = cold(TOKENS);
    const run = saying(tokens).start('q');
    expectObservable(lines(run.events$), '^').toBe('s 9ms a 9ms b 9ms c 9ms (e|)', STORY);
    expectObservable(lines(run.events$), '25ms ^').toBe('25ms (sab) c 9ms (e|)', STORY);
    expectObservable(lines(run.events$), '50ms ^').toBe('50ms (sabce|)', STORY);
    expectSubscriptions(tokens.subscriptions).toBe('^ 39ms !');
  }));

  test('starts at once, without a subscriber', marbles(({ cold, expectSubscriptions }) => {
    const tokens = cold('--a|');
    saying(tokens).start('q');
    expectSubscriptions(tokens.subscriptions).toBe('^--!');
  }));

  test('of a synchronous flow has ended when it returns', async () => {
    const run = lambda((n: number) => n + 1).start(1);
    expect(collected(run.status$)).toEqual(['done', 'complete']);
    expect(collected(run.state$)).toEqual([2, 'complete']);
    expect(collected(run.events$.pipe(map(({ type }) => type)))).toEqual(['run_start', 'run_end', 'complete']);
    expect(await run.result).toBe(2);
  });

  test('carries runId and thread of its config, and hands its context on', async () => {
    const run = lambda((_: string, { runId, thread, tags }) => ({ runId, thread, tags })).start('', { runId: 'id', thread: 't', tags: ['x'] });
    expect(run).toMatchObject({ runId: 'id', thread: 't' });
    expect(await run.result).toEqual({ runId: 'id', thread: 't', tags: ['x'] });
  });
});

describe('the streams of a started run', () => {
  test('tokens$ are the tokens, replayed', marbles(({ cold, expectObservable }) => {
    const run = started(cold(TOKENS));
    expectObservable(run.tokens$).toBe(TOKENS);
    expectObservable(run.tokens$, '25ms ^').toBe('25ms (ab) 1ms c 9ms |');
    expectObservable(run.tokens$, '50ms ^').toBe('50ms (abc|)');
  }));

  test('state$ is the result so far, now and after each chunk', marbles(({ cold, expectObservable }) => {
    const run = started(cold(TOKENS));
    const states = { o: '', a: 'a', b: 'ab', c: 'abc' };
    expectObservable(run.state$).toBe('o 9ms a 9ms b 9ms c 9ms |', states);
    expectObservable(run.state$, '25ms ^').toBe('25ms b 4ms c 9ms |', states);
    expectObservable(run.state$, '50ms ^').toBe('50ms (c|)', states);
  }));

  test('status$ is where it stands, also for who comes after the end', marbles(({ cold, expectObservable }) => {
    const status = { r: 'running', d: 'done', f: 'failed' };
    const run = started(cold('--a|'));
    expectObservable(run.status$).toBe('r--(d|)', status);
    expectObservable(run.status$, '-----^').toBe('-----(d|)', status);
    expectObservable(started(cold('--#')).status$, '-----^').toBe('-----(f|)', status);
  }));

  test('chunks$ are the chunks from now on', marbles(({ cold, expectObservable }) => {
    const run = started(cold('--a-b-c|'));
    expectObservable(run.chunks$, '---^').toBe('----b-c|');
  }));

  test('state$ has nothing to show of a run whose fold can\'t make a result yet', marbles(({ cold, expectObservable }) => {
    const folding = (): Folding<string, unknown> => {
      let json = '';
      return { add: (chunk) => void (json += chunk), result: () => JSON.parse(json) as unknown };
    };
    const parsed = flow('parsed', map((x: string) => x), { fold: { kind: 'parsed', start: folding } });
    const pieces = cold('-a--b|', { a: '[1', b: ',2]' });
    const run = chain(lambda((_: string) => pieces), parsed).start('');
    expectObservable(run.state$).toBe('----x|', { x: [1, 2] });
  }));

  test('unsubscribing one leaves the run and the others alone', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const tokens = cold('--a-b-c|');
    const run = started(tokens);
    expectObservable(run.tokens$, '^--!').toBe('--a');
    expectObservable(run.tokens$).toBe('--a-b-c|');
    expectSubscriptions(tokens.subscriptions).toBe('^------!');
  }));
});

describe('a late subscriber', () => {
  test('gets the last events, and a snapshot first in place of those no longer kept', marbles(({ cold, expectObservable }) => {
    const run = saying(cold(TOKENS)).start('q', { replay: 2 });
    const story = { ...STORY, s: '-1 @25 snapshot running', z: '-1 @50 snapshot done' };
    expectObservable(lines(run.events$), '25ms ^').toBe('25ms (sab) c 9ms (e|)', story);
    expectObservable(lines(run.events$), '50ms ^').toBe('50ms (zce|)', story);
  }));

  test('who ends the run while it is told the past, is told the end too', marbles(({ cold, flush }, scheduler) => {
    const run = saying(cold(TOKENS)).start('q', { replay: 3 });
    const seen: string[] = [];
    const listen = (): unknown =>
      lines(run.events$).subscribe({
        next: (event) => {
          seen.push(event);
          run.cancel();
        },
        complete: () => seen.push('complete'),
      });
    scheduler.schedule(listen, 25);
    flush();
    expect(seen).toEqual([STORY.s, STORY.a, STORY.b, '3 @25 run_end cancelled', 'complete']);
  }));

  test('costs a bounded memory, however many events there were', () => {
    const run = lambda((n: number, scope) => range(0, n).pipe(tap((i) => scope.emit(i)))).start(100_000, { replay: 10 });
    const seen = collected(run.events$) as RunEvent[];
    expect(seen).toHaveLength(1 + 10 + 1);
    expect(seen[0]).toMatchObject({ type: 'snapshot', status: 'done', state: 99_999, stateSeq: 100_000, start: { type: 'run_start', seq: 0 } });
    expect(seen.slice(1, -1).map(({ seq }) => seq)).toEqual([99_992, 99_993, 99_994, 99_995, 99_996, 99_997, 99_998, 99_999, 100_000, 100_001]);
  });

  test('with replay 0 gets a snapshot and what comes', marbles(({ cold, expectObservable }) => {
    const run = saying(cold(TOKENS)).start('q', { replay: 0 });
    const story = { ...STORY, s: '-1 @25 snapshot running' };
    expectObservable(lines(run.events$), '25ms ^').toBe('25ms s 4ms c 9ms (e|)', story);
  }));
});

describe('the result of a started run', () => {
  test('is what its chunks fold to, for whoever asks, whenever', async () => {
    const run = started(of('a', 'b'));
    expect(await run.result).toBe('ab');
    expect(await run.result).toBe('ab');
  });

  test('rejects with the error of the run', async () => {
    const boom = new Error('boom');
    const run = lambda(() => throwError(() => boom)).start('');
    await expect(run.result).rejects.toBe(boom);
    expect(collected(run.status$)).toEqual(['failed', 'complete']);
  });

  test('rejects with EMPTY_RUN or AMBIGUOUS_RESULT where there is none', async () => {
    const some = flow('some', mergeMap((n: number) => range(0, n)));
    await expect(some.start(0).result).rejects.toMatchObject({ code: 'EMPTY_RUN' });
    await expect(some.start(2).result).rejects.toMatchObject({ code: 'AMBIGUOUS_RESULT' });
    expect(collected(some.start(2).status$)).toEqual(['failed', 'complete']);
  });
});

describe('a started run ends', () => {
  test('by cancel(): what runs is stopped, sinks hear run_end, the result rejects with CANCELLED', async () => {
    const log: unknown[] = [];
    const run = lambda((_: string) => NEVER.pipe(tap({ unsubscribe: () => log.push('left') }))).start('');
    run.events$.subscribe({ next: ({ type }) => log.push(type), complete: () => log.push('complete') });
    run.status$.subscribe((status) => log.push(status));
    run.cancel('enough');
    run.cancel('again');
    expect(log).toEqual(['run_start', 'running', 'left', 'run_end', 'cancelled', 'complete']);
    await expect(run.result).rejects.toMatchObject({ code: 'CANCELLED', cause: 'enough' });
  });

  test('not by cancel() after its end', async () => {
    const run = started(of('a'));
    run.cancel();
    expect(collected(run.status$)).toEqual(['done', 'complete']);
    expect(await run.result).toBe('a');
  });

  test('by the last subscriber leaving, under refCount', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const tokens = cold('--a-b-c-d|');
    const run = started(tokens, { refCount: true });
    expectObservable(run.tokens$, '^--!').toBe('--a');
    expectObservable(run.state$, '-^-----!').toBe('-oa-b-c', { o: '', a: 'a', b: 'ab', c: 'abc' });
    expectObservable(run.status$, '--------^').toBe('--------(x|)', { x: 'cancelled' });
    expectSubscriptions(tokens.subscriptions).toBe('^------!');
  }));

  test('under refCount a run that completes has its result, though its subscribers leave at its end', async () => {
    const later = lambda((x: string) => Promise.resolve(x)).start('a', { refCount: true });
    later.status$.pipe(take(2)).subscribe();
    expect(await later.result).toBe('a');
    const fails = lambda((_: string) => Promise.reject(new Error('boom'))).start('a', { refCount: true });
    fails.status$.subscribe();
    await expect(fails.result).rejects.toThrow('boom');
  });

  test('by its signal and its timeout', marbles(({ expectObservable }, scheduler) => {
    const controller = new AbortController();
    scheduler.schedule(() => controller.abort('stop'), 3);
    const status = { r: 'running', c: 'cancelled', f: 'failed' };
    expectObservable(lambda(() => NEVER).start('', { signal: controller.signal }).status$).toBe('r--(c|)', status);
    expectObservable(lambda(() => NEVER).start('', { timeoutMs: 4 }).status$).toBe('r---(f|)', status);
  }));

  test('with the call that started it, if it was handed `run`', async () => {
    let inner: Run<never, never> | undefined;
    const outer = lambda((_: string, run) => {
      inner = lambda(() => NEVER).start('', run);
      return NEVER;
    });
    outer.run('').subscribe().unsubscribe();
    expect(collected(inner!.status$)).toEqual(['cancelled', 'complete']);
    await expect(inner!.result).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

test('a flow can\'t be resumed: it never waits', () => {
  expect(() => lambda((n: number) => n).start(1).resume('yes')).toThrow(/NOT_IN_TASK/);
});

test('nobody asking for the result of a failed run is no unhandled error', () => {
  const { onUnhandledError } = config;
  const unhandled: unknown[] = [];
  config.onUnhandledError = (error) => unhandled.push(error);
  const run = lambda(() => throwError(() => new Error('boom'))).start('');
  run.status$.subscribe();
  run.events$.subscribe();
  config.onUnhandledError = onUnhandledError;
  expect(unhandled).toEqual([]);
});

function collected<T>(source: Observable<T>): readonly (T | 'complete')[] {
  const seen: (T | 'complete')[] = [];
  source.subscribe({ next: (value) => seen.push(value), complete: () => seen.push('complete') });
  return seen;
}
