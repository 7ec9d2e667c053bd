import { describe, expect, test } from '@jest/globals';
import { map, mergeMap, tap, throwError, timer } from 'rxjs';
import { append, lastValue, messages } from '../../src/channels/index.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import type { AssistantMessage, Message } from '../../src/operators/messages/Message.js';
import { messageFold } from '../../src/operators/messages/messageChunk.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import { command } from '../../src/pregel/graph/command.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { send } from '../../src/pregel/graph/send.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { modelNode } from '../../src/pregel/nodes/modelNode.js';
import { streamMode, type StreamMode } from '../../src/pregel/projections/streamMode.js';
import { marbles as kit, text } from '../../src/testing/index.js';
import { seededIds } from '../../src/testing/seededIds.js';
import { marbles } from '../marbles.js';
import { asking, said, yes } from './asking.js';
import { heard } from './heard.js';

/** a and b at once, b first; then c. */
const fork = (options = {}) =>
  new StateGraph({ log: append<string>(), n: lastValue(0) })
    .addNode('a', () => timer(4).pipe(map(() => ({ log: 'a' }))))
    .addNode('b', (_, run) => timer(2).pipe(tap(() => run.emit('half')), map(() => ({ log: 'b', n: 1 }))))
    .addNode('c', () => undefined)
    .addEdge(START, 'a').addEdge(START, 'b').addEdge(['a', 'b'], 'c')
    .compile(options);

