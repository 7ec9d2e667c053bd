import { describe, expect, test } from '@jest/globals';
import { concat, EMPTY, map, of, throwError, timer, VirtualTimeScheduler } from 'rxjs';
import { aggregate, lastValue } from '../../src/channels/index.js';
import { command } from '../../src/pregel/graph/command.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { send } from '../../src/pregel/graph/send.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { marbles } from '../marbles.js';
import { heard } from './heard.js';
import { note, noteAfter, noting, toldRun } from './noting.js';
import { threadOf } from './threadOf.js';

describe('S6: joins', () => {
  const arriving = (deferred: boolean, joined: boolean) => {
    const graph = noting()
      .addNode('quick', () => note('quick')).addNode('long', () => note('long')).addNode('longer', () => note('longer'))
      .addNode('c', ({ notes }) => note(`c after ${notes.length}`), { defer: deferred })
      .addEdge(START, 'quick').addEdge(START, 'long').addEdge('long', 'longer');
    return joined ? graph.addEdge(['quick', 'longer'], 'c').compile() : graph.addEdge('quick', 'c').addEdge('longer', 'c').compile();
  };

  test.each([
    ['a join edge runs it once, when all have run', false, true, ['long', 'quick', 'longer', 'c after 3']],
    ['plain edges run it on each arrival', false, false, ['long', 'quick', 'c after 2', 'longer', 'c after 4']],
    ['deferred, it runs once, when nothing else is pending', true, false, ['long', 'quick', 'longer', 'c after 3']],
  ])('S6: %s', (_what, deferred, joined, notes) => {
    expect(heard(arriving(deferred, joined).run({})).last?.notes).toEqual(notes);
  });

  test('S6: plain edges that arrive in one step run it once', () => {
    const graph = noting().addNode('a', () => undefined).addNode('b', () => undefined).addNode('c', () => note('c'))
      .addEdge(START, 'a').addEdge(START, 'b').addEdge('a', 'c').addEdge('b', 'c').compile();
    expect(heard(graph.run({})).last?.notes).toEqual(['c']);
  });

  test('S6: a join in a cycle waits for all of them anew in each round', () => {
    const graph = noting().addNode('a', () => note('a')).addNode('b', () => note('b')).addNode('c', ({ n }) => ({ ...note('c'), n: n + 1 }))
      .addEdge(START, 'a').addEdge(START, 'b').addEdge(['a', 'b'], 'c')
      .addConditionalEdges('c', ({ n }) => (n < 3 ? ['a', 'b'] : END))
      .compile();
    expect(heard(graph.run({})).last?.notes.join('')).toBe('abcabcabc');
  });

  test('S6: what has arrived at a join survives a restart', marbles((_, scheduler) => {
    let fails = true;
    const t = threadOf((o) => noting()
      .addNode('quick', () => undefined).addNode('long', () => undefined)
      .addNode('longer', () => { if (fails) throw new Error('down'); })
      .addNode('c', () => note('c'))
      .addEdge(START, 'quick').addEdge(START, 'long').addEdge('long', 'longer').addEdge(['quick', 'longer'], 'c')
      .compile(o), scheduler);
    expect(t.run({}).end).toBe('down');
    fails = false;
    expect(t.run(null).last?.notes).toEqual(['c']);
  }));

  test('S6: deferred nodes run together, after sends and all they lead to', () => {
    const graph = noting()
      .addNode('plan', () => undefined)
      .addNode('work', (i: number) => command({ update: note(`work ${i}`), goto: i > 0 ? [send('work', i - 1)] : [] }), { ends: ['work'] })
      .addNode('x', ({ notes }) => note(`x after ${notes.length}`), { defer: true })
      .addNode('y', ({ notes }) => note(`y after ${notes.length}`), { defer: true })
      .addEdge(START, 'plan').addConditionalEdges('plan', () => [send('work', 2), send('work', 0)]).addEdge('plan', 'x').addEdge('work', 'y')
      .compile();
    expect(heard(graph.run({})).last?.notes).toEqual(['work 2', 'work 0', 'work 1', 'work 0', 'x after 4', 'y after 4']);
  });
});

/** What a graph of one node ends with, whatever that returns. */
const returning = (result: unknown) => heard(noting().addNode('a', (() => result) as never).addEdge(START, 'a').compile().run({}));

