import { describe, expect, test } from '@jest/globals';
import { forkJoin, map, timer, type Observable } from 'rxjs';
import { aggregate, append, lastValue } from '../../src/channels/index.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { chain } from '../../src/core/flow/chain.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import type { CompileOptions } from '../../src/pregel/compiledGraph.js';
import { command } from '../../src/pregel/graph/command.js';
import { END, PARENT, START } from '../../src/pregel/graph/names.js';
import { send } from '../../src/pregel/graph/send.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';
import { heard } from './heard.js';
import { threadOf } from './threadOf.js';

const says = (word: string) => () => ({ said: word });
const asks = (question: string) => (_: unknown, run: RunScope): Observable<{ said: string }> => run.interrupt(question).pipe(map((answer) => ({ said: `${question}${String(answer)}` })));

/** first -> second, which share `said` with a graph above. */
const inner = (first: (state: never, run: RunScope) => unknown, second: (state: never, run: RunScope) => unknown, options: CompileOptions = {}) =>
  new StateGraph({ said: append<string>(), own: aggregate('sum', 0) })
    .addNode('first', first as never)
    .addNode('second', second as never)
    .addEdge(START, 'first')
    .addEdge('first', 'second')
    .compile(options);

/** before -> sub -> after. */
const outer = (sub: ReturnType<typeof inner>) =>
  new StateGraph({ said: append<string>(), note: lastValue('') })
    .addNode('before', says('before'))
    .addNode('sub', sub)
    .addNode('after', says('after'))
    .addEdge(START, 'before')
    .addEdge('before', 'sub')
    .addEdge('sub', 'after');

describe('G1: a graph in a graph', () => {
  test('has a state of its own, and shares the channels of the same name', marbles(() => {
    const seen: unknown[] = [];
    const first = (state: unknown): object => (seen.push(state), { said: 'first', own: 1 });
    const run = heard(outer(inner(first, says('second'))).compile().run({ note: 'mine' }));
    expect(seen).toEqual([{ said: ['before'], own: 0 }]);
    expect(run.last).toEqual({ said: ['before', 'first', 'second', 'after'], note: 'mine' });
  }));

  test('of a list, a text and a sum that both have it gives back what was added, and no value twice', marbles(() => {
    const channels = { list: append<number>([0]), text: aggregate('concat', ''), total: aggregate('sum', 0), top: aggregate('max', 0) };
    const write = (n: number) => () => ({ list: n, text: String(n), total: n, top: n });
    const sub = new StateGraph(channels).addNode('x', write(2)).addNode('y', write(3)).addEdge(START, 'x').addEdge('x', 'y').compile();
    const graph = new StateGraph(channels).addNode('one', write(1)).addNode('sub', sub).addNode('beside', write(4)).addEdge(START, 'one').addEdge('one', 'sub').addEdge('one', 'beside').compile();
    expect(heard(graph.run({})).last).toEqual({ list: [0, 1, 4, 2, 3], text: '1423', total: 10, top: 4 });
  }));

  test('its events come as they happen, and carry its path', marbles((_, scheduler) => {
    const events = recorder();
    outer(inner(() => timer(2).pipe(map(says('first'))), says('second'))).compile().run({}, { scheduler, events }).subscribe();
    scheduler.flush();
    const nodes = events.events.flatMap((event) => (event.type === 'node_end' ? [`${event.at} ${event.path.join('/')}`] : []));
    expect(nodes).toEqual(['0 before', '2 sub/first', '2 sub/second', '2 sub', '2 after']);
  }));

  test('an error within is the node’s, and its siblings within are left', marbles(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
    const sibling = cold('---a|');
    const sub = new StateGraph({ said: append<string>() })
      .addNode('fails', () => cold('-#', undefined, new Error('no')))
      .addNode('works', () => sibling.pipe(map(says('never'))))
      .addEdge(START, 'fails')
      .addEdge(START, 'works')
      .compile();
    const graph = new StateGraph({ said: append<string>() }).addNode('sub', sub, { onError: 'mend' }).addNode('mend', ({ error }: { readonly error: unknown }) => ({ said: (error as Error).message })).addEdge(START, 'sub').compile();
    expectObservable(graph.run({}, { scheduler }).pipe(map(({ said }) => said.join()))).toBe('a(b|)', { a: '', b: 'no' });
    expectSubscriptions(sibling.subscriptions).toBe('^!');
  }));

  test('unsubscribed in its middle, nothing of it runs on', marbles(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
    const work = cold('-----a|');
    const run$ = outer(inner(() => work, says('second'))).compile().run({}, { scheduler }).pipe(map(({ said }) => said.length));
    expectObservable(run$, '---!').toBe('(ab)', { a: 0, b: 1 });
    expectSubscriptions(work.subscriptions).toBe('^--!');
  }));

  test('takes its supersteps from a limit of its own', marbles((_, scheduler) => {
    const run = heard(outer(inner(says('1'), says('2'))).compile().run({}, { scheduler, recursionLimit: 3 }));
    expect(run.end).toBe('done');
    expect(heard(outer(inner(says('1'), says('2'))).compile().run({}, { scheduler, recursionLimit: 2 })).end).toBe('GRAPH_RECURSION_LIMIT');
  }));
});