describe('G2: stream modes', () => {
  test('values: the input state first, then the state after each superstep, as a run has it', marbles(({ expectObservable }, scheduler) => {
    const states = { x: { log: ['in'], n: 0 }, y: { log: ['in', 'a', 'b'], n: 1 } };
    const input = { log: 'in' };
    expectObservable(fork().events(input, { scheduler }).pipe(streamMode('values'))).toBe('x---(yy|)', states);
    expectObservable(fork().run(input, { scheduler })).toBe('x---(yy|)', states);
  }));

  test('updates: what each task wrote, as they finish; null for nothing', marbles(({ expectObservable }, scheduler) => {
    const updates$ = fork().events({}, { scheduler }).pipe(streamMode('updates'));
    expectObservable(updates$).toBe('--b-(ac|)', { a: { a: { log: 'a' } }, b: { b: { log: 'b', n: 1 } }, c: { c: null } });
  }));

  test('updates: of a command its update, of several updates a list, of a send the node it went to', marbles((_, scheduler) => {
    const graph = new StateGraph({ log: append<string>() })
      .addNode('work', ({ i }: { readonly i: number }) => ({ log: `${i}` }))
      .addNode('plan', () => [{ log: 'x' }, command({ update: { log: 'y' }, goto: [send('work', { i: 1 }), send('work', { i: 2 })] }), command({ goto: END })], { ends: ['work'] })
      .addEdge(START, 'plan')
      .compile();
    expect(heard(graph.events({}, { scheduler }).pipe(streamMode('updates'))).values).toEqual([{ plan: [{ log: 'x' }, { log: 'y' }] }, { work: { log: '1' } }, { work: { log: '2' } }]);
  }));

  test('updates: a question, and no update of the task that asks', marbles((_, scheduler) => {
    const graph = asking({ a: yes, b: () => said('b') }).compile({ checkpointer: memoryCheckpointer() });
    const { values } = heard(graph.events({}, { scheduler, thread: 't', ids: seededIds('c') }).pipe(streamMode('updates')));
    expect(values).toEqual([{ b: said('b') }, { __interrupt__: [{ id: 'c-3/a#0', payload: 'ok?' }] }]);
  }));

  test('messages: the pieces of a model’s answer as they come, with the node they come from', kit(({ model, config: { scheduler }, expectObservable }) => {
    const slow = model('--a--b|', { a: text('Hel'), b: text('lo') });
    const graph = new StateGraph({ messages: messages<Message>() }).addNode('ask', modelNode(slow)).addEdge(START, 'ask').compile();
    const chunks$ = graph.events({ messages: [] }, { scheduler, ids: seededIds('r') }).pipe(streamMode('messages'));
    const from = { node: 'ask', path: ['ask'], runId: 'r-4' };
    expectObservable(chunks$).toBe('--a--b|', { a: [{ id: 'r-5', text: 'Hel' }, from], b: [{ id: 'r-5', text: 'lo' }, from] });
  }));

  test('messages: they fold to the message that the state gets', kit(({ model, config: { scheduler }, flush }) => {
    const graph = new StateGraph({ messages: messages<Message>() }).addNode('ask', modelNode(model('ab|', { a: text('Hel'), b: text('lo') }))).addEdge(START, 'ask').compile();
    const pairs = heard(graph.events({}, { scheduler }).pipe(streamMode(['messages', 'values'])));
    flush();
    const folding = messageFold.start();
    for (const [mode, value] of pairs.values) if (mode === 'messages') folding.add(value[0]);
    const last = pairs.values.flatMap(([mode, value]) => (mode === 'values' ? [value as { readonly messages: readonly Message[] }] : [])).at(-1);
    expect(folding.result().content).toEqual((last?.messages[0] as AssistantMessage).content);
  }));

  test('custom: what nodes emit, falsy values too', marbles((_, scheduler) => {
    const graph = asking({ a: (run: RunScope) => [0, '', false, null, undefined, { x: 1 }].forEach((value) => run.emit(value)) }).compile();
    expect(heard(graph.events({}, { scheduler }).pipe(streamMode('custom'))).values).toEqual([0, '', false, null, undefined, { x: 1 }]);
  }));

  test('tasks: each attempt’s begin, with its input, and its end, with its result, question or error', marbles(({ flush }, scheduler) => {
    let tries = 0;
    const graph = new StateGraph({ said: append<string>() })
      .addNode('ask', (_, run) => run.interrupt('ok?').pipe(map((answer) => said(answer))))
      .addNode('flaky', () => (tries++ === 0 ? throwError(() => new Error('once')) : timer(1).pipe(map(() => said('ok')))), { retry: { initialMs: 1, jitter: 'none' } })
      .addEdge(START, 'ask').addEdge(START, 'flaky')
      .compile({ checkpointer: memoryCheckpointer() });
    const { values } = heard(graph.events({}, { scheduler, thread: 't', ids: seededIds('c') }).pipe(streamMode('tasks')));
    flush();
    const input = { said: [] };
    expect(values).toEqual([
      { id: 'c-3/ask', name: 'ask', attempt: 1, input },
      { id: 'c-3/ask', name: 'ask', interrupts: [{ id: 'c-3/ask#0', taskId: 'c-3/ask', node: 'ask', payload: 'ok?' }] },
      { id: 'c-3/flaky', name: 'flaky', attempt: 1, input },
      { id: 'c-3/flaky', name: 'flaky', error: new Error('once'), interrupts: [] },
      { id: 'c-3/flaky', name: 'flaky', attempt: 2, input },
      { id: 'c-3/flaky', name: 'flaky', result: said('ok'), interrupts: [] },
    ]);
  }));

  test.each(['sync', 'async', 'exit'] as const)('checkpoints, %s: each with its state, as getState has it', (durability) =>
    marbles(({ flush }, scheduler) => {
      const store = memoryCheckpointer({ scheduler });
      const graph = fork({ checkpointer: store, durability });
      const { values } = heard(graph.events({ log: 'in' }, { scheduler, thread: 't', ids: seededIds('c') }).pipe(streamMode('checkpoints')));
      flush();
      expect(values.map(({ step, next, values: state }) => [step, next, state])).toEqual(
        [[-1, ['a', 'b'], { log: ['in'], n: 0 }], [0, ['c'], { log: ['in', 'a', 'b'], n: 1 }], [1, [], { log: ['in', 'a', 'b'], n: 1 }]].filter(([step]) => durability !== 'exit' || step !== 0),
      );
      const stored: string[] = [];
      store.history({ thread: 't', namespace: '', branch: 'main' }).subscribe(({ id }) => stored.unshift(id));
      expect(values.map(({ checkpointId }) => checkpointId)).toEqual(stored);
    })());

  test('debug: tasks and checkpoints, with their superstep and time', marbles(({ flush }, scheduler) => {
    const { values } = heard(fork({ checkpointer: memoryCheckpointer() }).events({}, { scheduler, thread: 't' }).pipe(streamMode('debug')));
    flush();
    expect(values.map(({ type, step, at, payload }) => [type, step, at, 'name' in payload ? payload.name : payload.next.join()])).toEqual([
      ['checkpoint', -1, 0, 'a,b'], ['task', 0, 0, 'a'], ['task', 0, 0, 'b'], ['task_result', 0, 2, 'b'], ['task_result', 0, 4, 'a'],
      ['checkpoint', 0, 4, 'c'], ['task', 1, 4, 'c'], ['task_result', 1, 4, 'c'], ['checkpoint', 1, 4, ''],
    ]);
  }));

  test('several at once: pairs, in the order of what happened', marbles(({ flush }, scheduler) => {
    const { values } = heard(fork().events({}, { scheduler }).pipe(streamMode(['values', 'updates', 'custom'])));
    flush();
    expect(values.map(([mode]) => mode)).toEqual(['values', 'custom', 'updates', 'updates', 'values', 'updates', 'values']);
  }));

  test('an error comes after what was said before it', marbles(({ expectObservable }, scheduler) => {
    const graph = new StateGraph({ n: lastValue(0) }).addNode('a', (_, run) => timer(2).pipe(tap(() => run.emit('last words')), mergeMap(() => throwError(() => 'no')))).addEdge(START, 'a').compile();
    expectObservable(graph.events({}, { scheduler }).pipe(streamMode('custom'))).toBe('--(w#)', { w: 'last words' }, 'no');
  }));

  test('a mode that isn’t one is refused', () => {
    const refused = 'INVALID_OPTION: \'value\' is no stream mode. The modes are values, updates';
    expect(() => streamMode('value' as StreamMode)).toThrow(refused);
    expect(() => fork().stream({}, { mode: ['values', 'value' as 'values'] })).toThrow(refused);
  });
});

