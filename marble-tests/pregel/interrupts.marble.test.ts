import { describe, expect, test } from '@jest/globals';
import { concat, defer, forkJoin, map, mergeMap, of, race, timer, type Observable } from 'rxjs';
import { z } from 'zod';
import { append, lastValue } from '../../src/channels/index.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { command } from '../../src/pregel/graph/command.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { send } from '../../src/pregel/graph/send.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';
import { asking, said, yes, type AskingGraph } from './asking.js';
import { threadOf } from './threadOf.js';

describe('I1: interrupts', () => {
  test('the task ends as interrupted; on resume the body runs again from the top, and the same call emits the answer', marbles((_, scheduler) => {
    let runs = 0;
    const t = threadOf((o) => asking({ a: (run) => (runs++, yes(run)) }).compile(o), scheduler);
    const first = t.run({ n: 1 });
    expect([first.end, first.values]).toEqual(['done', [{ said: [], n: 1 }]]);
    expect(t.state()).toMatchObject({ next: ['a'], interrupts: [{ payload: 'ok?', node: 'a' }] });
    const second = t.resume('sure');
    expect([second.end, second.last, runs]).toEqual(['done', { said: ['"sure"'], n: 1 }, 2]);
    expect(t.state()).toMatchObject({ next: [], interrupts: [], past: [{ payload: 'ok?', answer: { value: 'sure' } }] });
  }));

  test('a run that waits says so: an interrupt event, and run_end as interrupted', marbles((_, scheduler) => {
    const events = recorder();
    const t = threadOf((o) => asking({ a: yes }).compile(o), scheduler);
    t.run({}, { events });
    expect(events.events.filter(({ type }) => type === 'interrupt')).toMatchObject([{ interruptId: t.open()[0], payload: 'ok?' }]);
    expect(events.events.at(-1)).toMatchObject({ type: 'run_end', status: 'interrupted' });
    const again = recorder();
    t.run(null, { events: again });
    expect(again.events.filter(({ type }) => type === 'interrupt')).toHaveLength(1);
    expect(again.events.at(-1)).toMatchObject({ status: 'interrupted' });
    const resumed = recorder();
    t.resume(1, { events: resumed });
    expect(resumed.events.at(-1)).toMatchObject({ type: 'run_end', status: 'done' });
  }));

  test('nothing can swallow it: a task with an open interrupt is suspended, however it goes on', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({
      ignored: (run) => (run.interrupt('a').subscribe(), said('went on')),
      raced: (run) => race(run.interrupt('b'), timer(5).pipe(map(() => said('timer')))).pipe(map((x) => x)),
      late: (run) => timer(3).pipe(mergeMap(() => race(run.interrupt('c'), of(said('of'))))),
    }).compile(o), scheduler);
    const run = t.run({});
    scheduler.flush();
    expect([run.end, t.state().values]).toEqual(['done', { said: [], n: 0 }]);
    expect(t.state().interrupts.map(({ payload }) => payload)).toEqual(['a', 'c', 'b']);
  }));

  test('an interrupt in a stream after a while: its updates so far are discarded, and come again', marbles(({ expectObservable }, scheduler) => {
    const body = (run: RunScope): Observable<unknown> => concat(timer(2).pipe(map(() => said('before'))), defer(() => run.interrupt('ok?').pipe(map((a) => said(a)))));
    const t = threadOf((o) => asking({ a: body }).compile(o), scheduler);
    expectObservable(t.graph.run({}, { thread: 't', scheduler })).toBe('s-|', { s: { said: [], n: 0 } });
    scheduler.flush();
    expect(t.state().values.said).toEqual([]);
    t.resume(0);
    scheduler.flush();
    expect(t.state().values.said).toEqual(['"before"', '0']);
  }));

  test('forkJoin of several in an Observable body: they surface together, synchronous and late', marbles((_, scheduler) => {
    const both = (run: RunScope): Observable<unknown> => forkJoin([run.interrupt('x'), run.interrupt('y')]).pipe(map(([x, y]) => said(x, y)));
    const t = threadOf((o) => asking({ now: both, later: (run) => timer(4).pipe(mergeMap(() => both(run))) }).compile(o), scheduler);
    t.run({});
    scheduler.flush();
    const [l0, l1, n0, n1] = t.open();
    expect(t.open()).toHaveLength(4);
    t.resume({ [String(n1)]: 'ny', [String(n0)]: 'nx', [String(l0)]: 'lx', [String(l1)]: 'ly' });
    scheduler.flush();
    expect(t.state().values.said).toEqual(['"lx"', '"ly"', '"nx"', '"ny"']);
  }));

  test('the id is taken at the call, whatever the order of subscriptions', marbles((_, scheduler) => {
    let swapped = false;
    const body = (run: RunScope): Observable<unknown> => {
      const [x, y] = [run.interrupt('x'), run.interrupt('y')];
      return (swapped ? forkJoin({ y, x }) : forkJoin({ x, y })).pipe(map((both) => said(both.x, both.y)));
    };
    const t = threadOf((o) => asking({ a: body }).compile(o), scheduler);
    t.run({});
    const [x, y] = t.open();
    swapped = true;
    expect(t.resume({ [String(y)]: 'Y', [String(x)]: 'X' }).last?.said).toEqual(['"X"', '"Y"']);
  }));

  test('with a schema, an answer that is none is refused before anything is written, and one that is arrives', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: (run) => run.interrupt('how many?', { schema: z.object({ count: z.number() }) }).pipe(map((a) => said(a))) }).compile(o), scheduler);
    const events = recorder();
    t.run({}, { events });
    expect(events.events.find(({ type }) => type === 'interrupt')).toMatchObject({ schema: { type: 'object' } });
    expect(t.resume({ count: 'two' })).toMatchObject({ end: 'INVALID_INPUT' });
    expect(t.resume({ count: 2 }).last?.said).toEqual(['{"count":2}']);
  }));
});