describe('G1: interrupts in a graph within', () => {
  test('are the outer run’s, and resume where they were: what ran before isn’t run again', marbles((_, scheduler) => {
    let firsts = 0;
    const t = threadOf((o) => outer(inner(() => (firsts++, { said: 'first', own: 5 }), asks('sure?'))).compile(o), scheduler);
    expect(t.run({}).last).toEqual({ said: ['before'], note: '' });
    expect(t.state()).toMatchObject({ next: ['sub'], interrupts: [{ payload: 'sure?', node: 'sub' }] });
    const resumed = t.resume('yes');
    expect([resumed.last, firsts]).toEqual([{ said: ['before', 'first', 'sure?yes', 'after'], note: '' }, 1]);
    expect(t.state()).toMatchObject({ next: [], interrupts: [] });
  }));

  test('the run tells of them once, by the ids that answer them', marbles((_, scheduler) => {
    const events = recorder();
    const t = threadOf((o) => outer(inner(says('first'), asks('sure?'))).compile(o), scheduler);
    t.run({}, { events });
    expect(events.events.filter(({ type }) => type === 'interrupt')).toMatchObject([{ interruptId: t.open()[0], payload: 'sure?', path: [] }]);
    expect(events.events.at(-1)).toMatchObject({ type: 'run_end', status: 'interrupted' });
  }));

  test('reach it from two graphs down, and one after the other', marbles((_, scheduler) => {
    const middle = new StateGraph({ said: append<string>() }).addNode('deep', inner(asks('a'), asks('b'))).addEdge(START, 'deep').compile();
    const t = threadOf((o) => outer(middle as never).compile(o), scheduler);
    t.run({});
    const [first] = t.open();
    t.resume({ [String(first)]: 1 });
    const [second] = t.open();
    expect([t.state().interrupts.map(({ payload }) => payload), second === first]).toEqual([['b'], false]);
    expect(t.resume(2).last).toEqual({ said: ['before', 'a1', 'b2', 'after'], note: '' });
  }));

  test('of several tasks surface together; an answer resumes its own only', marbles((_, scheduler) => {
    const runs: string[] = [];
    const asking = (state: { readonly said: readonly string[] }, run: RunScope): unknown => (runs.push(String(state.said)), run.interrupt(state.said).pipe(map((answer) => ({ said: `+${String(answer)}` }))));
    const sub = inner(asking as never, says('!'));
    const graph = (o: CompileOptions) => new StateGraph({ said: append<string>() }).addNode('sub', sub).addConditionalEdges(START, () => [send('sub', { said: ['x'] }), send('sub', { said: ['y'] })], ['sub']).compile(o);
    const t = threadOf(graph, scheduler);
    t.run({});
    const [x, y] = t.open();
    expect(t.state().interrupts.map(({ payload }) => payload)).toEqual([['x'], ['y']]);
    t.resume({ [String(y)]: 1 });
    expect([t.open(), runs]).toEqual([[x], ['x', 'y', 'y']]);
    t.resume({ [String(x)]: 0 });
    expect([t.state().values, runs]).toEqual([{ said: ['+0', '!', '+1', '!'] }, ['x', 'y', 'y', 'x']]);
  }));

  test('in a callback that runs graphs itself: what it started waits with it, and is found again by the order of its calls', marbles((_, scheduler) => {
    const [a, b] = [inner(says('a1'), asks('a?')), inner(says('b1'), asks('b?'))];
    let went = 0;
    const body = (_state: unknown, run: RunScope): unknown => forkJoin([a.run({}, run), b.run({}, run)]).pipe(map(([x, y]) => (went++, { said: [...x.said, ...y.said] })));
    const t = threadOf((o) => new StateGraph({ said: append<string>() }).addNode('both', body as never).addEdge(START, 'both').compile(o), scheduler);
    t.run({});
    const [forA, forB] = t.open();
    t.resume({ [String(forB)]: 'B' });
    expect([t.open(), went]).toEqual([[forA], 0]);
    t.resume('A');
    expect([t.state().values, went]).toEqual([{ said: ['a1', 'a?A', 'b1', 'b?B'] }, 1]);
  }));

  test('awaited in an async node: its finally runs, and the answer comes to the same await', async () => {
    const sub = inner(says('first'), asks('sure?'));
    const cleaned: string[] = [];
    const graph = new StateGraph({ said: append<string>() })
      .addNode('node', async (_state, run) => {
        try {
          return { said: (await sub.invoke({}, run)).said };
        } finally {
          cleaned.push('cleaned');
        }
      })
      .addEdge(START, 'node')
      .compile({ checkpointer: memoryCheckpointer() });
    await graph.invoke({}, { thread: 't' });
    expect(cleaned).toEqual(['cleaned']);
    expect(await graph.invoke(command({ resume: 'yes' }), { thread: 't' })).toEqual({ said: ['first', 'sure?yes'] });
  });

  test('a pause before a node within goes on with the outer run', marbles((_, scheduler) => {
    const t = threadOf((o) => outer(inner(says('first'), says('second'), { interruptBefore: ['second'] })).compile(o), scheduler);
    t.run({});
    expect(t.state().interrupts).toMatchObject([{ payload: { before: ['second'] }, pause: true }]);
    expect(t.run(null).last).toEqual({ said: ['before', 'first', 'second', 'after'], note: '' });
  }));

  test('an update of the outer state in between leaves it where it waits', marbles((_, scheduler) => {
    const t = threadOf((o) => outer(inner(says('first'), asks('sure?'))).compile(o), scheduler);
    t.run({});
    t.update({ note: 'looked' });
    expect(t.resume('yes').last).toEqual({ said: ['before', 'first', 'sure?yes', 'after'], note: 'looked' });
  }));
});

