import { describe, expect, test } from '@jest/globals';
import { map, timer, type Observable } from 'rxjs';
import { aggregate, anyValue, append, barrier, ephemeral, lastValue, messages, overwrite, removeMessage, topic, untracked, type Channel } from '../../src/channels/index.js';
import type { RunConfig } from '../../src/core/context/RunConfig.js';
import type { CompiledGraph, CompileOptions } from '../../src/pregel/compiledGraph.js';
import { START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { seededIds } from '../../src/testing/seededIds.js';
import { marbles } from '../marbles.js';
import { heard } from './heard.js';
import { threadOf } from './threadOf.js';

/** What each superstep's tasks write to channel `x`, in the order of their paths; the first of them ends last. */
type Steps = readonly (readonly unknown[])[];

interface Reads {
  readonly x?: unknown;
}

type Writing = CompiledGraph<Reads, Reads>;

/** What one task writes, one after the other; a task of one write needs none. */
class Several {
  constructor(readonly writes: readonly unknown[]) {}
}
const several = (...writes: readonly unknown[]): Several => new Several(writes);
const SILENT = several();

/** One superstep after the other: its tasks write what is given, and take the longer the earlier their place. */
function writing(x: unknown, steps: Steps, options: CompileOptions = {}): Writing {
  const graph = new StateGraph({ x: x as Channel<unknown, unknown>, step: lastValue(0) });
  for (const [step, writes] of steps.entries()) {
    for (const [at, write] of writes.entries()) {
      const updates = (write instanceof Several ? write.writes : [write]).map((one) => ({ x: one }));
      graph.addNode(`s${step}t${at}`, (() => timer(writes.length - at).pipe(map(() => updates))) as never);
    }
    const before = step === 0 ? START : (steps[step - 1] ?? []).map((_write, at) => `s${step - 1}t${at}`);
    for (const at of writes.keys()) graph.addEdge(before as typeof START, `s${step}t${at}` as never);
  }
  return graph.compile(options) as unknown as Writing;
}

/** What is read of `x` after the input and after each superstep, and how the run ended. */
function readsOf(graph: { run(input: Reads, config: RunConfig): Observable<Reads> }, config: RunConfig & { readonly scheduler: { flush(): void } }, input: Reads = {}): readonly unknown[] {
  const run = heard(graph.run(input, { ids: seededIds('id'), ...(config as RunConfig) }));
  config.scheduler.flush();
  return [...run.values.map(({ x }) => x), run.end];
}

describe.each<[string, string, unknown, Steps, readonly unknown[]]>([
  ['C2', 'lastValue holds the last value; falsy ones are values', lastValue<unknown>('first'), [[0], [''], [false], [null], [SILENT]], ['first', 0, '', false, null, null, 'done']],
  ['C2', 'of several writes of one task the last counts', lastValue<unknown>(), [[several(1, 2, 0)]], [undefined, 0, 'done']],
  ['C3', 'anyValue holds the last of many in task order, and nothing after a step that does not write it', anyValue<unknown>(), [['a', 'b', 'c'], [SILENT], ['d']], [undefined, 'c', undefined, 'd', 'done']],
  ['C4', 'ephemeral is readable in the next step only', ephemeral<unknown>(), [['hint'], [SILENT], [0]], [undefined, 'hint', undefined, 0, 'done']],
  ['C4', 'not guarded, it takes the last of many', ephemeral<unknown>({ guard: false }), [['left', 'right']], [undefined, 'right', 'done']],
  ['C5', 'topic holds what one step wrote, flattened one level, in task order', topic<unknown>(), [['a', ['b', ['c']]], ['d'], [SILENT]], [[], ['a', 'b', ['c']], ['d'], [], 'done']],
  ['C5', 'accumulating it keeps them', topic<unknown>({ accumulate: true }), [['a', 'b'], ['a'], [SILENT]], [[], ['a', 'b'], ['a', 'b', 'a'], ['a', 'b', 'a'], 'done']],
  ['C5', 'unique it leaves out what is there, by value', topic<unknown>({ accumulate: true, unique: true }), [[{ a: 1 }, [{ a: 1 }, { a: 2 }]], [{ a: 2 }]], [[], [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 2 }], 'done']],
  ['C6', 'aggregate folds left in task order, whoever ends first', aggregate((path: string, step: string) => `${path}>${step}`, 'start'), [['a', 'b', 'c'], ['d']], ['start', 'start>a>b>c', 'start>a>b>c>d', 'done']],
  ['C6', 'with no default the first value is taken as it is', aggregate((a: number, b: number) => a * 10 + b), [[1, 2], [3]], [undefined, 12, 123, 'done']],
  ['C6', 'a reducer can be named', aggregate('max'), [[0, -1], [7]], [undefined, 0, 7, 'done']],
  ['C6', 'append flattens one level', append<unknown>(), [[several('a', 'z'), ['b', ['c']]], [[]]], [[], ['a', 'z', 'b', ['c']], ['a', 'z', 'b', ['c']], 'done']],
  ['C6', 'overwrite wins the whole step, whatever the order', append<unknown>(['old']), [['a', overwrite(['new']), 'b'], ['c']], [['old'], ['new'], ['new', 'c'], 'done']],
  ['C6', 'overwrite takes an empty channel too', aggregate('sum'), [[1, overwrite(0)], [2]], [undefined, 0, 2, 'done']],
  ['C7', 'barrier is read once all have written, and empties as it is consumed', barrier(['l', 'r']), [['l'], ['r', 'l'], [SILENT], ['l', 'r']], [undefined, undefined, ['l', 'r'], undefined, ['l', 'r'], 'done']],
  ['C9', 'messages: a known id replaces in place, removeMessage takes out one or all', messages(), [
    [[{ id: 'a', role: 'user' }, { id: 'b', role: 'tool' }]], [{ id: 'a', role: 'system' }], [removeMessage('b')], [removeMessage('all'), { id: 'c', role: 'user' }],
  ], [[], [{ id: 'a', role: 'user' }, { id: 'b', role: 'tool' }], [{ id: 'a', role: 'system' }, { id: 'b', role: 'tool' }], [{ id: 'a', role: 'system' }], [{ id: 'c', role: 'user' }], 'done']],
])('%s: %s', (_rule, _what, x, steps, reads) => {
  test('through a graph', marbles((_, scheduler) => {
    expect(readsOf(writing(x, steps), { scheduler })).toEqual(reads);
  }));

  test('C1: a run has its own, beside another of the same graph and after it', marbles((_, scheduler) => {
    const graph = writing(x, steps);
    const beside = heard(graph.run({}, { scheduler }));
    expect(readsOf(graph, { scheduler })).toEqual(reads);
    expect([...beside.values.map((state) => state.x), beside.end]).toEqual(reads);
    expect(readsOf(graph, { scheduler })).toEqual(reads);
  }));

  test('C1, C7, C10: a thread that stops after each superstep, and goes on with another graph object, reads the same', marbles((_, scheduler) => {
    const store = threadOf((o) => writing(x, steps, o), scheduler).store;
    const kept = steps.map((_step, at) => {
      const t = threadOf((o) => writing(x, steps, o), scheduler, store, `p${at}`);
      const run = t.run(at === 0 ? {} : null, { recursionLimit: 1 });
      scheduler.flush();
      return [run.last?.x, t.state().values.x];
    });
    expect(kept).toEqual(reads.slice(1, -1).map((read) => [read, read]));
  }));
});

