import { describe, expect, test } from '@jest/globals';
import { defer, from, last, map, timer, type SchedulerLike } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import type { Run } from '../../src/core/flow/start.js';
import { lambda } from '../../src/core/flow/lambda.js';
import type { CompiledGraph } from '../../src/pregel/compiledGraph.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { seededIds } from '../../src/testing/seededIds.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';
import { asking, yes } from './asking.js';
import { heard, type Heard } from './heard.js';
import { threadOf, type ThreadUnderTest } from './threadOf.js';

interface Counting {
  readonly log: readonly string[];
  readonly n: number;
}

/** Counts to 3, in supersteps of 10 ms with two tasks each. */
function counting(options: object): CompiledGraph<Partial<Counting>, Counting> {
  return new StateGraph({ log: append<string>(), n: lastValue(0) })
    .addNode('a', ({ n }) => timer(10).pipe(map(() => ({ log: `a${n}`, n: n + 1 }))))
    .addNode('b', ({ n }) => timer(5).pipe(map(() => ({ log: `b${n}` }))))
    .addEdge(START, 'a').addEdge(START, 'b')
    .addConditionalEdges('a', ({ n }) => (n < 3 ? ['a', 'b'] : END))
    .compile(options) as never;
}

const started = <S>(t: ThreadUnderTest<object, S>, scheduler: SchedulerLike): Run<S, S> => t.graph.start({}, { thread: 't', scheduler, ids: seededIds('c') });

/** Runs it, and drains it at `at`. */
function drainedAt(at: number, t: ThreadUnderTest<object, Counting>, scheduler: SchedulerLike): Heard<Counting> {
  const draining = new AbortController();
  scheduler.schedule(() => draining.abort(), at);
  return t.run({}, { drain: draining.signal });
}

describe('F7: drain', () => {
  test('a started run stops after the superstep it is in, which is stored; its thread goes on from there', async () => {
    let run: Run<Counting, Counting> | undefined;
    let t: ThreadUnderTest<object, Counting> | undefined;
    marbles((_, scheduler) => {
      t = threadOf(counting, scheduler);
      run = started(t, scheduler);
      const status = heard(run.status$);
      const events = heard(run.events$);
      scheduler.schedule(() => run?.drain(), 12);
      scheduler.flush();
      expect(status.values).toEqual(['running', 'drained']);
      expect([status.end, events.values.at(-1)]).toMatchObject(['done', { type: 'run_end', status: 'drained' }]);
      expect(t.state()).toMatchObject({ values: { log: ['a0', 'b0', 'a1', 'b1'], n: 2 }, next: ['a', 'b'] });
    })();
    expect(await run?.result).toEqual({ log: ['a0', 'b0', 'a1', 'b1'], n: 2 });
    marbles((_, scheduler) => {
      const again = threadOf(counting, scheduler, t?.store, 'later').run(null);
      scheduler.flush();
      expect(again.last).toEqual({ log: ['a0', 'b0', 'a1', 'b1', 'a2', 'b2'], n: 3 });
    })();
  });

  test('a cold run is drained by a signal', marbles(({ expectObservable }, scheduler) => {
    const draining = new AbortController();
    scheduler.schedule(() => draining.abort(), 12);
    expectObservable(counting({}).run({}, { scheduler, drain: draining.signal }).pipe(map(({ n }) => String(n)))).toBe('0 9ms 1 9ms (2|)');
  }));

  test('a started run heeds a signal too', marbles((_, scheduler) => {
    const draining = new AbortController();
    const t = threadOf(counting, scheduler);
    const status = heard(t.graph.start({}, { thread: 't', scheduler, drain: draining.signal }).status$);
    scheduler.schedule(() => draining.abort(), 2);
    scheduler.flush();
    expect([status.last, t.state().step]).toEqual(['drained', 0]);
  }));

  test('a run that has nothing left to do is done', marbles((_, scheduler) => {
    const t = threadOf(counting, scheduler);
    const events = recorder();
    const draining = new AbortController();
    scheduler.schedule(() => draining.abort(), 25);
    const run = t.run({}, { drain: draining.signal, events });
    scheduler.flush();
    expect([run.last?.n, events.events.at(-1)]).toMatchObject([3, { type: 'run_end', status: 'done' }]);
  }));

  test('of one that was drained before it began, the input is stored', marbles((_, scheduler) => {
    const t = threadOf(counting, scheduler);
    const run = t.run({ log: ['input'] }, { drain: AbortSignal.abort() });
    expect([run.end, run.values]).toEqual(['done', [{ log: ['input'], n: 0 }]]);
    expect(t.state().next).toEqual(['a', 'b']);
  }));

  test.each(['sync', 'async', 'exit'] as const)('with durability %s all of it is stored', (durability) => {
    marbles((_, scheduler) => {
      const t = threadOf((o) => counting({ ...o, durability }), scheduler);
      expect(drainedAt(12, t, scheduler).end).toBe('running');
      scheduler.flush();
      expect(t.state().values).toEqual({ log: ['a0', 'b0', 'a1', 'b1'], n: 2 });
      expect(t.run(null).end).toBe('running');
      scheduler.flush();
      expect(t.state().values.n).toBe(3);
    })();
  });

  test('of runs that wait for a busy thread the inputs are stored', marbles((_, scheduler) => {
    const t = threadOf(counting, scheduler, undefined, 'c', { concurrentRuns: 'queue' });
    const draining = new AbortController();
    scheduler.schedule(() => draining.abort(), 2);
    const runs = ['x', 'y'].map((log) => t.run({ log: [log] }, { drain: draining.signal }));
    scheduler.flush();
    expect([runs.map(({ end }) => end), t.state().values.log]).toEqual([['done', 'done'], ['x', 'a0', 'b0', 'y']]);
  }));

  test('a graph that a node runs ends with its node', marbles((_, scheduler) => {
    const inner = counting({});
    const t = threadOf((o) => new StateGraph({ n: lastValue(0) })
      .addNode('inner', (_s, run) => defer(() => inner.run({}, run)).pipe(last(), map(({ n }) => ({ n }))))
      .addNode('after', ({ n }) => ({ n: n + 1 }))
      .addEdge(START, 'inner').addEdge('inner', 'after')
      .compile(o) as CompiledGraph<object, { readonly n: number }>, scheduler);
    const draining = new AbortController();
    scheduler.schedule(() => draining.abort(), 12);
    const run = t.run({}, { drain: draining.signal });
    scheduler.flush();
    expect([run.end, t.state().values.n, t.state().next]).toEqual(['done', 3, ['after']]);
  }));

  test('a run that waits for an answer ends, and its thread still waits', async () => {
    let run: Run<unknown, unknown> | undefined;
    marbles((_, scheduler) => {
      const t = threadOf((o) => asking({ a: yes }).compile(o), scheduler);
      run = started(t, scheduler);
      const status = heard(run.status$);
      run.drain();
      expect([status.values, status.end]).toEqual([['waiting_for_input', 'drained'], 'done']);
      expect(() => run?.resume('late')).toThrow(expect.objectContaining({ code: 'UNKNOWN_INTERRUPT' }));
      expect(t.resume('yes').last?.said).toEqual(['"yes"']);
    })();
    expect(await run?.result).toEqual({ said: [], n: 0 });
  });

  test('a flow that is no graph has nothing to stop after', () => {
    const run = lambda((n: number) => from([n])).start(1);
    expect(() => run.drain()).toThrow(expect.objectContaining({ code: 'NOT_IN_TASK' }));
  });
});
