import { describe, expect, test } from '@jest/globals';
import { map, timer } from 'rxjs';
import { aggregate, append, barrier, ephemeral, lastValue, overwrite } from '../../src/channels/index.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { command } from '../../src/pregel/graph/command.js';
import { START } from '../../src/pregel/graph/names.js';
import { send } from '../../src/pregel/graph/send.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { seededIds } from '../../src/testing/seededIds.js';
import { marbles } from '../marbles.js';
import { heard } from './heard.js';
import { note, noteAfter, noting, toldRun } from './noting.js';
import { threadOf } from './threadOf.js';

describe('S1: what is due', () => {
  test('S1: a node runs in the superstep after the one that led to it, once, and not when others write what it reads', marbles(({ expectObservable }, scheduler) => {
    const graph = noting()
      .addNode('a', () => noteAfter(2, 'a'))
      .addNode('b', ({ notes }) => noteAfter(3, `b after ${notes.join()}`))
      .addNode('c', () => noteAfter(1, 'c'))
      .addEdge(START, 'a').addEdge('a', 'b').addEdge('b', 'c')
      .compile();
    expectObservable(graph.run({}, { scheduler }).pipe(map(({ notes }) => notes.join(';')))).toBe('s-a--b(c|)', { s: '', a: 'a', b: 'a;b after a', c: 'a;b after a;c' });
  }));

  test('S1: it is a write that triggers, or that a node ran, whether it changed anything or not', () => {
    const graph = noting()
      .addNode('a', () => ({ n: 0 })).addNode('b', () => undefined).addNode('c', () => note('c'))
      .addEdge(START, 'a').addEdge('a', 'b').addEdge('b', 'c')
      .compile();
    expect(heard(graph.run({})).last).toEqual({ notes: ['c'], n: 0 });
  });

  test('S1: what was seen belongs to its checkpoint: on a fork from before, the node is due again', marbles((_, scheduler) => {
    let runs = 0;
    const t = threadOf((o) => noting().addNode('a', () => note('a')).addNode('b', () => note(`b${++runs}`)).addEdge(START, 'a').addEdge('a', 'b').compile(o), scheduler);
    t.run({});
    const before = t.history().find(({ next }) => next.includes('b'));
    t.fork(String(before?.checkpointId), 'other');
    expect(t.run(null, { branch: 'other' }).last?.notes).toEqual(['a', 'b2']);
    expect(t.state().values.notes).toEqual(['a', 'b1']);
  }));
});

