import { describe, expect, test } from '@jest/globals';
import { concat, of, throwError, type Observable, type Observer } from 'rxjs';
import { lastValue } from '../../channels/lastValue.js';
import { append } from '../../channels/append.js';
import type { RunScope } from '../../core/context/RunScope.js';
import { chain } from '../../core/flow/chain.js';
import { flow, type Flow } from '../../core/flow/flow.js';
import { concatText, list } from '../../core/flow/fold.js';
import { lambda } from '../../core/flow/lambda.js';
import { withRetry } from '../../core/flow/withRetry.js';
import { compilePlan } from './compilePlan.js';
import type { PlanNode } from './GraphPlan.js';
import { START } from './names.js';
import { StateGraph } from './StateGraph.js';
import type { StateOf } from './StateOf.js';

const words = flow('words', (source: Observable<string>) => chain(lambda((text: string) => of(...text.split(' ').map((word) => word.toUpperCase()))))(source), { fold: concatText });
const graph = () => new StateGraph({ text: lastValue('a b'), n: lastValue(2), notes: append<string>() });
const nodeOf = (built: { readonly declaration: Parameters<typeof compilePlan>[0] }): PlanNode => compilePlan(built.declaration).plan.nodes.get('it') as PlanNode;

/** What a node says of a state, and how often that it is alive. */
function ran({ read, body }: PlanNode, state: object): { readonly said: readonly unknown[]; readonly beats: number; readonly input: unknown } {
  let beats = 0;
  const said: unknown[] = [];
  const input = read ? read(state) : state;
  const take: Partial<Observer<unknown>> = { next: (value) => said.push(value), error: (error) => said.push({ error }) };
  (body(input as never, { heartbeat: () => beats++ } as unknown as RunScope) as Observable<unknown>).subscribe(take);
  return { said, beats, input };
}
const STATE: StateOf<ReturnType<typeof graph>> = Object.freeze({ text: 'a b', n: 2, notes: [] });

describe('a flow as node', () => {
  test('reads a channel, and its folded result is written to one; its chunks are no writes but signs of life', () => {
    const node = nodeOf(graph().addNode('it', words, { reads: 'text', writes: 'notes' }).addEdge(START, 'it'));
    expect(ran(node, STATE)).toEqual({ input: 'a b', said: [{ notes: 'AB' }], beats: 2 });
  });

  test('reads several channels as an object', () => {
    const node = nodeOf(graph().addNode('it', lambda((given: { readonly text: string; readonly n: number }) => given.text.repeat(given.n)), { reads: ['n', 'text'], writes: 'text' }).addEdge(START, 'it'));
    expect(ran(node, STATE)).toMatchObject({ input: { n: 2, text: 'a b' }, said: [{ text: 'a ba b' }] });
  });

  test('without reads and writes gets the state, and its result is the update', () => {
    const node = nodeOf(graph().addNode('it', lambda((state: typeof STATE) => ({ n: state.n + 1 }))).addEdge(START, 'it'));
    expect(node.read).toBeUndefined();
    expect(ran(node, STATE)).toMatchObject({ input: STATE, said: [{ n: 3 }] });
  });

  test('passes its error on, and that of its fold', () => {
    const failing = lambda((_: string) => throwError(() => new Error('no')));
    expect(ran(nodeOf(graph().addNode('it', failing, { reads: 'text', writes: 'text' }).addEdge(START, 'it')), STATE).said).toEqual([{ error: new Error('no') }]);
    const empty = flow('empty', (_: Observable<string>) => of<string>()) as Flow<string, string>;
    expect(ran(nodeOf(graph().addNode('it', empty, { reads: 'text', writes: 'text' }).addEdge(START, 'it')), STATE).said).toMatchObject([{ error: { code: 'EMPTY_RUN' } }]);
  });

  test('that starts over is folded from its start', () => {
    let attempts = 0;
    const half = lambda((_: string) => (++attempts === 1 ? concat(of('x'), throwError(() => new Error('no'))) : of('a', 'b')));
    const retried = withRetry(flow('half', half, { fold: list<string>() }), { initialMs: 0, restart: true });
    expect(ran(nodeOf(graph().addNode('it', retried, { reads: 'text', writes: 'notes' }).addEdge(START, 'it')), STATE).said).toEqual([{ notes: ['a', 'b'] }]);
  });
});

describe('a compiled graph as node', () => {
  const inner = new StateGraph({ n: lastValue(0), secret: lastValue(0), sum: lastValue(0) }, { input: ['n'], output: ['sum', 'secret'] })
    .addNode('add', ({ n }) => ({ sum: n + 1, secret: n }))
    .addEdge(START, 'add')
    .compile({ name: 'inner' });

  test('shares channels by name: gets those it may be given, and writes those it returns', () => {
    const node = nodeOf(new StateGraph({ n: lastValue(1), sum: lastValue(0), other: lastValue('') }).addNode('it', inner).addEdge(START, 'it'));
    expect(node.subgraph).toBe(inner.plan);
    expect(node.read?.({ n: 4, sum: 9, other: 'x' })).toEqual({ n: 4 });
    expect(ran(node, { n: 4, sum: 9, other: 'x' }).said).toEqual([{ sum: 5 }]);
  });

  test('runs in a graph', async () => {
    const outer = new StateGraph({ n: lastValue(1), sum: lastValue(0) }).addNode('inner', inner).addNode('then', ({ sum }) => ({ n: sum * 10 })).addEdge(START, 'inner').addEdge('inner', 'then').compile();
    expect(await outer.invoke({ n: 4 })).toEqual({ n: 50, sum: 5 });
  });
});
