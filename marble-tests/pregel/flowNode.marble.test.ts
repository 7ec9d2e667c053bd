import { describe, expect, test } from '@jest/globals';
import { map, type Observable } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import { flow } from '../../src/core/flow/flow.js';
import { list } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import type { NodeTimeout } from '../../src/pregel/graph/GraphPlan.js';
import { marbles } from '../marbles.js';

interface State {
  readonly notes: readonly string[];
}

/** A graph of one flow, whose result is a list of updates, and a node after it. */
const graphOf = (chunks: Observable<string>, timeout: NodeTimeout = {}) => {
  const noting = lambda((_: State) => chunks.pipe(map((note) => ({ notes: note }))));
  return new StateGraph({ notes: append<string>(), last: lastValue('') })
    .addNode('flow', flow('flow', noting, { fold: list<{ readonly notes: string }>() }), { timeout })
    .addNode('after', ({ notes }) => ({ last: notes.join('') }))
    .addEdge(START, 'flow')
    .addEdge('flow', 'after')
    .addEdge('after', END)
    .compile();
};
const shown = map(({ notes, last }: State & { readonly last: string }) => `${notes.length}${last}`);

describe('S7: a flow as a node', () => {
  test('its chunks are no writes: its result is written when it is done', marbles(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
    const chunks = cold('          --a-b-c|');
    const run$ = graphOf(chunks).run({}, { scheduler }).pipe(shown);
    expectObservable(run$).toBe('x------(yz|)', { x: '0', y: '3', z: '3abc' });
    expectSubscriptions(chunks.subscriptions).toBe('^------!');
  }));

  test('is left in the middle', marbles(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
    const chunks = cold('          --a-b-c|');
    expectObservable(graphOf(chunks).run({}, { scheduler }).pipe(shown), '^---!').toBe('x----', { x: '0' });
    expectSubscriptions(chunks.subscriptions).toBe('^---!');
  }));

  test('fails as it fails', marbles(({ cold, expectObservable }, scheduler) => {
    const run$ = graphOf(cold('--a-#', undefined, new Error('no'))).run({}, { scheduler }).pipe(shown);
    expectObservable(run$).toBe('x---#', { x: '0' }, new Error('no'));
  }));

  test('each chunk says that it is alive', marbles(({ cold, expectObservable }, scheduler) => {
    const run$ = graphOf(cold('    --a--b--c|'), { idleMs: 4 }).run({}, { scheduler }).pipe(shown);
    expectObservable(run$).toBe('x--------(yz|)', { x: '0', y: '3', z: '3abc' });
  }));

  test('that says nothing for too long times out', marbles(({ cold, expectObservable }, scheduler) => {
    const codes: unknown[] = [];
    const run$ = graphOf(cold('--a-------b|'), { idleMs: 4 }).run({}, { scheduler });
    run$.subscribe({ error: (error: { readonly code: string }) => codes.push(error.code) });
    expectObservable(cold('----------|')).toBe('----------|');
    scheduler.flush();
    expect(codes).toEqual(['NODE_TIMEOUT']);
  }));
});