describe('I2: answers', () => {
  test.each([false, 0, '', null, [[]], [1, 2], {}, { a: { b: false } }])('%j arrives intact', (answer) => {
    marbles((_, scheduler) => {
      const t = threadOf((o) => asking({ a: yes }).compile(o), scheduler);
      t.run({});
      expect(t.resume(answer).last?.said).toEqual([JSON.stringify(answer)]);
    })();
  });

  test('ids are stable over passes, and each call has its own', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: (run) => run.interrupt(1).pipe(mergeMap((x) => run.interrupt(2, { key: 'second' }).pipe(mergeMap((y) => run.interrupt(3).pipe(map((z3) => said(x, y, z3)))))))}).compile(o), scheduler);
    t.run({});
    const ids: unknown[] = [...t.open()];
    t.resume('one');
    ids.push(...t.open());
    t.resume('two');
    ids.push(...t.open());
    expect(t.resume('three').last?.said).toEqual(['"one"', '"two"', '"three"']);
    expect(ids).toEqual(['c-2/a#0', 'c-2/a#"second"', 'c-2/a#1']);
  }));

  test('a key is no call’s number', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: (run) => forkJoin([run.interrupt('x'), run.interrupt('y', { key: '0' })]).pipe(map((all) => said(...all))) }).compile(o), scheduler);
    t.run({});
    expect(new Set(t.open()).size).toBe(2);
  }));

  test('a bare answer to one of several, or to none, is ambiguous; an unknown id is unknown; nothing is written', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: yes, b: yes }).compile(o), scheduler);
    t.run({});
    const before = t.state();
    expect(t.resume('both').end).toBe('AMBIGUOUS_RESUME');
    const [a] = t.open();
    expect(t.resume({ [String(a)]: 1, 'c-3/nobody#0': 2 }).end).toBe('UNKNOWN_INTERRUPT');
    expect(t.state()).toEqual(before);
    t.resume({ [String(a)]: 1 });
    expect(t.resume({ [String(a)]: 'again' }).end).toBe('UNKNOWN_INTERRUPT');
    t.resume('last');
    expect(t.state().values.said).toEqual(['1', '"last"']);
    expect(t.resume('late').end).toBe('AMBIGUOUS_RESUME');
  }));

  test('an answer that isn’t JSON is refused', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: yes }).compile(o), scheduler);
    t.run({});
    expect(t.resume(new Date(0)).end).toBe('INVALID_UPDATE');
    expect(t.open()).toHaveLength(1);
  }));

  test('a payload that differs on resume: INTERRUPT_CHANGED, and no answer is delivered', marbles((_, scheduler) => {
    let payload: unknown = { b: 1, a: 2 };
    let delivered = 0;
    const t = threadOf((o) => asking({ a: (run) => run.interrupt(payload).pipe(map((x) => (delivered++, said(x)))) }).compile(o), scheduler);
    t.run({});
    payload = 'delete the other file?';
    expect([t.resume('yes').end, delivered]).toEqual(['INTERRUPT_CHANGED', 0]);
    payload = { a: 2, b: 1 };
    expect(t.run(null).last?.said).toEqual(['"yes"']);
  }));

  test('answers given so far are kept with those still open', marbles((_, scheduler) => {
    let passes = 0;
    const t = threadOf((o) => asking({ a: (run) => (passes++, forkJoin([run.interrupt('x'), run.interrupt('y')]).pipe(map((all) => said(...all)))) }).compile(o), scheduler);
    t.run({});
    const [x, y] = t.open();
    t.resume({ [String(x)]: 1 });
    expect(t.open()).toEqual([y]);
    expect(t.resume(2).last?.said).toEqual(['1', '2']);
    expect(passes).toBe(3);
  }));

  test('a bare answer that is an object is not taken for ids', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: yes }).compile(o), scheduler);
    t.run({});
    expect(t.resume({ approved: true, 'a/b': 1 }).last?.said).toEqual(['{"approved":true,"a/b":1}']);
  }));

  test('an error handler’s interrupt has an id of its own', marbles((_, scheduler) => {
    const graph = (o: object): AskingGraph =>
      new StateGraph({ said: append<string>(), n: lastValue(0) })
        .addNode('mend', ((_f: unknown, run: RunScope) => run.interrupt('mend how?').pipe(map((a) => said(a)))) as never)
        .addNode('a', (_s, run) => run.interrupt('try?').pipe(map((a): never => { throw new Error(String(a)); })), { onError: 'mend' as never })
        .addEdge(START, 'a').compile(o) as never;
    const t = threadOf(graph, scheduler);
    t.run({});
    t.resume('go');
    expect(t.state().interrupts).toMatchObject([{ payload: 'mend how?' }]);
    expect(t.resume('glue').last?.said).toEqual(['"glue"']);
  }));
});

