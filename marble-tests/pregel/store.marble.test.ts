import { describe, expect, test } from '@jest/globals';
import { concat, forkJoin, map, timer } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { memoryStore } from '../../src/pregel/stores/memoryStore.js';
import type { Store } from '../../src/pregel/stores/Store.js';
import { storeOf } from '../../src/pregel/stores/storeOf.js';
import { marbles } from '../marbles.js';
import { heard } from './heard.js';

/** Counts its runs in the store, for each user by itself. */
function visits(options: { readonly store?: Store }) {
  return new StateGraph({ user: lastValue(''), visits: lastValue(0) })
    .addNode('count', ({ user }, run) =>
      run.store.get(['visits'], user).pipe(
        map((item) => Number(item?.value['n'] ?? 0) + 1),
        map((n) => ({ visits: n })),
      ),
    )
    .addNode('keep', ({ user, visits: n }, run) => run.store.put(['visits'], user, { n }).pipe(map(() => ({}))))
    .addEdge(START, 'count')
    .addEdge('count', 'keep')
    .compile(options);
}

describe('G4: a graph with a store', () => {
  test('G4 what a node puts is there for later runs of any thread, and a synchronous store keeps a run synchronous', () => {
    const store = memoryStore();
    const graph = visits({ store });
    const counts = ['ada', 'bob', 'ada', 'ada'].map((user) => heard(graph.run({ user })).last?.visits);
    expect(counts).toEqual([1, 1, 2, 3]);
    expect(heard(store.search(['visits'])).last?.map(({ key, value }) => [key, value['n']])).toEqual([['ada', 3], ['bob', 1]]);
  });

  test('G4 two graphs may have one store', () => {
    const store = memoryStore();
    expect([heard(visits({ store }).run({ user: 'ada' })).last?.visits, heard(visits({ store }).run({ user: 'ada' })).last?.visits]).toEqual([1, 2]);
  });

  test('G4 a node asks for several things at once, and a slow store takes its time', marbles(({ expectObservable }, scheduler) => {
    const memory = memoryStore({ scheduler });
    heard(concat(memory.put(['a'], 'one', { n: 1 }), memory.put(['a'], 'two', { n: 2 })));
    const store: Store = { put: (...args) => memory.put(...args), search: (...args) => memory.search(...args), delete: (...args) => memory.delete(...args), listNamespaces: (...args) => memory.listNamespaces(...args), get: (...args) => timer(3, scheduler).pipe(map(() => heard(memory.get(...args)).last)) };
    const graph = new StateGraph({ sum: lastValue(0) })
      .addNode('add', (_, run) => forkJoin([run.store.get(['a'], 'one'), run.store.get(['a'], 'two')]).pipe(map((items) => ({ sum: items.reduce((sum, item) => sum + Number(item?.value['n']), 0) }))))
      .addEdge(START, 'add')
      .compile({ store });
    expectObservable(graph.run({}, { scheduler }).pipe(map(({ sum }) => sum))).toBe('0--(3|)', { 0: 0, 3: 3 });
  }));

  test('G4 a graph within a graph has the store around it, unless it has its own', () => {
    const inner = (store?: Store) =>
      new StateGraph({ said: append<string>() })
        .addNode('put', (_, run) => run.store.put(['inner'], 'k', {}).pipe(map(() => ({ said: 'put' }))))
        .addEdge(START, 'put')
        .compile(store ? { store } : {});
    const [outer, own] = [memoryStore(), memoryStore()];
    const graph = new StateGraph({ said: append<string>() })
      .addNode('inherits', inner())
      .addNode('has its own', inner(own))
      .addEdge(START, 'inherits')
      .addEdge(START, 'has its own')
      .compile({ store: outer });
    expect(heard(graph.run({})).end).toBe('done');
    expect([outer.size, own.size]).toEqual([1, 1]);
    expect(heard(inner().run({})).end).toBe('NO_STORE');
  });

  test('G4 a flow within a node has it by storeOf', () => {
    const store = memoryStore();
    const remember = lambda((note: string, run) => storeOf(run).put(['notes'], note, { note }).pipe(map(({ key }) => key)));
    const graph = new StateGraph({ note: lastValue('') }).addNode('remember', remember, { reads: 'note', writes: 'note' }).addEdge(START, 'remember').compile({ store });
    expect([heard(graph.run({ note: 'x' })).end, store.size]).toEqual(['done', 1]);
    expect(heard(remember.run('x')).end).toBe('NOT_IN_TASK');
  });

  test('G4 without a store run.store says how to get one', () => {
    const { end, error } = heard(visits({}).run({ user: 'ada' }));
    expect([end, String(error)]).toEqual(['NO_STORE', expect.stringContaining("node 'count' of graph 'graph' used run.store")]);
  });
});

