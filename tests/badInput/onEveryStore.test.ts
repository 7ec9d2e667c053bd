import { afterAll, describe, expect, test } from '@jest/globals';
import { lastValueFrom, toArray } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import type { Checkpointer } from '../../src/pregel/checkpoints/Checkpointer.js';
import type { CompiledGraph } from '../../src/pregel/compiledGraph.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { everyStore } from '../checkpoints/everyStore.js';

interface State {
  readonly log: readonly string[];
  readonly n: number;
}

const stores = await everyStore();

afterAll(() => Promise.all(stores.map(({ leave }) => leave())));

/** a, then b until n is 3; what b returns can be made wrong. */
function graphOn(checkpointer: Checkpointer, wrong?: () => unknown): CompiledGraph<Partial<State>, State> {
  return new StateGraph({ log: append<string>(), n: lastValue(0) })
    .addNode('a', () => ({ log: 'a' }))
    .addNode('b', ({ n }) => (wrong ? (wrong() as object) : { log: `b${n}`, n: n + 1 }))
    .addNode('aside', () => (wrong ? { n: 5 } : {}))
    .addEdge(START, 'a').addEdge('a', 'b').addEdge('a', 'aside')
    .addConditionalEdges('b', ({ n }) => (n < 3 ? 'b' : END))
    .compile({ checkpointer }) as never;
}

const historyOf = (graph: CompiledGraph<Partial<State>, State>, thread: string, branch = 'main') => lastValueFrom(graph.getStateHistory({ thread, branch }).pipe(toArray()));

/** What it rejected with. */
const failureOf = (work: Promise<unknown>): Promise<unknown> => work.then((value) => ({ value }), (error: unknown) => error);

const cycle: { self?: unknown } = {};
cycle.self = cycle;

