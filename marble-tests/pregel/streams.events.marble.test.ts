import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { concat, defer, ignoreElements, map, timer } from 'rxjs';
import { aggregate, append, ephemeral, lastValue, messages, overwrite, removeMessage, topic } from '../../src/channels/index.js';
import type { RunEvent } from '../../src/core/events/RunEvent.js';
import { applyPatch } from '../../src/core/json/applyPatch.js';
import type { Checkpointer } from '../../src/pregel/checkpoints/Checkpointer.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import { statePatch } from '../../src/pregel/engine/statePatch.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { seededIds } from '../../src/testing/seededIds.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';
import { asking, said, yes } from './asking.js';
import { heard } from './heard.js';
import { threadOf } from './threadOf.js';

/** a, then b until n is 2; both take a while. */
const counting = (options = {}) =>
  new StateGraph({ log: append<string>(), n: lastValue(0) })
    .addNode('a', () => timer(3).pipe(map(() => ({ log: 'a' }))))
    .addNode('b', ({ n }) => timer(2).pipe(map(() => ({ log: ['b', `${n}`], n: n + 1 }))))
    .addEdge(START, 'a').addEdge('a', 'b')
    .addConditionalEdges('b', ({ n }) => (n < 2 ? 'b' : END))
    .compile(options);

const typesOf = (events: readonly RunEvent[]): string => events.map(({ type, at }) => `${type}@${at}`).join(' ');
const ofType = <K extends RunEvent['type']>(events: readonly RunEvent[], type: K): readonly RunEvent<K>[] => events.filter((event) => event.type === type) as unknown as readonly RunEvent<K>[];

describe('§8: what a graph tells of its run', () => {
  test('each superstep and node, in the order of time', marbles(({ flush }, scheduler) => {
    const { values: events } = heard(counting().events({}, { scheduler }));
    flush();
    expect(typesOf(events)).toBe(
      'run_start@0 state_update@0 step_start@0 node_start@0 node_end@3 state_update@3 step_end@3' +
        ' step_start@3 node_start@3 node_end@5 state_update@5 step_end@5 step_start@5 node_start@5 node_end@7 state_update@7 step_end@7 run_end@7',
    );
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at));
    expect(new Set(events.map(({ runId }) => runId)).size).toBe(4); // each node is a run within the graph's
    expect(ofType(events, 'node_start').map(({ path, node, step }) => [path, node, step])).toEqual([[['a'], 'a', 0], [['b'], 'b', 1], [['b'], 'b', 2]]);
    expect(ofType(events, 'step_end').map(({ step, path }) => [step, path])).toEqual([[0, []], [1, []], [2, []]]);
  }));

  test('a node’s input and writes, by reference', marbles((_, scheduler) => {
    const wrote = { log: ['x'] };
    const read: unknown[] = [];
    const graph = new StateGraph({ log: append<string>() }).addNode('a', (state) => (read.push(state), wrote)).addEdge(START, 'a').compile();
    const { values: events } = heard(graph.events({}, { scheduler }));
    expect(ofType(events, 'node_start')[0]?.input).toBe(read[0]);
    expect(ofType(events, 'node_end')[0]?.writes[0]).toBe(wrote);
  }));

  test('the state as the input left it, then what each superstep changed', marbles(({ flush }, scheduler) => {
    const { values: events } = heard(counting().events({ log: ['in'] }, { scheduler }));
    flush();
    expect(ofType(events, 'state_update').map(({ patch, step }) => [step, patch])).toEqual([
      [-1, [{ op: 'add', path: '', value: { log: ['in'], n: 0 } }]],
      [0, [{ op: 'add', path: '/log/-', value: 'a' }]],
      [1, [{ op: 'add', path: '/log/-', value: 'b' }, { op: 'add', path: '/log/-', value: '0' }, { op: 'replace', path: '/n', value: 1 }]],
      [2, [{ op: 'add', path: '/log/-', value: 'b' }, { op: 'add', path: '/log/-', value: '1' }, { op: 'replace', path: '/n', value: 2 }]],
    ]);
  }));

  test('nothing private: patches and states are of what a run returns', marbles((_, scheduler) => {
    const graph = new StateGraph({ secret: lastValue(''), told: lastValue('') }, { output: ['told'] }).addNode('a', () => ({ secret: 's', told: 't' })).addEdge(START, 'a').compile();
    expect(heard(graph.run({}, { scheduler })).values).toEqual([{ told: '' }, { told: 't' }]);
    expect(ofType(heard(graph.events({}, { scheduler })).values, 'state_update').flatMap(({ patch }) => patch)).toEqual([{ op: 'add', path: '', value: { told: '' } }, { op: 'replace', path: '/told', value: 't' }]);
  }));

  test('an error: node_error, run_error, and the error itself', marbles((_, scheduler) => {
    const graph = new StateGraph({ n: lastValue(0) }).addNode('a', (): { n: number } => { throw new Error('no'); }).addEdge(START, 'a').compile();
    const run = heard(graph.events({}, { scheduler }));
    expect(run.values.slice(-2)).toMatchObject([{ type: 'node_error', node: 'a', step: 0, error: new Error('no') }, { type: 'run_error', error: new Error('no') }]);
    expect(run.end).toBe('no');
  }));

  test('that it was cancelled, to those who still listen', marbles((_, scheduler) => {
    const sink = recorder();
    const run = heard(counting().events({}, { scheduler, events: sink }));
    scheduler.schedule(() => run.leave(), 4);
    scheduler.flush();
    expect(sink.events.at(-1)).toMatchObject({ type: 'run_end', status: 'cancelled', at: 4 });
  }));

  test('a question: its task ends with it, then interrupt, then run_end', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: yes, b: () => said('b') }).compile(o), scheduler);
    const events = recorder();
    t.run({}, { events });
    const question = { id: t.open()[0], payload: 'ok?' };
    expect(ofType(events.events, 'node_end').map(({ node, writes, interrupts }) => ({ node, writes, interrupts }))).toEqual([
      { node: 'a', writes: [], interrupts: [expect.objectContaining(question)] },
      { node: 'b', writes: [said('b')], interrupts: undefined },
    ]);
    expect(events.events.slice(-2)).toMatchObject([{ type: 'interrupt', interruptId: question.id, taskId: expect.stringMatching(/a$/), node: 'a', payload: 'ok?' }, { type: 'run_end', status: 'interrupted' }]);
  }));

  test('nothing is built with nobody watching: no input is read for its events', marbles((_, scheduler) => {
    let reads = 0;
    const watched = lastValue<object>({ get seen() { return reads++; } });
    const graph = new StateGraph({ watched, n: lastValue(0) }).addNode('a', () => ({ n: 1 })).addEdge(START, 'a').compile();
    heard(graph.run({}, { scheduler }));
    expect(reads).toBe(0);
  }));
});

