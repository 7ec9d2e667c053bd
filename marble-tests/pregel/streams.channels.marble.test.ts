import { describe, expect, test } from '@jest/globals';
import { concat, defer, ignoreElements, map, timer } from 'rxjs';
import { aggregate, append, ephemeral, lastValue, topic } from '../../src/channels/index.js';
import type { Checkpointer } from '../../src/pregel/checkpoints/Checkpointer.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { send } from '../../src/pregel/graph/send.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { marbles } from '../marbles.js';
import { asking, yes } from './asking.js';
import { heard } from './heard.js';

/** Counts to 3, a superstep in 2 ms. */
const counting = (options = {}) =>
  new StateGraph({ n: lastValue(0), log: append<string>(), hint: ephemeral<string>(), still: lastValue('still') })
    .addNode('a', ({ n }) => timer(2).pipe(map(() => ({ n: n + 1, ...(n === 1 && { hint: 'one' }), log: [`${n}`, '.'] }))))
    .addEdge(START, 'a')
    .addConditionalEdges('a', ({ n }) => (n < 3 ? 'a' : END))
    .compile(options);

/** A store whose commits take a while. */
function slowStore(ms: number, commit?: (store: Checkpointer) => Checkpointer['commit']): Checkpointer {
  const memory = memoryCheckpointer();
  const slow: Checkpointer['commit'] = (one, owner) => concat(timer(ms).pipe(ignoreElements()), defer(() => (commit?.(memory) ?? memory.commit.bind(memory))(one, owner)));
  return Object.assign(Object.create(memory) as Checkpointer, { commit: slow });
}

describe('C1: run.channels.NAME.value$', () => {
  test('tells the present value, then each change, once a superstep; and completes with the run', marbles(({ expectObservable }, scheduler) => {
    const { channels } = counting().start({}, { scheduler });
    expectObservable(channels.n.value$).toBe('0-1-2-(3|)', { 0: 0, 1: 1, 2: 2, 3: 3 });
    expectObservable(channels.log.value$.pipe(map((log) => log.join('')))).toBe('a-b-c-(d|)', { a: '', b: '0.', c: '0.1.', d: '0.1.2.' });
    expectObservable(channels.hint.value$).toBe('n---o-(n|)', { n: undefined, o: 'one' });
    expectObservable(channels.still.value$).toBe('s-----|', { s: 'still' });
  }));

  test('whoever comes late gets the present value, after the end too', marbles(({ expectObservable }, scheduler) => {
    const { channels } = counting().start({}, { scheduler });
    expectObservable(channels.n.value$, '---^').toBe('---12-(3|)', { 1: 1, 2: 2, 3: 3 });
    expectObservable(channels.n.value$, '---------^').toBe('---------(3|)', { 3: 3 });
  }));

  test.each(['sync', 'async', 'exit'] as const)('with a store, %s: after the commit is acknowledged, else after the update', (durability) =>
    marbles(({ flush }, scheduler) => {
      const { channels, status$ } = counting({ checkpointer: slowStore(2), durability }).start({}, { scheduler, thread: 't' });
      const seen: string[] = [];
      channels.n.value$.subscribe((n) => seen.push(`${n}@${scheduler.now()}`));
      flush();
      expect(seen).toEqual(told[durability]);
      expect(heard(status$).values).toEqual(['done']);
    })());
  const told = {
    sync: ['0@0', '1@6', '2@10', '3@14'],
    async: ['0@0', '1@4', '2@6', '3@8'],
    exit: ['0@0', '1@4', '2@6', '3@8'],
  };

  test('nobody sees a value that a commit took back', marbles(({ flush }, scheduler) => {
    let commits = 0;
    const store = slowStore(1, (memory) => (one, owner) => (++commits === 3 ? timer(1).pipe(map((): never => { throw new Error('stale'); })) : memory.commit(one, owner)));
    const run = counting({ checkpointer: store }).start({}, { scheduler, thread: 't' });
    const seen = heard(run.channels.n.value$);
    run.result.catch(() => undefined);
    flush();
    expect([seen.values, seen.end]).toEqual([[0, 1], 'done']);
    expect(heard(run.status$).values).toEqual(['failed']);
  }));

  test('a thread that goes on shows what it has, and a resumed run goes on showing', marbles(({ flush }, scheduler) => {
    const graph = asking({ a: yes }).compile({ checkpointer: memoryCheckpointer() });
    const config = { scheduler, thread: 't' };
    const run = graph.start({ said: ['in'] }, config);
    const seen = heard(run.channels.said.value$);
    flush();
    expect([seen.values, seen.end]).toEqual([[['in']], 'running']);
    run.resume('sure');
    flush();
    expect([seen.values, seen.end]).toEqual([[['in'], ['in', '"sure"']], 'done']);
    expect(heard(graph.start({ n: 1 }, config).channels.said.value$).values).toEqual([['in', '"sure"']]);
  }));

  test('each run has its own', marbles(({ flush }, scheduler) => {
    const graph = counting();
    const [one, other] = [graph.start({}, { scheduler }), graph.start({ n: 2 }, { scheduler })];
    flush();
    expect([heard(one.channels.log.value$).last, heard(other.channels.log.value$).last]).toEqual([['0', '.', '1', '.', '2', '.'], ['2', '.']]);
  }));

  test('private channels can be watched too: the handle is the program’s', marbles((_, scheduler) => {
    const graph = new StateGraph({ inside: lastValue(0), outside: lastValue(0) }, { output: ['outside'] }).addNode('a', () => ({ inside: 1, outside: 2 })).addEdge(START, 'a').compile();
    const run = graph.start({}, { scheduler });
    expect([heard(run.channels.inside.value$).last, heard(run.state$).last]).toEqual([1, { outside: 2 }]);
  }));

  test('watching counts among the subscribers of a run that ends with the last of them', marbles(({ flush }, scheduler) => {
    const run = counting().start({}, { scheduler, refCount: true });
    run.result.catch(() => undefined);
    const [one, other] = [heard(run.channels.n.value$), heard(run.channels.log.value$)];
    scheduler.schedule(() => one.leave(), 1);
    scheduler.schedule(() => other.leave(), 3);
    flush();
    expect(heard(run.status$).values).toEqual(['cancelled']);
    expect(heard(run.channels.n.value$).values).toEqual([1]);
  }));
});