describe.each(stores)('on $name', ({ store, another, tamper }) => {
  test.each<[string, unknown, string]>([
    ['a string', 'done', 'INVALID_UPDATE'],
    ['a number', 0, 'INVALID_UPDATE'],
    ['true', true, 'INVALID_UPDATE'],
    ['a symbol', Symbol('x'), 'INVALID_UPDATE'],
    ['a function', () => ({}), 'INVALID_UPDATE'],
    ['a Map', new Map([['n', 1]]), 'INVALID_UPDATE'],
    ['a Date', new Date(0), 'INVALID_UPDATE'],
    ['an Error', new Error('returned, not thrown'), 'INVALID_UPDATE'],
    ['a list with a string', [{ n: 1 }, 'x'], 'INVALID_UPDATE'],
    ['an unknown channel', { m: 1 }, 'INVALID_UPDATE'],
    ['a __proto__', JSON.parse('{"__proto__":{"n":1}}'), 'INVALID_UPDATE'],
    ['a Map in a channel', { n: new Map() }, 'INVALID_UPDATE'],
    ['a bigint in a list', { log: [1n] }, 'INVALID_UPDATE'],
    ['NaN', { n: NaN }, 'INVALID_UPDATE'],
    ['a cycle', { n: cycle }, 'INVALID_UPDATE'],
    ['a function in a channel', { n: () => 1 }, 'INVALID_UPDATE'],
    ['a second write in one step', { n: 7 }, 'INVALID_CONCURRENT_GRAPH_UPDATE'],
  ])('S7 an update that is %s fails its run, and leaves the thread as it was', async (name, update, code) => {
    const thread = `update ${name}`;
    const wrong = graphOn(store, () => update);
    expect(await failureOf(wrong.invoke({ n: 1 }, { thread }))).toMatchObject({ code });
    expect(await graphOn(another).getState({ thread })).toMatchObject({ values: { n: 1, log: ['a'] }, next: ['aside', 'b'] });
    expect(await graphOn(another).updateState({ thread }, { n: 2 })).toEqual(expect.any(String));
    expect((await historyOf(graphOn(another), thread)).map(({ step }) => step)).toEqual([1, 0, -1]);
  });

  test.each<[string, unknown]>([['a string', 'x'], ['a number', 5], ['an unknown channel', { m: 1 }], ['a Map', new Map([['n', 1]])], ['a Date in a channel', { n: new Date(0) }]])('an input that is %s begins nothing', async (name, input) => {
    const thread = `input ${name}`;
    expect(await failureOf(graphOn(store).invoke(input as Partial<State>, { thread }))).toMatchObject({ code: 'INVALID_UPDATE' });
    expect(await graphOn(store).getState({ thread })).toBeUndefined();
    expect(await failureOf(graphOn(store).updateState({ thread }, input as Partial<State>))).toMatchObject({ code: 'INVALID_UPDATE' });
    expect(await graphOn(store).getState({ thread })).toBeUndefined();
  });

  const IDS = ['', '*', '%', '../', '../../etc/passwd', "'; DROP TABLE x; --", '\0', '\ud800', 'ä', 'a\u0308', '__proto__', 'x'.repeat(10_240), `${'x'.repeat(10_239)}y`];

  test('K8 a thread and a branch may be called anything, and each is its own', async () => {
    const graph = graphOn(store);
    await Promise.all(IDS.map(async (id, i) => {
      await graph.invoke({ log: [`input ${i}`] }, { thread: id });
      await graph.fork({ thread: id, checkpointId: String((await historyOf(graph, id))[2]?.checkpointId) }, `${id} too`);
      await graph.invoke({ n: 2, log: [`fork ${i}`] }, { thread: id, branch: `${id} too` });
    }));
    const fresh = graphOn(another);
    for (const [i, id] of IDS.entries()) {
      expect((await fresh.getState({ thread: id }))?.values).toEqual({ n: 3, log: [`input ${i}`, 'a', 'b0', 'b1', 'b2'] });
      expect((await fresh.getState({ thread: id, branch: `${id} too` }))?.values).toEqual({ n: 3, log: [`input ${i}`, 'a', 'b0', `fork ${i}`, 'a', 'b2'] });
      expect(await historyOf(fresh, id)).toHaveLength(5);
    }
    expect(await fresh.getState({ thread: 'never run' })).toBeUndefined();
  });

  if (!tamper) return;

  const ROW = "line = (SELECT id FROM TABLEline WHERE thread = 'THREAD' AND branch = 'left')";

  test.each<[string, string, string]>([
    ["body = '{'", 'checkpoint', 'STORED_INVALID'],
    ["body = 'null'", 'checkpoint', 'STORED_INVALID'],
    [`body = '{"due":[{"id":1}]}'`, 'checkpoint', 'STORED_INVALID'],
    [`body = '{"due":[],"joins":[null]}'`, 'checkpoint', 'STORED_INVALID'],
    [`body = '{"due":[],"joins":[{}]}'`, 'checkpoint', 'STORED_INVALID'],
    [`body = '{"due":[],"past":[null]}'`, 'checkpoint', 'STORED_INVALID'],
    ["metadata = '{'", 'checkpoint', 'STORED_INVALID'],
    ["metadata = '[]'", 'checkpoint', 'STORED_INVALID'],
    ["json = '{'", 'entry', 'STORED_INVALID'],
    ["json = '7'", 'entry', 'STORED_INVALID'],
    [`json = '{"a":1}'`, 'entry', 'STORED_INVALID'],
    ["json = '{'", 'pending', 'STORED_INVALID'],
    [`json = '["aside",[null]]'`, 'pending', 'STORED_INVALID'],
    [`json = '["aside",{}]'`, 'pending', 'STORED_INVALID'],
    [`json = '["aside",[{"goto":5}]]'`, 'pending', 'STORED_INVALID'],
    ['format = 99', 'checkpoint', 'STORED_NEWER'],
  ])('K9 a stored %s in %s is %s, and neither run nor changed; its other branches and threads are intact', async (change, table, code) => {
    const thread = `${table} ${change.replaceAll("'", '')}`;
    const [graph, fails] = [graphOn(store), graphOn(store, () => 'wrong')];
    await graph.invoke({}, { thread });
    await graph.fork({ thread, checkpointId: String((await historyOf(graph, thread))[2]?.checkpointId) }, 'left');
    await failureOf(fails.invoke({ log: ['left'] }, { thread, branch: 'left' })); // the writes of aside are kept
    const before = await historyOf(graph, thread);
    await tamper(`UPDATE TABLE${table} SET ${change} WHERE ${ROW.replace('THREAD', thread)}`);
    const fresh = graphOn(another);
    expect(await failureOf(fresh.getState({ thread, branch: 'left' }))).toMatchObject({ code });
    expect(await failureOf(fresh.invoke(null, { thread, branch: 'left' }))).toMatchObject({ code });
    expect(await failureOf(fresh.invoke({ n: 1 }, { thread, branch: 'left' }))).toMatchObject({ code });
    expect(await failureOf(fresh.updateState({ thread, branch: 'left' }, { n: 1 }))).toMatchObject({ code });
    expect(await historyOf(fresh, thread)).toEqual(before);
    expect((await fresh.getState({ thread }))?.values).toEqual({ n: 3, log: ['a', 'b0', 'b1', 'b2'] });
    expect((await fresh.invoke({ n: 2 }, { thread })).n).toBe(3);
  });

  test('K9 a head that is gone is STORED_INVALID', async () => {
    const graph = graphOn(store);
    await graph.invoke({}, { thread: 'beheaded' });
    await tamper("DELETE FROM TABLEcheckpoint WHERE step = 3 AND line = (SELECT id FROM TABLEline WHERE thread = 'beheaded')");
    expect(await failureOf(graphOn(another).invoke(null, { thread: 'beheaded' }))).toMatchObject({ code: 'STORED_INVALID' });
  });
});
