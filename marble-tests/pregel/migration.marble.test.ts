import { describe, expect, test } from '@jest/globals';
import { firstValueFrom, map, timer, toArray, type SchedulerLike } from 'rxjs';
import { aggregate, append, lastValue, overwrite } from '../../src/channels/index.js';
import type { Checkpointer } from '../../src/pregel/checkpoints/Checkpointer.js';
import { sqliteCheckpointer } from '../../src/pregel/checkpoints/sqlite/sqliteCheckpointer.js';
import type { CompiledGraph } from '../../src/pregel/compiledGraph.js';
import { command } from '../../src/pregel/graph/command.js';
import type { Migration } from '../../src/pregel/graph/Migration.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { send } from '../../src/pregel/graph/send.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { marbles } from '../marbles.js';
import { threadOf, type ThreadUnderTest } from './threadOf.js';

type State = Readonly<Record<string, unknown>>;

/** `first` has finished and said where to go on; `asks` waits. */
const before = (o: object): CompiledGraph<object, State> => new StateGraph({ log: append<string>(), count: lastValue(1), gone: lastValue('x') })
  .addNode('first', () => command({ update: { log: ['first'], gone: 'y' }, goto: ['old', send('sent', { is: 'old' })] as never }), { ends: ['old', 'sent'] })
  .addNode('asks', (_s, run) => run.interrupt('ok?').pipe(map((answer) => ({ log: `asked ${String(answer)}` }))))
  .addNode('old', () => ({ log: 'old' })).addNode('sent', (_arg: object) => ({ log: 'sent' }))
  .addEdge(START, 'first').addEdge(START, 'asks').addEdge(['asks', 'old'], 'sent' as never)
  .compile(o) as never;

/** The same, with other names; `count` is a list, and `gone` is no more. */
const after = (migrate?: Migration) => (o: object): CompiledGraph<object, State> => new StateGraph({ words: append<string>(), count: append<number>() })
  .addNode('first', () => ({ words: 'never again' }))
  .addNode('asksNow', (_s, run) => run.interrupt('ok?').pipe(map((answer) => ({ words: `asked ${String(answer)}` }))))
  .addNode('renamed', () => ({ words: 'renamed' })).addNode('sentNow', (_arg: object) => ({ words: 'sentNow' }))
  .addEdge(START, 'first').addEdge(START, 'asksNow').addEdge('first', 'renamed').addEdge('first', 'sentNow').addEdge(['asksNow', 'renamed'], 'sentNow' as never)
  .compile({ ...o, ...(migrate && { migrate }) }) as never;

const MIGRATION: Migration = {
  nodes: { asks: 'asksNow', old: 'renamed', sent: 'sentNow' },
  channels: { log: 'words', count: { was: lastValue(1), to: (n: number) => ({ count: [n, n + 1] }) }, gone: { was: lastValue('x'), to: () => ({}) } },
};

const NAMES: Migration = { ...MIGRATION, channels: { log: 'words' } };

const started = (scheduler: SchedulerLike): ThreadUnderTest<object, State> => {
  const t = threadOf(before, scheduler);
  t.run({ log: ['input'] });
  return t;
};