describe('S2: isolation', () => {
  test('S2: every task of a step reads the same frozen snapshot, and only the next step reads what one wrote', () => {
    const seen: object[] = [];
    const look = (state: { readonly n: number }) => (seen.push(state), { notes: [`${state.n}`] });
    const graph = noting()
      .addNode('a', (state) => ({ ...look(state), n: 7 })).addNode('b', look).addNode('c', look).addNode('d', look)
      .addEdge(START, 'a').addEdge(START, 'b').addEdge(START, 'c').addEdge(['a', 'b', 'c'], 'd')
      .compile();
    expect(heard(graph.run({ n: 1 })).last?.notes).toEqual(['1', '1', '1', '7']);
    expect([seen[0] === seen[1], seen[1] === seen[2], seen[2] === seen[3], Object.isFrozen(seen[0])]).toEqual([true, true, false, true]);
  });

  test('S2: a task that waits reads what it read, whatever siblings wrote meanwhile', marbles((_, scheduler) => {
    const graph = noting()
      .addNode('quick', () => ({ n: 5 })).addNode('slow', (state) => timer(9).pipe(map(() => note(`${state.n}`))))
      .addEdge(START, 'quick').addEdge(START, 'slow')
      .compile();
    const run = heard(graph.run({ n: 1 }, { scheduler }));
    scheduler.flush();
    expect(run.last).toEqual({ notes: ['1'], n: 5 });
  }));

  test.each<[string, (state: { readonly list: readonly { n: number }[]; readonly at: { x: { y: number } } }) => unknown]>([
    ['a list', ({ list }) => (list as { n: number }[]).push({ n: 2 })],
    ['what is in it', ({ list }) => { (list[0] as { n: number }).n = 2; }],
    ['an initial value', ({ at }) => { at.x.y = 1; }],
  ])('S2: a node that changes %s that it reads fails, and the state is as it was', (_what, change) => {
    const graph = new StateGraph({ list: append<{ n: number }>(), at: lastValue({ x: { y: 0 } }) }).addNode('a', (state) => void change(state)).addEdge(START, 'a').compile();
    const run = heard(graph.run({ list: [{ n: 1 }] }));
    expect(run.end).toMatch(/^Cannot (add property|assign to read only property)/);
    expect(run.last).toEqual({ list: [{ n: 1 }], at: { x: { y: 0 } } });
  });

  test('S2: what is written is frozen to the bottom, overwrites and restored values too', marbles((_, scheduler) => {
    const list = { deep: [1] };
    const t = threadOf((o) => new StateGraph({ list: append<typeof list>() }).addNode('a', () => ({ list: overwrite([list]) })).addEdge(START, 'a').compile(o), scheduler);
    t.run({});
    const restored = t.state().values.list[0];
    expect([Object.isFrozen(list.deep), restored === list, Object.isFrozen(restored?.deep)]).toEqual([true, false, true]);
  }));
});

describe('S3: order', () => {
  const graph = noting()
    .addNode('plan', () => undefined)
    .addNode('z', () => noteAfter(1, 'z'))
    .addNode('a', () => noteAfter(9, 'a'))
    .addNode('work', ({ ms, say }: { readonly ms: number; readonly say: string }) => noteAfter(ms, say))
    .addEdge(START, 'plan').addEdge('plan', 'z').addEdge('plan', 'a')
    .addConditionalEdges('plan', () => [send('work', { ms: 5, say: 'third' }), send('work', { ms: 2, say: 'fourth' })])
    .addConditionalEdges('plan', () => [send('work', { ms: 1, say: 'fifth' })])
    .compile();

  test('S3: writes are applied by task path: nodes by name, then sends as they were emitted; events come as tasks end', marbles((_, scheduler) => {
    const { run, lines } = toldRun(graph, {}, { scheduler });
    scheduler.flush();
    expect(run.last?.notes).toEqual(['a', 'z', 'third', 'fourth', 'fifth']);
    expect(lines('node_end')).toEqual(['@0 node_end plan', '@1 node_end z', '@1 node_end work', '@2 node_end work', '@5 node_end work', '@9 node_end a']);
  }));

  test('S3: the barrier is reached when the last task ends', marbles(({ expectObservable }, scheduler) => {
    expectObservable(graph.run({}, { scheduler }).pipe(map(({ notes }) => notes.length))).toBe('(xx)-----(y|)', { x: 0, y: 5 });
  }));
});