describe('§8: checkpoint', () => {
  const slow = (ms: number): Checkpointer => {
    const memory = memoryCheckpointer();
    const commit: Checkpointer['commit'] = (one, owner) => concat(timer(ms).pipe(ignoreElements()), defer(() => memory.commit(one, owner)));
    return Object.assign(Object.create(memory) as Checkpointer, { commit });
  };
  const story = (durability: 'sync' | 'async' | 'exit') =>
    marbles(({ flush }, scheduler) => {
      const run = heard(counting({ checkpointer: slow(1), durability }).events({}, { scheduler, thread: 't', ids: seededIds('c') }));
      flush();
      const told = run.values.filter(({ type }) => /^(checkpoint|state_update|run_end)$/.test(type));
      expect(told.map(({ type, at, ...rest }) => `${type}@${at}${'checkpointId' in rest ? ` ${rest.checkpointId}` : ''}`)).toEqual(stories[durability]);
    });
  const stories = {
    sync: ['checkpoint@1 c-3', 'state_update@1 c-3', 'checkpoint@5 c-5', 'state_update@5 c-5', 'checkpoint@8 c-7', 'state_update@8 c-7', 'checkpoint@11 c-9', 'state_update@11 c-9', 'run_end@11'],
    async: ['checkpoint@1 c-3', 'state_update@1 c-3', 'state_update@4 c-5', 'checkpoint@5 c-5', 'state_update@6 c-7', 'checkpoint@7 c-7', 'state_update@8 c-9', 'checkpoint@9 c-9', 'run_end@9'],
    exit: ['checkpoint@1 c-3', 'state_update@1 c-3', 'state_update@4 c-5', 'state_update@6 c-7', 'state_update@8 c-9', 'checkpoint@9 c-9', 'run_end@9'],
  };

  test('sync: told when it is acknowledged, before anybody sees the state', story('sync'));
  test('async: the state is shown at once, the checkpoint when it is acknowledged', story('async'));
  test('exit: one checkpoint, when the run ends', story('exit'));

  test('says its parent, source, step and what is due', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: () => said('a'), b: () => said('b') }).compile(o), scheduler);
    const events = recorder();
    t.run({}, { events });
    const [input, loop] = ofType(events.events, 'checkpoint');
    expect(input).toMatchObject({ parentId: undefined, source: 'input', step: -1, next: ['a', 'b'] });
    expect(loop).toMatchObject({ parentId: input?.checkpointId, checkpointId: t.state().checkpointId, source: 'loop', step: 0, next: [] });
  }));

  test('a commit that is refused tells none', marbles((_, scheduler) => {
    const memory = memoryCheckpointer();
    const store = Object.assign(Object.create(memory) as Checkpointer, { commit: () => timer(1).pipe(map(() => { throw new Error('full'); })) });
    const run = heard(counting({ checkpointer: store }).events({}, { scheduler, thread: 't' }));
    scheduler.flush();
    expect(run.values.map(({ type }) => type)).toEqual(['run_start', 'run_error']);
  }));
});