describe('G1: where a graph within is kept', () => {
  const failing = (times: number) => {
    const runs = { first: 0, second: 0 };
    const second = (): object => {
      if (++runs.second <= times) throw new Error('down');
      return { said: 'second' };
    };
    return { runs, sub: (options?: CompileOptions) => inner(() => (runs.first++, { said: 'first' }), second, options) };
  };

  test('by default beside the outer run: after a failure it goes on where it stopped', marbles((_, scheduler) => {
    const { runs, sub } = failing(1);
    const t = threadOf((o) => outer(sub()).compile(o), scheduler);
    expect(t.run({}).end).toBe('down');
    expect([t.run(null).last, runs]).toEqual([{ said: ['before', 'first', 'second', 'after'], note: '' }, { first: 1, second: 2 }]);
  }));

  test('with checkpointer: false nowhere: it begins again, and can’t wait for an answer', marbles((_, scheduler) => {
    const { runs, sub } = failing(1);
    const t = threadOf((o) => outer(sub({ checkpointer: false })).compile(o), scheduler);
    t.run({});
    expect([t.run(null).end, runs]).toEqual(['done', { first: 2, second: 2 }]);
    expect(threadOf((o) => outer(inner(says('first'), asks('sure?'), { checkpointer: false })).compile(o), scheduler).run({}).end).toBe('NO_CHECKPOINTER');
  }));

  test('each of its runs begins afresh; with checkpointer: true they share one state on a thread', marbles((_, scheduler) => {
    const counted = (options: CompileOptions) => {
      const owns: unknown[] = [];
      const count = ({ own }: { readonly own: number }): object => (owns.push(own), { own: 1 });
      const t = threadOf((o) => outer(inner(count as never, says('.'), options)).compile(o), scheduler);
      t.run({});
      t.run({});
      return owns;
    };
    expect(counted({})).toEqual([0, 0]);
    expect(counted({ checkpointer: true })).toEqual([0, 1]);
    expect(counted({ checkpointer: memoryCheckpointer({ scheduler }) })).toEqual([0, 1]);
  }));

  test('with a checkpointer of its own it waits there, and is answered through the outer run', marbles((_, scheduler) => {
    const own = memoryCheckpointer({ scheduler });
    const t = threadOf((o) => outer(inner(says('first'), asks('sure?'), { checkpointer: own })).compile(o), scheduler);
    t.run({});
    expect(t.resume('yes').last).toEqual({ said: ['before', 'first', 'sure?yes', 'after'], note: '' });
    expect(heard(own.threads()).values).toMatchObject([{ thread: 't' }]);
  }));

  test('two branches of a thread have their own', marbles((_, scheduler) => {
    const t = threadOf((o) => outer(inner(says('first'), asks('sure?'))).compile(o), scheduler);
    t.run({});
    t.fork(t.state().checkpointId, 'other');
    t.run(null, { branch: 'other' });
    t.resume('no', { branch: 'other' });
    t.resume('yes');
    expect([t.state().values.said, t.state('other').values.said]).toEqual([['before', 'first', 'sure?yes', 'after'], ['before', 'first', 'sure?no', 'after']]);
  }));

  test('its state is to be seen beside its task, two graphs down as well', async () => {
    const middle = (options: CompileOptions) => new StateGraph({ said: append<string>() }).addNode('deep', inner(says('first'), asks('sure?'), options)).addEdge(START, 'deep').compile(options);
    for (const options of [{}, { checkpointer: true }]) {
      const graph = outer(middle(options) as never).compile({ checkpointer: memoryCheckpointer() });
      await graph.invoke({}, { thread: 't' });
      const seen = await graph.getState({ thread: 't', subgraphs: true });
      expect(seen).toMatchObject({ next: ['sub'], tasks: [{ node: 'sub', interrupts: [{ payload: 'sure?' }], graph: { next: ['deep'], values: { said: ['before'] }, tasks: [{ graph: { next: ['second'], values: { said: ['before', 'first'], own: 0 } } }] } }] });
      expect((await graph.getState({ thread: 't' }))?.tasks[0]).not.toHaveProperty('graph');
    }
  });

  test('durability is the outer run’s', marbles((_, scheduler) => {
    for (const durability of ['async', 'exit'] as const) {
      const t = threadOf((o) => outer(inner(says('first'), asks('sure?'))).compile({ ...o, durability }), scheduler);
      t.run({});
      expect([durability, t.resume('yes').last]).toEqual([durability, { said: ['before', 'first', 'sure?yes', 'after'], note: '' }]);
    }
  }));
});

