import { describe, expect, test } from '@jest/globals';
import { concat, forkJoin, map, mergeMap, of, timer, type Observable } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { marbles } from '../marbles.js';
import { asking, said, type AskingGraph } from './asking.js';
import { threadOf } from './threadOf.js';

describe('I1: once', () => {
  test('runs an effect once over passes, and emits its last value', marbles((_, scheduler) => {
    let effects = 0;
    const body = (run: RunScope): Observable<unknown> =>
      run.once('mail', () => timer(2).pipe(mergeMap(() => of('draft', `sent ${++effects}`)))).pipe(mergeMap((mail) => run.interrupt('ok?').pipe(map((a) => said(mail, a)))));
    const t = threadOf((o) => asking({ a: body }).compile(o), scheduler);
    t.run({});
    scheduler.flush();
    t.resume(true);
    scheduler.flush();
    expect([effects, t.state().values.said]).toEqual([1, ['"sent 1"', 'true']]);
  }));

  test('over attempts: what was done stays done, an error is not kept', marbles((_, scheduler) => {
    let [good, bad] = [0, 0];
    const graph = (o: object): AskingGraph =>
      new StateGraph({ said: append<string>(), n: lastValue(0) })
        .addNode('a', (_s, run) => run.once('good', () => ++good).pipe(mergeMap((g) => run.once('bad', () => {
          if (++bad < 3) throw new Error('not yet');
          return bad;
        }).pipe(map((b) => said(g, b))))), { retry: { maxAttempts: 5, initialMs: 1, jitter: 'none' } })
        .addEdge(START, 'a').compile(o) as never;
    const t = threadOf(graph, scheduler);
    t.run({});
    scheduler.flush();
    expect([good, bad, t.state().values.said]).toEqual([1, 3, ['1', '3']]);
  }));

  test('an effect that its attempt leaves unfinished is begun again by the next', marbles((_, scheduler) => {
    let begun = 0;
    const graph = (o: object): AskingGraph =>
      new StateGraph({ said: append<string>(), n: lastValue(0) })
        .addNode('a', (_s, run) => run.once('slow', () => timer(begun++ === 0 ? 100 : 2).pipe(map(() => begun))).pipe(map((x) => said(x))), { timeout: { runMs: 10 }, retry: { maxAttempts: 2, initialMs: 1, jitter: 'none' } })
        .addEdge(START, 'a').compile(o) as never;
    const t = threadOf(graph, scheduler);
    const run = t.run({});
    scheduler.flush();
    expect([run.end, t.state().values.said]).toEqual(['done', ['2']]);
  }));

  test('concurrent calls of one key share it', marbles((_, scheduler) => {
    let effects = 0;
    const effect = (): Observable<number> => timer(3).pipe(map(() => ++effects));
    const t = threadOf((o) => asking({ a: (run) => forkJoin([run.once('k', effect), run.once('k', effect), run.once('other', effect)]).pipe(map((all) => said(...all))) }).compile(o), scheduler);
    t.run({});
    scheduler.flush();
    expect([effects, t.state().values.said]).toEqual([2, ['1', '1', '2']]);
  }));

  test('over a crash: what was stored is not done again; what was under way is', marbles((_, scheduler) => {
    let [stored, lost] = [0, 0];
    const body = (run: RunScope): Observable<unknown> => concat(run.once('stored', () => ++stored), run.once('lost', () => timer(10).pipe(map(() => ++lost)))).pipe(map((x) => said(x)));
    const t = threadOf((o) => asking({ a: body }).compile(o), scheduler);
    const crashing = t.run({});
    crashing.leave();
    t.run(null);
    scheduler.flush();
    expect([stored, lost, t.state().values.said]).toEqual([1, 1, ['1', '1']]);
  }));

  test('what is not JSON is refused', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: (run) => run.once('k', () => new Map()).pipe(map(() => said(1))) }).compile(o), scheduler);
    expect(t.run({})).toMatchObject({ end: 'INVALID_UPDATE' });
  }));
});