describe('§8: state_update', () => {
  const channels = { last: lastValue<unknown>(), log: append<number>(), sum: aggregate('sum'), once: ephemeral<number>(), news: topic<number>(), all: topic<number>({ accumulate: true, unique: true }), talk: messages(), 'a/b~c': lastValue(0) };
  const message = fc.record({ role: fc.constant('user'), id: fc.constantFrom('1', '2', '3'), text: fc.nat(3) });
  const write = fc.record(
    {
      last: fc.option(fc.oneof(fc.nat(3), fc.array(fc.nat(2), { maxLength: 4 }), fc.constant({}))),
      log: fc.oneof(fc.nat(), fc.array(fc.nat(), { maxLength: 3 }), fc.array(fc.nat(), { maxLength: 3 }).map((list) => overwrite(list))),
      sum: fc.integer(),
      once: fc.nat(2),
      news: fc.array(fc.nat(2), { maxLength: 2 }),
      all: fc.array(fc.nat(9), { maxLength: 3 }),
      talk: fc.array(fc.oneof(message, fc.constantFrom('1', '2', 'all').map(removeMessage)), { maxLength: 4 }),
      'a/b~c': fc.nat(2),
    },
    { requiredKeys: [] },
  );

  test('the patches of a run, applied to its input state, give its states', () => {
    fc.assert(
      fc.property(write, fc.array(write, { maxLength: 8 }), (input, writes) => {
        const graph = new StateGraph(channels)
          .addSequence(writes.map((one, at) => [`n${at}`, () => one as never] as const))
          .addNode('begin', () => ({}))
          .addEdge(START, 'begin')
          .addEdge('begin', writes.length > 0 ? ('n0' as never) : END)
          .compile();
        const states = heard(graph.run(input as never)).values;
        const updates = ofType(heard(graph.events(input as never)).values, 'state_update');
        const folded = updates.map(((state) => ({ patch }: RunEvent<'state_update'>) => (state = applyPatch(state, patch)))({}));
        expect(folded).toEqual(states);
      }),
      { numRuns: 150 },
    );
  });

  test('one changed message of many is one operation; one that is removed replaces the list', () => {
    const talk = Array.from({ length: 100 }, (_, at) => ({ role: 'user', id: `${at}` }));
    const graph = new StateGraph({ talk: messages() }).addNode('change', () => ({ talk: { role: 'assistant', id: '7' } })).addNode('remove', () => ({ talk: removeMessage('0') })).addEdge(START, 'change').addEdge('change', 'remove').compile();
    const [, changed, removed] = ofType(heard(graph.events({ talk })).values, 'state_update');
    expect(changed?.patch).toEqual([{ op: 'replace', path: '/talk/7', value: { role: 'assistant', id: '7' } }]);
    expect(removed?.patch).toMatchObject([{ op: 'replace', path: '/talk', value: { length: 99 } }]);
  });

  test('a superstep that changes nothing has an empty patch; what empties by itself is told', () => {
    const graph = new StateGraph({ hint: ephemeral<string>(), n: lastValue(0) }).addNode('a', () => ({ hint: 'x' })).addNode('b', () => ({ n: 0 })).addNode('c', () => ({ n: 0 })).addEdge(START, 'a').addEdge('a', 'b').addEdge('b', 'c').compile();
    const patches = ofType(heard(graph.events({})).values, 'state_update').map(({ patch }) => patch);
    expect(patches.slice(1)).toEqual([[{ op: 'add', path: '/hint', value: 'x' }], [{ op: 'remove', path: '/hint' }], []]);
  });

  test('appending 20,000 items in one superstep takes time in proportion', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => at);
    const graph = new StateGraph({ log: append<number>() }).addNode('a', () => ({ log: many })).addEdge(START, 'a').compile();
    const [first, second] = ofType(heard(graph.events({ log: [-1] })).values, 'state_update');
    expect(second?.patch).toHaveLength(20_000);
    expect(applyPatch(applyPatch({}, first?.patch ?? []), second?.patch ?? [])).toEqual({ log: [-1, ...many] });
    expect(statePatch(graph.plan, [many], [many], new Map([[0, []]]))).toEqual([]);
  });
});