describe("C1: a topic's items$", () => {
  const alerting = (options = {}) =>
    new StateGraph({ alerts: topic<string>(), all: topic<string>({ accumulate: true }), count: aggregate('sum', 0) })
      .addNode('work', ({ i }: { readonly i: number }) => timer(i).pipe(map(() => ({ alerts: `w${i}`, all: [`w${i}`, '!'], count: 1 }))))
      .addNode('quiet', () => timer(4).pipe(ignoreElements()))
      .addNode('last', () => ({ alerts: ['x', 'y'], all: 'z' }))
      .addConditionalEdges(START, () => [send('work', { i: 2 }), send('work', { i: 1 })])
      .addEdge('work', 'quiet')
      .addEdge('quiet', 'last')
      .compile(options);

  test('tells the items of each superstep one by one, in task order; late ones get those before', marbles(({ expectObservable }, scheduler) => {
    const { channels } = alerting().start({}, { scheduler });
    const items = { 1: 'w1', 2: 'w2', x: 'x', y: 'y' };
    expectObservable(channels.alerts.items$).toBe('--(21)(xy|)', items);
    expectObservable(channels.alerts.items$, '---------^').toBe('---------(21xy|)', items);
  }));

  test('of an accumulating topic of a thread: what this run wrote, its input too', marbles(({ flush }, scheduler) => {
    const graph = alerting({ checkpointer: memoryCheckpointer() });
    const config = { scheduler, thread: 't' };
    const first = heard(graph.start({ all: 'in' }, config).channels.all.items$);
    flush();
    const second = heard(graph.start({ all: 'again' }, config).channels.all.items$);
    flush();
    expect(first.values).toEqual(['in', 'w2', '!', 'w1', '!', 'z']);
    expect(second.values).toEqual(['again', 'w2', '!', 'w1', '!', 'z']);
  }));
});

describe('a started graph', () => {
  test('state$ and interrupts$ tell what is there, and resume goes on', marbles(({ flush, expectObservable }, scheduler) => {
    const graph = asking({ a: yes, b: yes }).compile({ checkpointer: memoryCheckpointer() });
    const run = graph.start({}, { scheduler, thread: 't' });
    const [states, status, asked] = [heard(run.state$), heard(run.status$), heard(run.interrupts$)];
    expect([states.last, status.values, asked.values.map(({ node, payload }) => [node, payload])]).toEqual([{ said: [], n: 0 }, ['waiting_for_input'], [['a', 'ok?'], ['b', 'ok?']]]);
    run.resume({ [asked.values[0]?.interruptId as string]: 1 });
    expect([asked.values.length, status.last]).toEqual([3, 'waiting_for_input']);
    run.resume(2);
    flush();
    expect([states.last, states.end, status.last, asked.end]).toEqual([{ said: ['1', '2'], n: 0 }, 'done', 'done', 'done']);
    expectObservable(run.state$).toBe('(s|)', { s: { said: ['1', '2'], n: 0 } });
  }));
});
