import { describe, expect, test } from '@jest/globals';
import { concat, map, NEVER, of, take, timer } from 'rxjs';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { isRivuletError } from '../../src/core/errors/RivuletError.js';
import { NodeTimeoutError } from '../../src/pregel/engine/NodeTimeoutError.js';
import type { NodeTimeout } from '../../src/pregel/graph/GraphPlan.js';
import { START } from '../../src/pregel/graph/names.js';
import { marbles } from '../marbles.js';
import { slowly } from '../slowly.js';
import { note, noteAfter, noting, toldRun } from './noting.js';

const limited = (body: (run: RunScope) => unknown, timeout: NodeTimeout, options: object = {}) =>
  noting().addNode('a', ((_: unknown, run: RunScope) => body(run)) as never, { timeout, ...options }).addEdge(START, 'a').compile();
const text = map(({ notes }: { readonly notes: readonly string[] }) => notes.join(''));

describe('F4: timeouts of a node', () => {
  test('F4: runMs ends an attempt with a NodeTimeoutError, and unsubscribes it', marbles(({ cold, expectSubscriptions, flush }, scheduler) => {
    const body = cold('---------a|', { a: note('a') });
    const { run, lines } = toldRun(limited(() => body, { runMs: 5 }), {}, { scheduler });
    flush();
    expectSubscriptions(body.subscriptions).toBe('^----!');
    expect([run.end, run.error instanceof NodeTimeoutError, lines('node_error')[0]?.slice(0, 15)]).toEqual(['NODE_TIMEOUT', true, '@5 node_error a']);
    expect(run.error).toMatchObject({ node: 'a', limit: 'runMs', timeoutMs: 5, path: ['a'] });
  }));

  test('F4: a value beats the timeout in the same frame', marbles(({ expectObservable }, scheduler) => {
    expectObservable(limited(() => noteAfter(5, 'a'), { runMs: 5 }).run({}, { scheduler }).pipe(text)).toBe('x----(y|)', { x: '', y: 'a' });
  }));

  test.each<[string, (run: RunScope) => unknown]>([
    ['an emission', () => concat(noteAfter(3, 'a'), noteAfter(3, 'b'), noteAfter(3, 'c'))],
    ['run.heartbeat()', (run) => (timer(3, 3).pipe(take(2)).subscribe(() => run.heartbeat()), noteAfter(9, 'abc'))],
    ['run.emit()', (run) => (timer(3, 3).pipe(take(2)).subscribe(() => run.emit('alive')), noteAfter(9, 'abc'))],
  ])('F4: idleMs is refreshed by %s', (_what, body) => {
    marbles(({ expectObservable }, scheduler) => {
      expectObservable(limited(body, { idleMs: 4 }).run({}, { scheduler }).pipe(text), '^----------!').toBe('x--------(y|)', { x: '', y: 'abc' });
    })();
  });

  test('F4: without any it ends the attempt', marbles((_, scheduler) => {
    const { run, lines } = toldRun(limited(() => concat(noteAfter(3, 'a'), NEVER), { idleMs: 4 }), {}, { scheduler });
    scheduler.flush();
    expect([(run.error as NodeTimeoutError).limit, run.last?.notes, lines('node_error')[0]?.slice(0, 3)]).toEqual(['idleMs', [], '@7 ']);
  }));

  test('F4: it is each attempt’s, and can be tried again', marbles(({ expectObservable }, scheduler) => {
    const run$ = limited((run) => noteAfter(run.attempt === 1 ? 9 : 4, `attempt ${run.attempt}`), { runMs: 5 }, { retry: { initialMs: 2, jitter: 'none' } }).run({}, { scheduler });
    expectObservable(run$.pipe(text)).toBe('x----------(y|)', { x: '', y: 'attempt 2' }); // 5 + 2 + 4
  }));

  test('F4: a late result is dropped, a late error told', async () => {
    const ends: ((error?: Error) => void)[] = [];
    const late: string[] = [];
    const graph = limited(() => new Promise((resolve, reject) => { ends.push((error) => (error ? reject(error) : resolve(note('late')))); }), { runMs: 1 });
    const config = { events: { next: (event: { readonly type: string; readonly error?: unknown }) => void (event.type === 'late_error' && late.push(String(event.error))) } };
    for (const error of [undefined, new Error('afterwards')]) {
      await expect(graph.invoke({}, config)).rejects.toMatchObject({ code: 'NODE_TIMEOUT' });
      ends.pop()?.(error);
      await Promise.resolve();
    }
    expect(late).toEqual(['Error: afterwards']);
  });

  test('F4: time at a closed gate counts for none', marbles(({ expectObservable }, scheduler) => {
    // The consumer takes 6 frames for each state; the node emits a chunk of its own at 1 and ends at 2.
    const run$ = limited(() => concat(noteAfter(1, 'a'), noteAfter(1, 'b')), { runMs: 3, idleMs: 3 }).run({}, { scheduler });
    expectObservable(run$.pipe(mapAsync(slowly(6), { concurrency: 1 }), text)).toBe('------x-------(y|)', { x: '', y: 'ab' });
  }));

  test('F4: a negative or an endless one is refused where the graph is built', () => {
    for (const timeout of [{ runMs: -1 }, { idleMs: 0 }, { runMs: Number.NaN }]) {
      let code: unknown;
      try {
        limited(() => of(note('a')), timeout);
      } catch (error) {
        code = isRivuletError(error) && error.code;
      }
      expect(code).toBe('INVALID_GRAPH');
    }
  });
});
