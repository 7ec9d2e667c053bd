import { describe, expect, test } from '@jest/globals';
import { map, take, timer, type Observable } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';
import { asking, said, yes, type AskingGraph } from './asking.js';
import { heard } from './heard.js';
import { threadOf } from './threadOf.js';

describe('I3: pauses and deadlines', () => {
  const line = (o: object, options: object): AskingGraph =>
    new StateGraph({ said: append<string>(), n: lastValue(0) }).addNode('a', () => said('a')).addNode('b', () => said('b')).addNode('c', () => said('c'))
      .addEdge(START, 'a').addEdge('a', 'b').addEdge('b', 'c').compile({ ...o, ...options }) as never;

  test('interruptBefore stops before a node, and goes on with no input', marbles((_, scheduler) => {
    const t = threadOf((o) => line(o, { interruptBefore: ['b'] }), scheduler);
    const events = recorder();
    expect(t.run({}, { events }).last?.said).toEqual(['"a"']);
    expect(events.events.at(-1)).toMatchObject({ status: 'interrupted' });
    expect(t.state()).toMatchObject({ next: ['b'], interrupts: [{ payload: { before: ['b'] } }] });
    expect(t.run(null).last?.said).toEqual(['"a"', '"b"', '"c"']);
  }));

  test('interruptAfter stops after it; "*" at every node; any answer goes on, too', marbles((_, scheduler) => {
    const after = threadOf((o) => line(o, { interruptAfter: ['b'] }), scheduler);
    expect(after.run({}).last?.said).toEqual(['"a"', '"b"']);
    expect(after.resume('go').last?.said).toEqual(['"a"', '"b"', '"c"']);
    const all = threadOf((o) => line(o, { interruptBefore: '*', interruptAfter: '*' }), scheduler);
    const seen = [all.run({}), all.run(null), all.run(null), all.run(null)].map(({ last }) => last?.said.length);
    expect(seen).toEqual([0, 1, 2, 3]);
  }));

  test('new input pauses before its first node, on an old thread as well', marbles((_, scheduler) => {
    const t = threadOf((o) => line(o, { interruptBefore: ['a'] }), scheduler);
    expect(t.run({}).last?.said).toEqual([]);
    expect(t.run(null).last?.said).toHaveLength(3);
    expect(t.run({}).last?.said).toHaveLength(3);
    expect(t.run(null).last?.said).toHaveLength(6);
  }));

  test('a crash before the pause was reached skips no pause', marbles((_, scheduler) => {
    const t = threadOf((o) => line(o, { interruptBefore: ['b'] }), scheduler);
    const plain = threadOf((o) => line(o, {}), scheduler, t.store, 'plain');
    plain.graph.run({}, { thread: 't', scheduler }).pipe(take(2)).subscribe();
    expect(t.state()).toMatchObject({ next: ['b'], interrupts: [] });
    expect(t.run(null).last?.said).toHaveLength(1);
    expect(t.run(null).last?.said).toHaveLength(3);
  }));

  test('after updateState a pause stays over, or open', marbles((_, scheduler) => {
    const t = threadOf((o) => line(o, { interruptBefore: ['b'] }), scheduler);
    t.run({});
    t.update({ n: 7 });
    expect(t.state()).toMatchObject({ next: ['b'], interrupts: [{ payload: { before: ['b'] } }] });
    expect(t.run(null).last).toEqual({ said: ['"a"', '"b"', '"c"'], n: 7 });
  }));

  const deadline = (onExpiry: object) => (run: RunScope): Observable<unknown> => run.interrupt('ok?', { ttlMs: 100, ...onExpiry }).pipe(map((a) => said(a)));

  test.each<[string, object, string[]]>([
    ['a value', { onExpiry: 'no' }, ['"no"']],
    ['a function', { onExpiry: () => timer(5).pipe(map(() => 'asked the boss')) }, ['"asked the boss"']],
  ])('nobody answers in time: the next run goes on with onExpiry, %s', (_name, onExpiry, expected) => {
    marbles((_, scheduler) => {
      const t = threadOf((o) => asking({ a: deadline(onExpiry) }).compile(o), scheduler);
      t.run({});
      expect(t.state().interrupts).toMatchObject([{ expiresAt: 100 }]);
      const at = (ms: number, then: () => void): void => void scheduler.schedule(then, ms);
      at(99, () => expect(t.run(null).last?.said).toEqual([]));
      at(100, () => expect(t.resume('late').end).toBe('AMBIGUOUS_RESUME'));
      at(101, () => void t.run(null));
      scheduler.flush();
      expect(t.state()).toMatchObject({ values: { said: expected }, past: [{ payload: 'ok?', expired: true }] });
    })();
  });

  test('without onExpiry it fails with TIMEOUT; an answer in time counts', marbles((_, scheduler) => {
    const late = threadOf((o) => asking({ a: deadline({}) }).compile(o), scheduler);
    const inTime = threadOf((o) => asking({ a: deadline({}) }).compile(o), scheduler);
    late.run({});
    inTime.run({});
    scheduler.schedule(() => expect(inTime.resume('yes').last?.said).toEqual(['"yes"']), 99);
    scheduler.schedule(() => expect(late.run(null).end).toBe('TIMEOUT'), 100);
    scheduler.flush();
  }));
});

describe('I4: without a checkpointer', () => {
  test('an interrupt is NO_CHECKPOINTER at the call, without a thread, too', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: yes }).compile(o), scheduler);
    const ends: unknown[] = [];
    for (const graph of [asking({ a: yes }).compile(), t.graph]) graph.run({}).subscribe({ error: ({ code }) => ends.push(code) });
    expect(ends).toEqual(['NO_CHECKPOINTER', 'NO_CHECKPOINTER']);
  }));

  test('a graph that pauses is refused at compile if it is never kept, else by a run that isn’t', marbles(() => {
    expect(() => asking({ a: yes }).compile({ interruptBefore: ['a' as never], checkpointer: false })).toThrow(/NO_CHECKPOINTER/);
    expect(heard(asking({ a: yes }).compile({ interruptAfter: '*' }).run({}, { thread: 't' })).end).toBe('NO_CHECKPOINTER');
  }));

  test('once works: nothing outlives the run', marbles(() => {
    const seen: unknown[] = [];
    asking({ a: (run) => run.once('k', () => 5).pipe(map((x) => said(x))) }).compile().run({}).subscribe((s) => seen.push(s.said));
    expect(seen.at(-1)).toEqual(['5']);
  }));
});