describe('G2: graphs in graphs', () => {
  const inner = () => new StateGraph({ log: append<string>() }).addNode('deep', ({ log }, run) => (run.emit(`deep ${log.length}`), { log: 'deep' })).addEdge(START, 'deep').compile({ name: 'inner' });
  const outer = () => new StateGraph({ log: append<string>() }).addNode('first', () => ({ log: 'first' })).addNode('sub', inner()).addEdge(START, 'first').addEdge('first', 'sub').compile();

  test('are left out, unless they are asked for', marbles((_, scheduler) => {
    const { values } = heard(outer().events({}, { scheduler }).pipe(streamMode(['values', 'updates', 'custom', 'tasks'])));
    expect(values.filter(([mode]) => mode === 'updates').map(([, update]) => Object.keys(update as object))).toEqual([['first'], ['sub']]);
    expect(values.filter(([mode]) => mode === 'custom')).toEqual([]);
  }));

  test('subgraphs: each value with the path of its graph, as it happens', marbles((_, scheduler) => {
    const { values } = heard(outer().events({}, { scheduler }).pipe(streamMode(['values', 'updates', 'custom'], { subgraphs: true })));
    expect(values.map(([path, mode, value]) => [path.join('/'), mode, value])).toEqual(expect.arrayContaining([
      ['', 'updates', { first: { log: 'first' } }],
      ['sub', 'values', { log: ['first'] }],
      ['sub', 'custom', 'deep 1'],
      ['sub', 'updates', { deep: { log: 'deep' } }],
      ['sub', 'values', { log: ['first', 'deep'] }],
    ]));
    expect(values.findIndex(([path]) => path[0] === 'sub')).toBeLessThan(values.findIndex(([, mode, value]) => mode === 'updates' && 'sub' in (value as object)));
  }));

  test('subgraphs: what is asked below is told once, by the graph that is run; checkpoints are of the graph that made them', marbles((_, scheduler) => {
    const below = asking({ ask: yes }).compile({ name: 'below' });
    const graph = new StateGraph({ said: append<string>() }).addNode('sub', below).addEdge(START, 'sub').compile({ checkpointer: memoryCheckpointer() });
    const { values } = heard(graph.events({}, { scheduler, thread: 't' }).pipe(streamMode(['updates', 'tasks', 'checkpoints'], { subgraphs: true })));
    const shown = values.map(([path, mode, value]) => [path.join('/'), mode, 'step' in value ? value.step : 'name' in value ? `${String(value.name)} ${'interrupts' in value ? (value.interrupts as readonly unknown[]).length : ''}` : Object.keys(value).join()]);
    expect(shown).toEqual([
      ['', 'checkpoints', -1], ['', 'tasks', 'sub '],
      ['sub', 'checkpoints', -1], ['sub', 'tasks', 'ask '], ['sub', 'tasks', 'ask 1'],
      ['', 'tasks', 'sub 1'], ['', 'updates', '__interrupt__'],
    ]);
  }));

  test('subgraphs: runs of one graph at the same time keep their states apart', marbles(({ flush }, scheduler) => {
    const slow = new StateGraph({ log: append<string>() }).addNode('x', ({ log }) => timer(log.length).pipe(map(() => ({ log: 'x' })))).addNode('y', () => ({ log: 'y' })).addEdge(START, 'x').addEdge('x', 'y').compile();
    const graph = new StateGraph({ log: append<string>() }).addNode('each', slow as never).addConditionalEdges(START, () => [send('each', { log: ['1'] }), send('each', { log: ['2', '2'] })] as never).compile();
    const { values } = heard(graph.events({}, { scheduler }).pipe(streamMode('values', { subgraphs: true })));
    flush();
    expect(values.filter(([path]) => path.length > 0).map(([, , value]) => (value as { readonly log: readonly string[] }).log.join(''))).toEqual(['1', '22', '1x', '1xy', '22x', '22xy']);
  }));
});