describe('I5: several tasks', () => {
  test('parallel interrupts surface together; a partial answer resumes its own task only', marbles((_, scheduler) => {
    const runs = { a: 0, b: 0, c: 0 };
    const t = threadOf((o) => asking({
      a: (run) => (runs.a++, yes(run)),
      b: (run) => (runs.b++, run.interrupt(1).pipe(mergeMap((x) => run.interrupt(2).pipe(map((y) => said(x, y)))))),
      c: () => (runs.c++, said('c')),
    }).compile(o), scheduler);
    t.run({});
    expect([t.open().length, runs]).toEqual([2, { a: 1, b: 1, c: 1 }]);
    t.resume({ [String(t.open()[1])]: 'b1' });
    expect([t.open().length, runs]).toEqual([2, { a: 1, b: 2, c: 1 }]);
    t.resume({ [String(t.open()[0])]: 'a' });
    expect([t.open().length, runs]).toEqual([1, { a: 2, b: 2, c: 1 }]);
    expect(t.resume('b2').last?.said).toEqual(['"a"', '"b1"', '"b2"', '"c"']);
    expect(runs).toEqual({ a: 2, b: 3, c: 1 });
  }));

  test('an interrupt does not abort its siblings; an error beside it leaves it to be asked again', marbles((_, scheduler) => {
    let fails = true;
    const t = threadOf((o) => asking({ a: yes, slow: () => timer(50).pipe(map(() => { if (fails) throw new Error('down'); return said('slow'); })) }).compile(o), scheduler);
    const first = t.run({});
    scheduler.flush();
    expect([first.end, t.open()]).toEqual(['down', []]);
    fails = false;
    t.run(null);
    scheduler.flush();
    expect(t.open()).toHaveLength(1);
    expect(t.resume(1).last?.said).toEqual(['1', '"slow"']);
  }));

  test('in sends: each task has its own, and resumes where it was', marbles((_, scheduler) => {
    const graph = (o: object): AskingGraph =>
      new StateGraph({ said: append<string>(), n: lastValue(0) })
        .addNode('check', (item: string, run) => run.interrupt(`${item}?`).pipe(map((a) => said(item, a))))
        .addConditionalEdges(START, () => ['x', 'y', 'z'].map((item) => send('check', item)))
        .compile(o) as never;
    const t = threadOf(graph, scheduler);
    t.run({});
    const [x, y, z] = t.open();
    t.resume({ [String(z)]: 3 });
    t.resume({ [String(x)]: 1, [String(y)]: 2 });
    expect(t.state().values.said).toEqual(['"x"', '1', '"y"', '2', '"z"', '3']);
  }));

  test('in a loop: each turn asks anew', marbles((_, scheduler) => {
    const graph = (o: object): AskingGraph =>
      new StateGraph({ said: append<string>(), n: lastValue(0) })
        .addNode('a', ({ n }, run) => run.interrupt('more?').pipe(map((a) => ({ ...said(a), n: n + 1 }))))
        .addEdge(START, 'a').addConditionalEdges('a', ({ said: words }) => (words.at(-1) === 'true' ? 'a' : END))
        .compile(o) as never;
    const t = threadOf(graph, scheduler);
    t.run({});
    const ids = [true, true, false].map((answer) => {
      const [id] = t.open();
      t.resume({ [String(id)]: answer });
      return id;
    });
    expect([new Set(ids).size, t.state().values]).toEqual([3, { said: ['true', 'true', 'false'], n: 3 }]);
  }));

  test('a finished sibling led by its error handler still leads there after the pause', marbles((_, scheduler) => {
    const graph = (o: object): AskingGraph =>
      new StateGraph({ said: append<string>(), n: lastValue(0) })
        .addNode('rescue', (() => said('rescued')) as never)
        .addNode('after', () => said('after'))
        .addNode('breaks', () => { throw new Error('x'); }, { onError: 'rescue' as never })
        .addNode('asks', (_s, run) => yes(run) as Observable<{ said: string[] }>)
        .addEdge(START, 'breaks').addEdge(START, 'asks').addEdge('rescue', 'after')
        .compile(o) as never;
    const t = threadOf(graph, scheduler);
    t.run({});
    expect(t.resume('ok').last?.said).toEqual(['"ok"', '"rescued"', '"after"']);
  }));
});