describe('G7: a migration', () => {
  test('without one, the thread can’t go on', marbles((_, scheduler) => {
    expect(threadOf(after(), scheduler, started(scheduler).store, 'new').run(null).end).toBe('GRAPH_CHANGED');
  }));

  test('nodes and channels are read by what they are called now; what became of others is said by a function', marbles((_, scheduler) => {
    const t = threadOf(after(MIGRATION), scheduler, started(scheduler).store, 'new');
    expect(t.state()).toMatchObject({ values: { words: ['input'], count: [1, 2] }, next: ['asksNow', 'first'], interrupts: [{ node: 'asksNow', payload: 'ok?' }] });
    expect(t.resume('yes').last).toEqual({ words: ['input', 'asked yes', 'never again', 'renamed', 'sentNow', 'sentNow'], count: [1, 2] });
  }));

  test('finished work, where it led and what was sent keep their meaning, if no channel that it wrote to is another', marbles((_, scheduler) => {
    const names = (o: object): CompiledGraph<object, State> => new StateGraph({ words: append<string>(), count: lastValue(1), gone: lastValue('x') })
      .addNode('first', () => ({ words: 'never again' }))
      .addNode('asksNow', (_s, run) => run.interrupt('ok?').pipe(map((answer) => ({ words: `asked ${String(answer)}` }))))
      .addNode('renamed', () => ({ words: 'renamed' })).addNode('sentNow', (_arg: object) => ({ words: 'sentNow' }))
      .addEdge(START, 'first').addEdge(START, 'asksNow').addEdge('first', 'renamed').addEdge('first', 'sentNow').addEdge(['asksNow', 'renamed'], 'sentNow' as never)
      .compile({ ...o, migrate: NAMES }) as never;
    const t = threadOf(names, scheduler, started(scheduler).store, 'new');
    expect(t.resume('yes').last?.words).toEqual(['input', 'asked yes', 'first', 'renamed', 'sentNow', 'sentNow', 'sentNow']); // by the edge, the send and the join
  }));

  test('once the thread went on it is no more needed for what is due: all is stored under its new name', marbles((_, scheduler) => {
    const { store } = started(scheduler);
    const migrating = threadOf(after(MIGRATION), scheduler, store, 'new');
    migrating.resume('yes');
    const plain = threadOf(after(), scheduler, store, 'later');
    expect(plain.state()).toEqual(migrating.state());
    expect(plain.run({}).end).toBe('done');
    expect(migrating.history().at(-1)?.values).toEqual({ words: ['input'], count: [1, 2] });
  }));

  test('a half-filled join is found by the new names', marbles((_, scheduler) => {
    const graph = (a: string, b: string, c: string, migrate?: Migration) => (o: object): CompiledGraph<object, State> => {
      const nodes = new StateGraph({ log: append<string>() }).addNode(a, () => ({ log: a })).addNode(b, () => timer(5).pipe(map(() => ({ log: b })))).addNode('then', () => timer(5).pipe(map(() => ({ log: 'then' })))).addNode(c, () => ({ log: c }));
      return nodes.addEdge(START, a).addEdge(START, 'then').addEdge('then', b).addEdge([a, b], c).compile({ ...o, ...(migrate && { migrate }) }) as never;
    };
    const old = threadOf(graph('a', 'b', 'c'), scheduler);
    const crashing = old.run({});
    scheduler.schedule(() => crashing.leave(), 7);
    scheduler.flush();
    const t = threadOf(graph('a2', 'b2', 'c2', { nodes: { a: 'a2', b: 'b2', c: 'c2' } }), scheduler, old.store, 'new');
    t.run(null);
    scheduler.flush();
    expect(t.state().values.log).toEqual(['a', 'then', 'b2', 'c2']);
  }));

  test('of a channel with deltas all is read, an overwrite too, and it goes on as deltas', marbles((_, scheduler) => {
    const steps = (name: string, options: object): CompiledGraph<object, State> => new StateGraph({ [name]: append<number>(), n: lastValue(0) })
      .addNode('a', ({ n }: { n: number }) => ({ [name]: n === 2 ? overwrite([n]) : n, n: n + 1 }) as never).addEdge(START, 'a').addConditionalEdges('a', (({ n }: { n: number }) => (n % 5 > 0 ? 'a' : END)) as never)
      .compile(options) as never;
    const old = threadOf((o) => steps('log', o), scheduler);
    old.run({});
    const t = threadOf((o) => steps('items', { ...o, migrate: { channels: { log: 'items' } } }), scheduler, old.store, 'new');
    t.run({});
    expect(t.state().values).toEqual({ items: [2, 3, 4, 5, 6, 7, 8, 9], n: 10 });
  }));

  test('a channel that was something else than the migration says stays GRAPH_CHANGED, and a bad update is refused', marbles((_, scheduler) => {
    const store = (): Checkpointer => started(scheduler).store;
    const wrong: Migration = { ...MIGRATION, channels: { ...MIGRATION.channels, count: { was: aggregate('sum', 0), to: (n: number) => ({ count: [n] }) } } };
    expect(threadOf(after(wrong), scheduler, store(), 'new').run(null).end).toBe('GRAPH_CHANGED');
    const typo: Migration = { ...MIGRATION, channels: { ...MIGRATION.channels, count: { was: lastValue(1), to: (n: number) => ({ coutn: [n] }) } } };
    expect(threadOf(after(typo), scheduler, store(), 'new').run(null).end).toBe('INVALID_UPDATE');
  }));

  test('names that can’t be meant are refused at compile', () => {
    expect(() => after({ nodes: { first: 'renamed', gone: 'nowhere' }, channels: { words: 'count', log: 'wrods' } })({})).toThrow(/'first', which the graph has[\s\S]*'nowhere'[\s\S]*'words', which the graph has[\s\S]*'wrods'/);
  });

  test('on SQLite as in memory', async () => {
    const store = sqliteCheckpointer(':memory:');
    const config = { thread: 't' };
    await before({ checkpointer: store }).invoke({ log: ['input'] }, config);
    const graph = after(MIGRATION)({ checkpointer: store });
    expect(await graph.invoke(command({ resume: 'yes' }) as never, config)).toMatchObject({ words: ['input', 'asked yes', 'never again', 'renamed', 'sentNow', 'sentNow'], count: [1, 2] });
    expect(await firstValueFrom(graph.getStateHistory(config).pipe(map(({ next }) => next.length), toArray()))).toEqual([0, 1, 2, 2]);
    store.close();
  });
});
