import { describe, expect, test } from '@jest/globals';
import { map, timer } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import type { CompiledGraph } from '../../src/pregel/compiledGraph.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { seededIds } from '../../src/testing/seededIds.js';
import { marbles } from '../marbles.js';
import { asking, said, yes } from './asking.js';
import { heard } from './heard.js';
import { threadOf } from './threadOf.js';

interface Counting {
  readonly log: readonly string[];
  readonly n: number;
}

/** a, then b until n is 3. */
function counting(options: object): CompiledGraph<Partial<Counting>, Counting> {
  return new StateGraph({ log: append<string>(), n: lastValue(0) })
    .addNode('a', () => ({ log: 'a' }))
    .addNode('b', ({ n }) => ({ log: `b${n}`, n: n + 1 }))
    .addEdge(START, 'a').addEdge('a', 'b')
    .addConditionalEdges('b', ({ n }) => (n < 3 ? 'b' : END))
    .compile(options) as never;
}

describe('K6: history', () => {
  test('getState: the head or an older checkpoint; a thread without one has none', marbles((_, scheduler) => {
    const t = threadOf(counting, scheduler);
    expect(() => t.state()).toThrow('no checkpoint');
    t.run({});
    const [head, , older] = t.history();
    expect(t.state()).toEqual(head);
    expect(head).toMatchObject({ values: { log: ['a', 'b0', 'b1', 'b2'], n: 3 }, next: [], step: 3 });
    expect(t.state('main', older?.checkpointId)).toEqual(older);
    expect(older).toMatchObject({ values: { log: ['a', 'b0'], n: 1 }, next: ['b'], step: 1 });
  }));

  test('getStateHistory: newest first, as many as wanted, before a checkpoint, of one source', marbles((_, scheduler) => {
    const t = threadOf(counting, scheduler);
    t.run({});
    t.update({ n: 9 });
    const all = t.history();
    expect(all.map(({ step }) => step)).toEqual([4, 3, 2, 1, 0, -1]);
    expect(t.history('main', { limit: 2 })).toEqual(all.slice(0, 2));
    expect(t.history('main', { before: String(all[2]?.checkpointId) })).toEqual(all.slice(3));
    expect(t.history('main', { source: 'update' })).toEqual([all[0]]);
  }));

  test('it is append-only: what a checkpoint says never changes', marbles((_, scheduler) => {
    const t = threadOf(counting, scheduler);
    t.run({});
    const before = t.history();
    t.run({ n: 0 });
    t.update({ log: ['more'] });
    t.fork(String(before[2]?.checkpointId), 'other');
    expect(t.history().slice(-before.length)).toEqual(before);
  }));
});

describe('K6: updateState', () => {
  test('writes to the head; what is due stays due', marbles((_, scheduler) => {
    const t = threadOf(counting, scheduler);
    expect(t.run({}, { recursionLimit: 2 }).end).toBe('GRAPH_RECURSION_LIMIT');
    const { last } = t.update({ n: 2, log: ['patched'] });
    expect(t.state()).toMatchObject({ checkpointId: last, values: { log: ['a', 'b0', 'patched'], n: 2 }, next: ['b'], metadata: { source: 'update' } });
    expect(t.run(null).last).toEqual({ log: ['a', 'b0', 'patched', 'b2'], n: 3 });
  }));

  test('as a node: what that leads to is due', marbles((_, scheduler) => {
    const t = threadOf(counting, scheduler);
    t.run({});
    t.update({ n: 1 }, 'a');
    expect(t.state().next).toEqual(['b']);
    t.update({ n: 3 }, 'b');
    expect(t.state().next).toEqual([]);
    expect(() => t.update({}, 'bb')).toThrow(/Did you mean 'b'\?/);
  }));

  test('on a new thread it begins the history', marbles((_, scheduler) => {
    const t = threadOf(counting, scheduler);
    t.update({ n: 2 }, 'a');
    expect(t.run(null).last).toEqual({ log: ['b2'], n: 3 });
  }));

  test('on an interrupted thread: what waits still waits, under the same ids, and what was done stays done', marbles((_, scheduler) => {
    const done = { a: 0, once: 0 };
    const t = threadOf((o) => asking({ a: () => (done.a++, said('a')), b: (run) => run.once('k', () => ++done.once).pipe(map(() => undefined), () => yes(run)), c: yes }).compile(o), scheduler);
    t.run({});
    const open = t.open();
    t.resume({ [String(open[0])]: 'b' });
    t.update({ n: 5 });
    expect(t.open()).toEqual(open.slice(1));
    expect(t.resume('c').last).toEqual({ said: ['"a"', '"b"', '"c"'], n: 5 });
    expect(done.a).toBe(1);
  }));

  test('a bad update is refused', marbles((_, scheduler) => {
    const t = threadOf(counting, scheduler);
    t.run({});
    expect(t.update({ m: 1 }).end).toBe('INVALID_UPDATE');
    expect(t.update({ n: 1 }, undefined, 'main', 'nowhere').end).toBe('UNKNOWN_CHECKPOINT');
  }));

  test('on an older checkpoint it is a fork: the line it left stays, and a run goes on from what was written', marbles((_, scheduler) => {
    const t = threadOf(counting, scheduler);
    t.run({});
    const before = t.history();
    const { last: written } = t.update({ log: ['patched'], n: 2 }, undefined, 'main', before[2]?.checkpointId);
    expect(t.history()).toEqual(before);
    expect(t.state('main', written)).toMatchObject({ values: { log: ['a', 'b0', 'patched'], n: 2 }, parentId: before[2]?.checkpointId, next: ['b'] });
    expect(t.run(null, { checkpointId: String(written) }).last).toEqual({ log: ['a', 'b0', 'patched', 'b2'], n: 3 });
    expect(t.history()).toEqual(before);
  }));

  test('on a branch that is new, it begins that; on the head it is none', marbles((_, scheduler) => {
    const t = threadOf(counting, scheduler);
    t.run({});
    t.update({ n: 2 }, 'a', 'mine', t.history()[2]?.checkpointId);
    expect(t.run(null, { branch: 'mine' }).last).toEqual({ log: ['a', 'b0', 'b2'], n: 3 });
    const { last: written } = t.update({ n: 7 }, undefined, 'main', t.state().checkpointId);
    expect(t.state()).toMatchObject({ checkpointId: written, values: { n: 7 } });
  }));
});