describe('I6: new input on an interrupted thread', () => {
  test('starts over from the committed state and closes the open interrupts; the history keeps them', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: yes }).compile(o), scheduler);
    t.run({ n: 1, said: ['kept'] });
    const [closed] = t.open();
    t.run({ n: 2 });
    const [open] = t.open();
    expect(open).not.toBe(closed);
    expect(t.resume({ [String(closed)]: 'late' }).end).toBe('UNKNOWN_INTERRUPT');
    expect(t.resume('yes').last).toEqual({ said: ['kept', '"yes"'], n: 2 });
    expect(t.history().map(({ past }) => past)).toEqual([[{ id: open, payload: 'ok?', answer: { value: 'yes' } }], [{ id: closed, payload: 'ok?' }], []]);
  }));

  test('resume and update in one: both are there, or neither', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: yes }).compile(o), scheduler);
    t.run({});
    const both = t.graph.run(command({ resume: 'yes', update: { n: 5 } }), { thread: 't', scheduler });
    const states: unknown[] = [];
    both.subscribe((s) => states.push(s));
    expect(states.at(-1)).toEqual({ said: ['"yes"'], n: 5 });
    expect(t.history().map(({ metadata }) => metadata.source)).toEqual(['loop', 'update', 'input']);
  }));
});