describe('S7: what a node returns', () => {
  async function* iterated(): AsyncGenerator<object> {
    yield note('x');
    yield { n: 2 };
  }

  test.each<[string, unknown, object]>([
    ['an update', { notes: 'x', n: 1 }, { notes: ['x'], n: 1 }],
    ['a command', command({ update: { n: 1 } }), { notes: [], n: 1 }],
    ['a list of both', [note('x'), command({ update: note('y') }), { n: 1 }], { notes: ['x', 'y'], n: 1 }],
    ['nothing', undefined, { notes: [], n: 0 }],
    ['null', null, { notes: [], n: 0 }],
    ['an empty list', [], { notes: [], n: 0 }],
    ['a key without a value', { notes: undefined, n: 1 }, { notes: [], n: 1 }],
    ['an Observable of several', of(note('x'), [note('y'), { n: 1 }]), { notes: ['x', 'y'], n: 1 }],
    ['an Observable of none', EMPTY, { notes: [], n: 0 }],
    ['several updates of one value: the last counts', [{ n: 1 }, { n: 2 }, command({ update: { n: 3 } })], { notes: [], n: 3 }],
  ])('S7: %s', (_what, result, state) => {
    expect(returning(result)).toMatchObject({ end: 'done', last: state });
  });

  test('S7: a promise, and an async iterable', async () => {
    const graph = noting().addNode('a', async () => note('first')).addNode('b', (() => iterated()) as never).addEdge(START, 'a').addEdge('a', 'b' as never).compile();
    expect(await graph.invoke({})).toEqual({ notes: ['first', 'x'], n: 2 });
  });

  test('S7: what is streamed is applied at the barrier, all of it', marbles(({ cold, expectObservable }, scheduler) => {
    const graph = noting().addNode('a', () => cold('-x-y--|', { x: note('x'), y: note('y') })).addEdge(START, 'a').compile();
    expectObservable(graph.run({}, { scheduler }).pipe(map(({ notes }) => notes.join('')))).toBe('s-----(r|)', { s: '', r: 'xy' });
  }));

  test.each<[string, unknown, RegExp]>([
    ['a number', 7, /'a' gave a number as an update/],
    ['a string', 'text', /'a' gave a string as an update/],
    ['a list in an Observable', of(['text']), /'a' gave a string as an update/],
    ['a send', send('a', 1), /'a' gave a send \(route with it/],
    ['a command whose update is none', command({ update: 3 as never }), /'a' gave a number as an update/],
    ['an unknown key', { note: 'x' }, /'a' wrote to 'note', which is no channel. Did you mean 'notes'\?/],
    ['an unknown key in a command', command({ update: { m: 1 } as never }), /'a' wrote to 'm', which is no channel.* The channels are notes, n/],
  ])('S7: %s is refused', (_what, result, message) => {
    const { end, error, last } = returning(result);
    expect([end, last]).toEqual(['INVALID_UPDATE', { notes: [], n: 0 }]);
    expect((error as Error).message).toMatch(message);
  });

  test('S7: run.emit sends a custom event', marbles((_, scheduler) => {
    const graph = noting().addNode('a', (_s, run) => (run.emit({ done: 0.5 }), timer(3).pipe(map(() => run.emit('later'))))).addEdge(START, 'a').compile();
    const { lines } = toldRun(graph, {}, { scheduler });
    scheduler.flush();
    expect(lines('custom')).toEqual(['@0 custom a {"done":0.5}', '@3 custom a "later"']);
  }));
});

describe('S7: a thrown routing function or reducer is that node’s error', () => {
  const thrower = () => { throw new Error('lost'); };

  test('S7: a routing function that throws: told of its node, tried again, and handed to its handler', marbles((_, scheduler) => {
    let calls = 0;
    const graph = (retry: number) => noting()
      .addNode('mend', ((failure: { readonly error: Error }) => note(`mended ${failure.error.message}`)) as never)
      .addNode('a', () => note('a'), { retry: { maxAttempts: retry, initialMs: 2, jitter: 'none' }, onError: 'mend' })
      .addNode('other', () => noteAfter(9, 'other'))
      .addEdge(START, 'a').addEdge(START, 'other').addConditionalEdges('a', () => (++calls > 1 ? END : thrower()))
      .compile();
    const again = toldRun(graph(2), {}, { scheduler });
    scheduler.flush();
    expect(again.run.last?.notes).toEqual(['a', 'other']);
    expect(again.lines('node_error', 'superseded', 'retry', 'node_end')).toEqual(['@0 node_error a lost', '@0 superseded a 1', '@0 retry 2 in 2', '@2 node_end a', '@9 node_end other']);
    calls = 0;
    const mended = toldRun(graph(1), {}, { scheduler });
    scheduler.flush();
    expect(mended.run.last?.notes).toEqual(['mended lost', 'other']);
  }));

  test('S7: after a failed route, what its node wrote is not kept: it runs again', marbles((_, scheduler) => {
    let fails = true;
    const runs = { a: 0, b: 0 };
    const t = threadOf((o) => noting()
      .addNode('a', () => (runs.a++, note('a'))).addNode('b', () => (runs.b++, note('b')))
      .addEdge(START, 'a').addEdge(START, 'b').addConditionalEdges('b', () => (fails ? thrower() : END))
      .compile(o), scheduler);
    expect(t.run({}).end).toBe('lost');
    fails = false;
    expect(t.run(null).last?.notes).toEqual(['a', 'b']);
    expect(runs).toEqual({ a: 1, b: 2 });
  }));

  test.each<[string, readonly ['a', 'b'] | readonly ['b']]>([['alone', ['b']], ['beside others', ['a', 'b']]])('S7: a reducer that throws is told of its node: %s', (_what, nodes) => {
    const graph = new StateGraph({ total: aggregate((a: number, b: number) => (b < 0 ? thrower() : a + b), 0) })
      .addNode('a', () => ({ total: 1 })).addNode('b', () => ({ total: -1 }))
      .addConditionalEdges(START, () => nodes)
      .compile();
    const { run, lines } = toldRun(graph, {}, { scheduler: new VirtualTimeScheduler() });
    expect([run.end, run.last]).toEqual(['lost', { total: 0 }]);
    expect(lines('node_error')).toEqual(['@0 node_error b lost']);
  });
});

describe('S8: commands and sends', () => {
  test('S8: a command updates and goes; a static edge beside it is taken, too', () => {
    const graph = noting()
      .addNode('a', () => command({ update: { n: 1 }, goto: 'b' }), { ends: ['b'] }).addNode('b', () => note('b')).addNode('c', () => note('c'))
      .addEdge(START, 'a').addEdge('a', 'c')
      .compile();
    const { values } = heard(graph.run({}));
    expect(values.map(({ notes, n }) => `${notes.join('')}${n}`)).toEqual(['0', '1', 'bc1']);
  });

  test('S8: goto takes a name, a send, a list of them, and END; several commands add up', () => {
    const graph = noting()
      .addNode('a', () => [command({ goto: ['b', send('c', 1)] }), command({ goto: END }), command({ goto: send('c', 2) })], { ends: ['b', 'c'] })
      .addNode('b', () => note('b')).addNode('c', (i: number) => note(`c${i}`))
      .addEdge(START, 'a')
      .compile();
    expect(heard(graph.run({})).last?.notes).toEqual(['b', 'c1', 'c2']);
  });

  test('S8: a send’s argument arrives as it is, not even copied, and in place of the state', () => {
    const args = [new Map([['x', 1]]), undefined, null, 0, { deep: [] }];
    const seen: unknown[] = [];
    const graph = noting().addNode('work', (arg: unknown) => void seen.push(arg)).addConditionalEdges(START, () => args.map((arg) => send('work', arg))).compile();
    heard(graph.run({}));
    expect(seen.every((arg, at) => Object.is(arg, args[at]))).toBe(true);
    expect([seen.length, Object.isFrozen(args[4])]).toEqual([5, false]);
  });

  test('S8: a send has a timeout of its own, in place of the node’s', marbles((_, scheduler) => {
    const graph = noting().addNode('work', (ms: number) => noteAfter(ms, `${ms}`), { timeout: { runMs: 3 } })
      .addConditionalEdges(START, () => [send('work', 5, { timeout: { runMs: 9 } }), send('work', 2)]).compile();
    const run = heard(graph.run({}, { scheduler }));
    scheduler.flush();
    expect(run.last?.notes).toEqual(['5', '2']);
    expect(() => send('work', 1, { timeout: { runMs: -1 } })).toThrow(/INVALID_OPTION/);
  }));

  test('S8: a run begins where its command says, and nowhere else', () => {
    const graph = noting().addNode('a', () => note('a')).addNode('b', () => note('b')).addEdge(START, 'a').addEdge(START, 'b').compile();
    expect(heard(graph.run(command({ update: note('given'), goto: 'b' }))).last?.notes).toEqual(['given', 'b']);
  });

  test('S8: goto to no node names both', () => {
    const graph = noting().addNode('a', () => command({ goto: 'bee' as never })).addNode('bees', () => undefined).addEdge(START, 'a').addEdge('a', 'bees').compile();
    const { end, error } = heard(graph.run({}));
    expect(end).toBe('INVALID_ROUTE');
    expect((error as Error).message).toMatch(/'a' leads to "bee", which is no node. Did you mean 'bees'\?/);
  });
});

describe('S9: routing functions', () => {
  test('S9: read the snapshot with their own task’s writes, and no sibling’s', () => {
    const seen: string[] = [];
    const graph = noting().addNode('a', () => note('a')).addNode('b', () => ({ ...note('b'), n: 1 }))
      .addEdge(START, 'a').addEdge(START, 'b')
      .addConditionalEdges('a', ({ notes, n }) => (seen.push(`a: ${notes.join()} ${n}`), END))
      .addConditionalEdges('b', ({ notes, n }) => (seen.push(`b: ${notes.join()} ${n}`), END))
      .compile();
    heard(graph.run({ notes: 'given' }));
    expect(seen).toEqual(['a: given,a 0', 'b: given,b 1']);
  });

  test.each<[unknown, string]>([['yes', 'b'], [true, 'b'], [3, 'c'], [['yes', 3], 'bc'], [END, ''], ['c', 'c'], ['no', '']])('S9: with a pathMap the result %j is looked up there, else it is a node’s name', (result, ran) => {
    const graph = noting().addNode('a', () => undefined).addNode('b', () => note('b')).addNode('c', () => note('c'))
      .addEdge(START, 'a').addConditionalEdges('a', () => result as 'yes', { yes: 'b', true: 'b', 3: 'c', no: END })
      .compile();
    expect(heard(graph.run({}))).toMatchObject({ end: 'done', last: { notes: [...ran] } });
  });

  test('S9: a conditional and a static edge of one node both fire, and a node that both lead to runs once', () => {
    const graph = noting().addNode('a', () => undefined).addNode('b', () => note('b')).addNode('c', () => note('c'))
      .addEdge(START, 'a').addEdge('a', 'b').addConditionalEdges('a', () => ['b', 'c']).compile();
    expect(heard(graph.run({})).last?.notes).toEqual(['b', 'c']);
  });

  test.each<[string, unknown, RegExp]>([
    ['an unknown name', 'nowhere', /'a' leads to "nowhere", which is no node.* The nodes are a/],
    ['null', null, /the routing function of 'a' returned null/],
    ['nothing', undefined, /the routing function of 'a' returned undefined/],
    ['a send to END', send(END, 1), /'a' leads to "__end__"/],
    ['a send to an unknown node', send('b', 1), /'a' leads to "b", which is no node/],
    ['a number', 5, /'a' leads to 5/],
    ['an unknown name in a list', ['a', 'x'], /'a' leads to "x"/],
    ['a promise', Promise.resolve('a'), /'a' leads to/],
  ])('S9: %s is an error that names node and target', (_what, target, message) => {
    const graph = noting().addNode('a', () => undefined).addEdge(START, 'a').addConditionalEdges('a', () => target as 'a').compile();
    const { end, error } = heard(graph.run({}, { recursionLimit: 2 }));
    expect(end).toBe('INVALID_ROUTE');
    expect((error as Error).message).toMatch(message);
  });

  test('S9: START routes on the state with the input in it, and an empty list ends the run', () => {
    const graph = noting().addNode('a', () => note('a')).addConditionalEdges(START, ({ n }) => (n > 0 ? ['a'] : [])).compile();
    expect([heard(graph.run({ n: 1 })).last?.notes, heard(graph.run({})).values.length]).toEqual([['a'], 1]);
  });
});

describe('a stream that fails', () => {
  test('S7: what it gave before is not applied', marbles((_, scheduler) => {
    const graph = new StateGraph({ n: lastValue(0) }).addNode('a', () => concat(of({ n: 1 }), throwError(() => new Error('down')))).addEdge(START, 'a').compile();
    expect(heard(graph.run({}, { scheduler }))).toMatchObject({ end: 'down', last: { n: 0 } });
  }));
});