describe('K2, K6: forks', () => {
  test('two forks of one checkpoint read only their own', marbles((_, scheduler) => {
    const t = threadOf(counting, scheduler);
    t.run({});
    const from = String(t.history()[3]?.checkpointId);
    for (const branch of ['x', 'y']) {
      expect(t.fork(from, branch).last).toBe(branch);
      t.update({ log: [branch] }, undefined, branch);
    }
    expect(t.run(null, { branch: 'x' }).last?.log).toEqual(['a', 'x', 'b0', 'b1', 'b2']);
    expect(t.run(null, { branch: 'y' }).last?.log).toEqual(['a', 'y', 'b0', 'b1', 'b2']);
    expect(t.state().values.log).toEqual(['a', 'b0', 'b1', 'b2']);
    expect(t.history('x').map(({ step }) => step)).toEqual([4, 3, 2, 1, 0, -1]);
    expect(t.fork(from, 'x').end).toBe('BRANCH_EXISTS');
    expect(t.fork('nothing', 'z').end).toBe('UNKNOWN_CHECKPOINT');
  }));

  test('replaying from an old checkpoint is a fork, named by the run or by the branch it is given; the line it left stays', marbles((_, scheduler) => {
    const t = threadOf(counting, scheduler);
    t.run({});
    const before = t.history();
    const checkpointId = String(before[2]?.checkpointId);
    expect(t.run(null, { checkpointId, runId: 'again' }).last?.log).toEqual(['a', 'b0', 'b1', 'b2']);
    expect(t.run({ n: 2, log: ['new'] }, { checkpointId, branch: 'mine' }).last?.log).toEqual(['a', 'b0', 'new', 'a', 'b2']);
    expect(t.history()).toEqual(before);
    expect(t.history('again').slice(-3)).toEqual(before.slice(2));
    expect(t.state('mine').values.n).toBe(3);
    expect(t.run(null, { checkpointId: 'nowhere' }).end).toBe('UNKNOWN_CHECKPOINT');
  }));

  test('from the head it is no fork', marbles((_, scheduler) => {
    const t = threadOf(counting, scheduler);
    t.run({}, { recursionLimit: 2 });
    expect(t.run(null, { checkpointId: t.state().checkpointId }).last?.n).toBe(3);
    expect(t.state().values.n).toBe(3);
  }));

  test('it strips answers: interrupts fire again, and once runs again', marbles((_, scheduler) => {
    let effects = 0;
    const t = threadOf((o) => asking({ a: (run) => run.once('k', () => ++effects).pipe(() => yes(run)) }).compile(o), scheduler);
    t.run({});
    t.resume('first');
    const [, asked] = t.history();
    expect(t.run(null, { checkpointId: String(asked?.checkpointId), runId: 'again' }).last?.said).toEqual([]);
    expect(t.open('again')).toHaveLength(1);
    expect(t.resume('second', { branch: 'again' }).last?.said).toEqual(['"second"']);
    expect(t.state().values.said).toEqual(['"first"']);
  }));

  test.each<[string, string | undefined, string]>([['named by the run', undefined, 'again'], ['it was given', 'mine', 'mine']])('a started run from an old checkpoint is resumed on the branch %s, step after step', (_what, branch, made) => {
    marbles((_, scheduler) => {
      const t = threadOf((o) => asking({}).addNode('a', (_s, run) => run.interrupt('a?').pipe(map((x) => said(x)))).addNode('b', (_s, run) => run.interrupt('b?').pipe(map((x) => said(x)))).addEdge(START, 'a').addEdge('a', 'b').compile(o), scheduler);
      t.run({});
      t.resume('first');
      t.resume('first');
      const before = t.history();
      const run = t.graph.start(null, { thread: 't', scheduler, checkpointId: String(before[2]?.checkpointId), runId: 'again', ids: seededIds('d'), ...(branch !== undefined && { branch }) });
      const status = heard(run.status$);
      for (const answer of ['second', 'third']) {
        expect([status.last, t.open(made).length]).toEqual(['waiting_for_input', 1]);
        run.resume(answer);
      }
      expect([status.last, t.state(made).values.said]).toEqual(['done', ['"second"', '"third"']]);
      expect(t.history()).toEqual(before);
    })();
  });

  test('a thread that is busy on one branch is busy on all', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: () => timer(5).pipe(map(() => said('a'))) }).compile(o), scheduler);
    t.run({});
    t.fork(t.state().checkpointId, 'x');
    expect(t.run(null, { branch: 'x' }).end).toBe('THREAD_BUSY');
    scheduler.flush();
    expect(heard(t.graph.run(null, { thread: 't', branch: 'x', scheduler })).end).toBe('running');
    scheduler.flush();
    expect(t.state('x').values.said).toEqual(['"a"']);
  }));
});
