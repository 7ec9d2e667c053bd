import { afterAll, describe, expect, test } from '@jest/globals';
import { concat, defer, EMPTY, filter, firstValueFrom, ignoreElements, lastValueFrom, map, of, Subject, take, timer, toArray, type Observable } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import type { Checkpointer } from '../../src/pregel/checkpoints/Checkpointer.js';
import type { CompiledGraph } from '../../src/pregel/compiledGraph.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { everyStore } from './everyStore.js';

interface State {
  readonly log: readonly string[];
  readonly n: number;
}
type Graph = CompiledGraph<Partial<State>, State>;

const stores = await everyStore();

afterAll(() => Promise.all(stores.map(({ leave }) => leave())));

/** Counts to 4, a superstep each, and says who; the first when `ready` emits. */
function graphOn(checkpointer: Checkpointer, who: string, ready: () => Observable<unknown> = () => timer(1)): Graph {
  return new StateGraph({ log: append<string>(), n: lastValue(0) })
    .addNode('count', ({ n }) => (n === 0 ? ready() : timer(1)).pipe(map(() => ({ log: `${who} ${n}`, n: n + 1 }))))
    .addEdge(START, 'count')
    .addConditionalEdges('count', ({ n }) => (n < 4 ? 'count' : END))
    .compile({ checkpointer }) as never;
}

/** Emits, to each who waits for it, once there are two of them. */
function meeting(): () => Observable<unknown> {
  const arrivals = new Subject<number>();
  let count = 0;
  return () => {
    setTimeout(() => arrivals.next(++count));
    return arrivals.pipe(filter((so) => so === 2), take(1));
  };
}

/** The lease lets everyone in: what is left is the fence. */
function unleased(store: Checkpointer, changed: Partial<Checkpointer> = {}): Checkpointer {
  return Object.assign(Object.create(store) as Checkpointer, changed, { acquire: (thread: string, owner: string) => of({ thread, owner, expiresAt: 0 }), renew: () => EMPTY, release: () => EMPTY });
}

const historyOf = (graph: Graph, thread: string, branch = 'main') => lastValueFrom(graph.getStateHistory({ thread, branch }).pipe(toArray()));
const codeOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'done', (error: { readonly code?: string }) => error.code);

/** One line of commits, each on the one before. */
async function expectLinear(graph: Graph, thread: string, length: number): Promise<void> {
  const history = await historyOf(graph, thread);
  expect(history.map(({ parentId }) => parentId)).toEqual([...history.slice(1).map(({ checkpointId }) => checkpointId), undefined]);
  expect(history).toHaveLength(length);
}

describe.each(stores)('forks and owners on $name', ({ store, another }) => {
  const [one, two] = [graphOn(store, 'one'), graphOn(another, 'two')];

  test('K2 two forks of one checkpoint, run by two processes in turns, read only their own values', async () => {
    await one.invoke({ log: ['begun'] }, { thread: 'forked' });
    const checkpointId = String((await historyOf(one, 'forked'))[3]?.checkpointId);
    await one.fork({ thread: 'forked', checkpointId }, 'left');
    await two.fork({ thread: 'forked', checkpointId }, 'right');
    await one.updateState({ thread: 'forked', branch: 'left' }, { log: ['left'], n: 2 });
    await two.updateState({ thread: 'forked', branch: 'right' }, { log: ['right'], n: 3 });
    await two.invoke(null, { thread: 'forked', branch: 'left' });
    await one.invoke(null, { thread: 'forked', branch: 'right' });
    for (const graph of [one, two]) {
      expect((await graph.getState({ thread: 'forked', branch: 'left' }))?.values).toEqual({ n: 4, log: ['begun', 'one 0', 'left', 'two 2', 'two 3'] });
      expect((await graph.getState({ thread: 'forked', branch: 'right' }))?.values).toEqual({ n: 4, log: ['begun', 'one 0', 'right', 'one 3'] });
      expect((await graph.getState({ thread: 'forked' }))?.values).toEqual({ n: 4, log: ['begun', 'one 0', 'one 1', 'one 2', 'one 3'] });
    }
  });

  test('K1 of two processes that run a thread at once, one does and the other is refused', async () => {
    const both = meeting();
    const inNode = new Subject<void>();
    const begun = firstValueFrom(inNode);
    const working = graphOn(store, 'one', () => (inNode.next(), both())).invoke({ log: ['begun'] }, { thread: 'busy' });
    await begun;
    expect(await codeOf(two.invoke({}, { thread: 'busy' }))).toBe('THREAD_BUSY');
    expect(await codeOf(two.updateState({ thread: 'busy' }, { n: 9 }))).toBe('THREAD_BUSY');
    both();
    expect((await working).log).toEqual(['begun', 'one 0', 'one 1', 'one 2', 'one 3']);
    await expectLinear(one, 'busy', 5);
  });

  test('K1 of two writers on one parent exactly one succeeds, even if both hold the lease', async () => {
    for (let round = 0; round < 5; round++) {
      const thread = `parent ${round}`;
      await one.updateState({ thread }, { log: ['begun'] });
      const both = meeting(); // with their parents read
      const writers = [store, another].map((each) => unleased(each, { commit: (...args) => concat(both().pipe(ignoreElements()), defer(() => each.commit(...args))) }));
      const ends = await Promise.all(writers.map((each, i) => codeOf(graphOn(each, 'writer').updateState({ thread }, { n: i + 1 }))));
      expect(ends.sort()).toEqual(['STALE_CHECKPOINT', 'done']);
      await expectLinear(two, thread, 2);
    }
  });

  test('K1 of two runs that race through a thread without a lease, one gets to its end, and no superstep is committed twice', async () => {
    const both = meeting();
    const [free, wild] = [graphOn(unleased(store), 'one', both), graphOn(unleased(another), 'two', both)];
    await one.updateState({ thread: 'race' }, {}, 'count');
    const ends = await Promise.all([codeOf(free.invoke(null, { thread: 'race' })), codeOf(wild.invoke(null, { thread: 'race' }))]);
    expect(ends.sort()).toEqual(['STALE_CHECKPOINT', 'done']);
    await expectLinear(one, 'race', 5);
    const { log = [] } = (await one.getState({ thread: 'race' }))?.values ?? {};
    expect(log.map((line) => line.split(' ')[1])).toEqual(['0', '1', '2', '3']);
  });
});