describe('G2: graph.stream', () => {
  test('pulls the values of one mode, pairs of several, triples with subgraphs; without a mode, the state', async () => {
    const graph = new StateGraph({ n: lastValue(0) }).addNode('inc', ({ n }) => ({ n: n + 1 })).addEdge(START, 'inc').compile();
    const all = async <T>(stream: AsyncIterable<T>): Promise<readonly T[]> => {
      const values: T[] = [];
      for await (const value of stream) values.push(value);
      return values;
    };
    expect(await all(graph.stream({}))).toEqual([{ n: 0 }, { n: 1 }]);
    expect(await all(graph.stream({}, { mode: 'values' }))).toEqual([{ n: 0 }, { n: 1 }]);
    expect(await all(graph.stream({}, { mode: 'updates', tags: ['t'] }))).toEqual([{ inc: { n: 1 } }]);
    expect(await all(graph.stream({}, { mode: ['updates', 'values'] }))).toEqual([['values', { n: 0 }], ['updates', { inc: { n: 1 } }], ['values', { n: 1 }]]);
    expect(await all(graph.stream({}, { mode: 'updates', subgraphs: true }))).toEqual([[[], 'updates', { inc: { n: 1 } }]]);
    expect(await all(graph.stream({}, { mode: 'updates' }).readable as never)).toEqual([{ inc: { n: 1 } }]);
  });

  test('an unknown setting is refused', () => {
    expect(() => void fork().stream({}, { mode: 'values', capacity: 0 })).toThrow('INVALID_OPTION');
    return expect(fork().stream({}, { mode: 'values', modes: [] } as never).next()).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
  });
});
