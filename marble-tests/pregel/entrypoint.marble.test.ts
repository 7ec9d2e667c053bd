import { describe, expect, jest, test } from '@jest/globals';
import { concatMap, forkJoin, lastValueFrom, map, of, timer, toArray, type Observable } from 'rxjs';
import { append } from '../../src/channels/index.js';
import type { RunConfig } from '../../src/core/context/RunConfig.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { withRetry } from '../../src/core/flow/withRetry.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import type { StateSnapshot } from '../../src/pregel/engine/StateSnapshot.js';
import { entrypoint, previousState } from '../../src/pregel/functional/entrypoint.js';
import { final } from '../../src/pregel/functional/final.js';
import { task } from '../../src/pregel/functional/task.js';
import { resume } from '../../src/pregel/graph/command.js';
import { START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { seededIds } from '../../src/testing/seededIds.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';
import { heard } from './heard.js';

/** Counts what it runs on. */
const counted = <R>(name: string, work: (input: string, run: RunScope) => R) => {
  const calls: string[] = [];
  return { calls, flow: task(name, (input: string, run: RunScope) => (calls.push(input), work(input, run))) };
};
const threads = (scheduler: RunConfig['scheduler']) => ({ checkpointer: memoryCheckpointer(scheduler && { scheduler }) });
const ids = seededIds('e');
const on = (scheduler: RunConfig['scheduler'], more: RunConfig = {}): RunConfig => ({ thread: 't', ids, ...(scheduler && { scheduler }), ...more });

describe('entrypoint and task', () => {
  test('runs one function, without a store as well', marbles(({ expectObservable }, scheduler) => {
    const shout = task('shout', (word: string) => timer(2).pipe(map(() => `${word}!`)));
    const flow = entrypoint('main', (word: string, run) => shout.run(word, run).pipe(concatMap((once) => shout.run(once, run))));
    expectObservable(flow.run('hey', { scheduler })).toBe('----(a|)', { a: 'hey!!' });
  }));

  test('after an interrupt what was done isn’t done again, and the result is the last thing it says', marbles((_, scheduler) => {
    const draft = counted('draft', (topic) => `about ${topic}`);
    const flow = entrypoint('essay', (topic: string, run) => draft.flow.run(topic, run).pipe(concatMap((text) => run.interrupt({ text }).pipe(map((ok) => `${text}: ${String(ok)}`)))), threads(scheduler));
    const asked = heard(flow.run('cats', on(scheduler)));
    expect([asked.values, asked.end]).toEqual([[], 'done']);
    expect(heard(flow.run(resume('fine'), on(scheduler))).values).toEqual(['about cats: fine']);
    expect(draft.calls).toEqual(['cats']);
  }));

  test('after a failure only what failed is done again', marbles((_, scheduler) => {
    const good = counted('good', (x) => x);
    const bad = counted('bad', (x) => {
      if (bad.calls.length === 1) throw new Error('down');
      return x;
    });
    const flow = entrypoint('main', (_x: string, run) => good.flow.run('g', run).pipe(concatMap(() => bad.flow.run('b', run))), threads(scheduler));
    expect(heard(flow.run('x', on(scheduler))).end).toBe('down');
    expect(heard(flow.run(null, on(scheduler))).last).toBe('b');
    expect([good.calls, bad.calls]).toEqual([['g'], ['b', 'b']]);
  }));

  test('tasks are found again by name and input, whatever their order; the same input twice by its turn', marbles((_, scheduler) => {
    let count = 0;
    const each = counted('each', (x) => `${x}${++count}`);
    let pass = 0;
    const body = (_x: string, run: RunScope): Observable<unknown> => {
      const words = pass++ === 0 ? ['a', 'b', 'a'] : ['b', 'a', 'a'];
      return forkJoin(words.map((word) => each.flow.run(word, run))).pipe(concatMap((all) => run.interrupt('go?').pipe(map(() => [...all].sort()))));
    };
    const flow = entrypoint('main', body, threads(scheduler));
    flow.run('x', on(scheduler)).subscribe();
    expect([heard(flow.run(resume(1), on(scheduler))).last, each.calls]).toEqual([['a1', 'a3', 'b2'], ['a', 'b', 'a']]);
  }));

  test('a task may take no input; one that isn’t JSON is refused, saying what of it isn’t', marbles((_, scheduler) => {
    const now = counted('now', () => 'noon');
    const flow = entrypoint('main', (_x: string, run) => now.flow.run(undefined as never, run).pipe(concatMap((time) => run.interrupt(time).pipe(map(() => time)))), threads(scheduler));
    flow.run('x', on(scheduler)).subscribe();
    expect([heard(flow.run(resume(1), on(scheduler))).last, now.calls]).toEqual(['noon', [undefined]]);

    const odd = entrypoint('main', (_x: string, run) => now.flow.run({ at: [new Date(0)] } as never, run), threads(scheduler));
    expect(heard(odd.run('x', on(scheduler))).error).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('a Date, at input.at[0]') });
  }));

  test('an interrupt in a task has its own place: later ones keep theirs when the task is done', marbles((_, scheduler) => {
    const asks = counted('asks', (question, run) => run.interrupt(question));
    const body = (_x: string, run: RunScope): Observable<unknown> => asks.flow.run('first', run).pipe(concatMap((a) => run.interrupt('second').pipe(map((b) => [a, b]))));
    const flow = entrypoint('main', body, threads(scheduler));
    const events = recorder();
    flow.run('x', on(scheduler, { events })).subscribe();
    flow.run(resume(1), on(scheduler, { events })).subscribe();
    expect(events.events.flatMap((event) => (event.type === 'interrupt' ? [event.payload] : []))).toEqual(['first', 'second']);
    expect([heard(flow.run(resume(2), on(scheduler))).last, asks.calls]).toEqual([[1, 2], ['first', 'first']]);
  }));

  test('a graph in a task waits with it, and goes on where it stopped', marbles((_, scheduler) => {
    let firsts = 0;
    const graph = new StateGraph({ said: append<unknown>() })
      .addNode('first', () => (firsts++, { said: 'first' }))
      .addNode('ask', (_s, run) => run.interrupt('ok?').pipe(map((answer) => ({ said: answer }))))
      .addEdge(START, 'first')
      .addEdge('first', 'ask')
      .compile();
    const inTask = task('graph', (_x: string, run) => graph.run({}, run).pipe(toArray(), map((states) => states.at(-1)?.said)));
    const flow = entrypoint('main', (x: string, run) => inTask.run(x, run), threads(scheduler));
    flow.run('x', on(scheduler)).subscribe();
    expect([heard(flow.run(resume('yes'), on(scheduler))).last, firsts]).toEqual([['first', 'yes'], 1]);
  }));

  test('a task of a flow has that flow’s policies', marbles((_, scheduler) => {
    let calls = 0;
    const flaky = lambda((x: string) => {
      if (++calls < 3) throw new Error('not yet');
      return x;
    });
    const flow = entrypoint('main', (x: string, run) => task('flaky', withRetry(flaky, { initialMs: 5, jitter: 'none' })).run(x, run), threads(scheduler));
    const run = heard(flow.run('x', on(scheduler)));
    scheduler.flush();
    expect([run.last, calls]).toEqual(['x', 3]);
  }));

  test('a task outside of any node is the flow it is made of', async () => {
    expect(await task('double', (n: number) => n * 2).invoke(4)).toBe(8);
  });

  test('in a node of a graph, too, a task is done once', marbles((_, scheduler) => {
    const once = counted('once', (x) => x);
    const graph = new StateGraph({ said: append<unknown>() })
      .addNode('a', (_s, run) => once.flow.run('x', run).pipe(concatMap((x) => run.interrupt('ok?').pipe(map(() => ({ said: x }))))))
      .addEdge(START, 'a')
      .compile(threads(scheduler));
    graph.run({}, on(scheduler)).subscribe();
    expect([heard(graph.run(resume(1), on(scheduler))).last, once.calls]).toEqual([{ said: ['x'] }, ['x']]);
  }));

  test('the next run on a thread knows what the last one saved', marbles((_, scheduler) => {
    const sum = entrypoint('sum', (n: number, run) => n + (previousState<number>(run) ?? 0), threads(scheduler));
    expect([1, 2, 3].map((n) => heard(sum.run(n, on(scheduler))).last)).toEqual([1, 3, 6]);
    const apart = entrypoint('apart', (n: number, run) => final({ value: previousState<number>(run), save: n }), threads(scheduler));
    expect([1, 2, 3].map((n) => heard(apart.run(n, on(scheduler))).last)).toEqual([undefined, 1, 2]);
  }));

  test('can be retried, and timed out', marbles((_, scheduler) => {
    let calls = 0;
    const flaky = entrypoint('main', () => (++calls < 3 ? timer(50).pipe(map(() => 'late')) : of('done')), { retry: { initialMs: 1 }, timeout: { runMs: 10 } });
    const run = heard(flaky.run('x', { scheduler }));
    scheduler.flush();
    expect([run.last, calls]).toEqual(['done', 3]);
  }));

  test('started, it says that it waits, and is resumed', marbles((_, scheduler) => {
    const flow = entrypoint('main', (_x: string, run) => run.interrupt('ok?'), threads(scheduler));
    const run = flow.start('x', on(scheduler));
    const statuses = heard(run.status$);
    run.resume('yes');
    expect([statuses.values, heard(run.state$).last]).toEqual([['waiting_for_input', 'running', 'done'], 'yes']);
  }));

  test('another copy of the library reads what it saved', async () => {
    jest.resetModules();
    const other = await import('../../src/pregel/functional/entrypoint.js');
    const sum = entrypoint('sum', (n: number, run) => n + (other.previousState<number>(run) ?? 0), { checkpointer: memoryCheckpointer() });
    expect([await sum.invoke(1, { thread: 't' }), await sum.invoke(2, { thread: 't' }), other.entrypoint === entrypoint]).toEqual([1, 3, false]);
  });

  test('its state is what it saved last, and what it asks; with another object of it too, as after a restart', async () => {
    const checkpointer = memoryCheckpointer();
    const sum = () => entrypoint('sum', async (n: number, run) => {
      const before = previousState<number>(run) ?? 0;
      return (await run.answer(`add ${n} to ${before}?`)) === true ? final({ value: 'added', save: before + n }) : final({ value: 'left', save: before });
    }, { checkpointer });
    expect(await sum().getState({ thread: 't' })).toBeUndefined();
    await sum().invoke(2, { thread: 't' });
    expect(await sum().getState({ thread: 't' })).toMatchObject({ values: undefined, next: ['sum'], interrupts: [{ node: 'sum', payload: 'add 2 to 0?' }] });
    await sum().invoke(resume(true), { thread: 't' });
    await sum().invoke(3, { thread: 't' });
    expect(await sum().getState({ thread: 't' })).toMatchObject({ values: 2, next: ['sum'], interrupts: [{ payload: 'add 3 to 2?' }] });
  });

  test('its history, and a fork of it', async () => {
    const saves = entrypoint('saves', (n: number, run) => n + (previousState<number>(run) ?? 0), { checkpointer: memoryCheckpointer() });
    for (const n of [1, 2]) await saves.invoke(n, { thread: 't' });
    const history = await lastValueFrom(saves.getStateHistory({ thread: 't' }).pipe(toArray()));
    expect(history.map(({ values, next }) => [values, ...next])).toEqual([[3], [1, 'saves'], [1], [undefined, 'saves']]);
    const { checkpointId } = history[2] as StateSnapshot<number | undefined>;
    expect((await saves.getState({ thread: 't', checkpointId }))?.values).toBe(1);
    await saves.fork({ thread: 't', checkpointId }, 'other');
    expect([await saves.invoke(10, { thread: 't', branch: 'other' }), await saves.invoke(10, { thread: 't' })]).toEqual([11, 13]);
    await expect(entrypoint('none', (n: number) => n).getState({ thread: 't' })).rejects.toMatchObject({ code: 'NO_CHECKPOINTER' });
  });

  test('awaited: an async function and its tasks', async () => {
    const draft = counted('draft', async (topic) => `about ${topic}`);
    const flow = entrypoint('essay', async (topic: string, run) => {
      const text = await draft.flow.invoke(topic, run);
      return (await run.answer({ text })) === true ? text : 'no';
    }, { checkpointer: memoryCheckpointer() });
    expect(await flow.invoke('cats', { thread: 't' })).toBeUndefined();
    expect([await flow.invoke(resume(true), { thread: 't' }), draft.calls]).toEqual(['about cats', ['cats']]);
  });
});