describe('C2, C4, C6: what a step cannot mean is refused, and commits nothing', () => {
  test.each<[string, string, unknown, Steps, RegExp]>([
    ['C2', 'two writes to a lastValue', lastValue<unknown>('first'), [['kept'], [1, 0]], /channel 'x' got 2 writes in one superstep: 1, 0/],
    ['C4', 'two writes to a guarded ephemeral', ephemeral<unknown>(), [['a', 'b']], /channel 'x' got 2 writes/],
    ['C6', 'two overwrites, by two tasks', append<unknown>(), [['kept'], [overwrite([1]), 'a', overwrite([2])]], /channel 'x' got several overwrites/],
  ])('%s: %s', (_rule, _what, x, steps, message) => {
    marbles((_, scheduler) => {
      const t = threadOf((o) => writing(x, steps, o), scheduler);
      const run = t.run({});
      scheduler.flush();
      expect([run.end, String(run.error)]).toEqual(['INVALID_CONCURRENT_GRAPH_UPDATE', expect.stringMatching(message)]);
      expect(t.state().values.x).toEqual(run.last?.x);
      expect(t.history()).toHaveLength(run.values.length);
    })();
  });
});

describe('C8: untracked', () => {
  test('C8: holds anything for as long as the run, and is gone with it', marbles((_, scheduler) => {
    const handle = new Map([['open', true]]);
    const t = threadOf((o) => writing(untracked<unknown>('none'), [[handle], [SILENT]], o), scheduler);
    const run = t.run({});
    scheduler.flush();
    expect(run.values.map(({ x }) => x)).toEqual(['none', handle, handle]);
    expect(run.last?.x).toBe(handle);
    expect(t.state().values.x).toBe('none');
  }));
});

describe('C9: ids of messages', () => {
  test('C9: a message has its id before anyone sees it: in the state, in what is stored, and on the next run', marbles((_, scheduler) => {
    const t = threadOf((o) => writing(messages(), [[{ role: 'assistant' }]], o), scheduler);
    const run = t.run({ x: [{ role: 'user' }] });
    scheduler.flush();
    const ids = run.values.map(({ x }) => (x as readonly { readonly id?: string }[]).map(({ id }) => id));
    expect(ids).toEqual([[expect.any(String)], [ids[0]?.[0], expect.any(String)]]);
    expect(t.state().values).toEqual(run.last);
    const again = t.run({ x: [] });
    expect(again.last).toEqual(run.last);
  }));
});