describe('G1: command({ graph: PARENT })', () => {
  const leaving = (options: CompileOptions = {}) => (fields: object) => {
    const sub = inner(says('lost'), () => [{ said: 'lost too' }, command({ ...fields, graph: PARENT })], options);
    return new StateGraph({ said: append<string>() })
      .addNode('sub', sub, { ends: ['there'] })
      .addNode('there', says('there'))
      .addNode('always', says('always'))
      .addEdge(START, 'sub')
      .addEdge('sub', 'always');
  };

  test('ends the graph within, and is the word of its node above: an update, and where to go besides its edges', marbles(() => {
    const run = heard(leaving()({ update: { said: 'handed over' }, goto: 'there' }).compile().run({}));
    expect(run.last).toEqual({ said: ['handed over', 'always', 'there'] });
  }));

  test('with a store as well, and each run within begins afresh', marbles((_, scheduler) => {
    const t = threadOf((o) => leaving()({ goto: 'there' }).compile(o), scheduler);
    expect(t.run({}).last).toEqual({ said: ['always', 'there'] });
    expect(t.run({}).last).toEqual({ said: ['always', 'there', 'always', 'there'] });
    const shared = threadOf((o) => leaving({ checkpointer: true })({ goto: 'there' }).compile(o), scheduler);
    shared.run({});
    expect(shared.run({}).end).toBe('done');
  }));

  test('reaches through a callback that runs the graph, and through a flow', marbles((_, scheduler) => {
    const sub = inner(says('x'), () => command({ graph: PARENT, update: { said: 'up' } }));
    const callback = (_state: unknown, run: RunScope): unknown => sub.run({}, run).pipe(map(() => ({ said: 'no' })));
    const flow = chain(lambda(() => timer(1).pipe(map(() => ({})))), sub, lambda(() => ({ said: 'no' })));
    for (const node of [callback, flow]) {
      const run = heard(new StateGraph({ said: append<string>() }).addNode('node', node as never).addEdge(START, 'node').compile().run({}, { scheduler }));
      scheduler.flush();
      expect([run.last, run.end]).toEqual([{ said: ['up'] }, 'done']);
    }
  }));

  test('an unknown node or channel of the graph above is the node’s error', marbles(() => {
    expect(heard(leaving()({ goto: 'nowhere' }).compile().run({})).end).toBe('INVALID_ROUTE');
    expect(heard(leaving()({ update: { sayd: 'x' } }).compile().run({})).end).toBe('INVALID_UPDATE');
  }));

  test('with no graph above it is an error', marbles(() => {
    expect(heard(inner(says('x'), () => command({ graph: PARENT, goto: END })).run({})).end).toBe('INVALID_ROUTE');
  }));
});