describe('S4: update', () => {
  test('S4: writes first, then what was not written is cleared: what lasts one step is there for the next one only', () => {
    const seen: unknown[] = [];
    const look = ({ hint }: { readonly hint?: string | undefined }) => void seen.push(hint);
    const graph = new StateGraph({ hint: ephemeral<string>() })
      .addNode('a', (state) => (look(state), { hint: 'from a' })).addNode('b', look).addNode('c', look)
      .addEdge(START, 'a').addEdge('a', 'b').addEdge('b', 'c')
      .compile();
    expect(heard(graph.run({ hint: 'input' })).last).toEqual({ hint: undefined });
    expect(seen).toEqual(['input', 'from a', undefined]);
  });

  test('S4: what a superstep could read of a full barrier is consumed with it, and C7: a partly filled one waits on', () => {
    const seen: unknown[] = [];
    const look = ({ both }: { readonly both?: readonly string[] | undefined }) => void seen.push(both);
    const graph = new StateGraph({ both: barrier(['x', 'y']) })
      .addNode('a', (state) => (look(state), { both: 'x' as const })).addNode('b', (state) => (look(state), { both: 'y' as const })).addNode('c', look).addNode('d', look)
      .addEdge(START, 'a').addEdge('a', 'b').addEdge('b', 'c').addEdge('c', 'd')
      .compile();
    heard(graph.run({}));
    expect(seen).toEqual([undefined, undefined, ['x', 'y'], undefined]);
  });

  test('S4: when nothing else is due channels are finished, and deferred nodes run', marbles(({ expectObservable }, scheduler) => {
    const graph = noting()
      .addNode('short', () => noteAfter(1, 'short'))
      .addNode('long', () => noteAfter(1, 'long')).addNode('longer', () => noteAfter(1, 'longer'))
      .addNode('last', ({ notes }) => note(`last of ${notes.length}`), { defer: true })
      .addEdge(START, 'short').addEdge(START, 'long').addEdge('long', 'longer').addEdge('short', 'last').addEdge('longer', 'last')
      .compile();
    expectObservable(graph.run({}, { scheduler }).pipe(map(({ notes }) => notes.join()))).toBe('sa(bc|)', { s: '', a: 'long,short', b: 'long,short,longer', c: 'long,short,longer,last of 3' });
  }));

  test('S4: a channel of one’s own is told when nothing else is due', () => {
    const total = { ...aggregate('sum', 0), finish: (state: number | undefined) => -(state ?? 0) };
    const graph = new StateGraph({ total }).addNode('a', () => ({ total: 1 })).addNode('b', () => ({ total: 1 })).addEdge(START, 'a').addEdge('a', 'b').compile();
    expect(heard(graph.run({})).values.map((state) => state.total)).toEqual([0, 1, -2]);
  });

  test('S4: the step commits all or nothing: two writers of one value leave it as it was', () => {
    const graph = noting()
      .addNode('a', () => ({ n: 1, notes: 'a' })).addNode('b', () => ({ n: 2 }))
      .addEdge(START, 'a').addEdge(START, 'b')
      .compile();
    const run = heard(graph.run({}));
    expect([run.end, run.last]).toEqual(['INVALID_CONCURRENT_GRAPH_UPDATE', { notes: [], n: 0 }]);
    expect(String(run.error)).toMatch(/channel 'n' got 2 writes in one superstep: 1, 2/);
  });
});

describe('S5: task ids', () => {
  test('S5: are made of checkpoint, path and node: the same on every machine, and each task of a step has its own', marbles((_, scheduler) => {
    const ids: string[] = [];
    const keep = (run: RunScope) => void ids.push(run.taskId);
    const graph = noting()
      .addNode('a', (_s, run) => (keep(run), command({ goto: [send('work', 1), send('work', 1)] })), { ends: ['work'] })
      .addNode('work', (_arg: number, run) => keep(run))
      .addEdge(START, 'a')
      .compile();
    for (const ids of [seededIds('id'), seededIds('id')]) heard(graph.run({}, { scheduler, ids }));
    const once = ['id-1/a', 'id-2/~0/work', 'id-2/~1/work'];
    expect(ids).toEqual([...once, ...once]);
  }));

  test('S5: are the same for each attempt, so that a tool can take them for a key', marbles((_, scheduler) => {
    const ids: string[] = [];
    const graph = noting()
      .addNode('a', (_s, run) => {
        ids.push(run.taskId);
        if (run.attempt < 3) throw new Error('once more');
      }, { retry: { initialMs: 1 } })
      .addEdge(START, 'a')
      .compile();
    toldRun(graph, {}, { scheduler });
    scheduler.flush();
    expect([ids.length, new Set(ids).size]).toEqual([3, 1]);
  }));
});
