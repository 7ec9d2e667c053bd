import { describe, expect, test } from '@jest/globals';
import { map } from 'rxjs';
import type { TestScheduler } from 'rxjs/testing';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { START } from '../../src/pregel/graph/names.js';
import { marbles } from '../marbles.js';
import { asking, said } from './asking.js';
import { toldRun } from './noting.js';
import { threadOf, type ThreadUnderTest } from './threadOf.js';

interface Said {
  readonly said: readonly string[];
}

/** A thread whose node fails each time it goes on, as what came of its question can't be delivered. */
type Stuck = (scheduler: TestScheduler) => ThreadUnderTest<object, Said>;

const asks = (ask: (run: RunScope) => unknown, scheduler: TestScheduler) => threadOf((o) => asking({ a: ask }).compile(o), scheduler) as ThreadUnderTest<object, Said>;

const changed: Stuck = (scheduler) => {
  let payload = 'delete a?';
  const t = asks((run) => run.interrupt(payload).pipe(map((answer) => said(payload, answer))), scheduler);
  t.run({});
  payload = 'delete b?';
  t.resume('yes');
  return t;
};

const expired: Stuck = (scheduler) => {
  const t = asks((run) => run.interrupt('delete b?', { ttlMs: 10 }).pipe(map((answer) => said('delete b?', answer))), scheduler);
  t.run({});
  scheduler.schedule(() => undefined, 10);
  scheduler.flush();
  return t;
};

describe.each<[string, string, Stuck]>([
  ['a question that has changed', 'INTERRUPT_CHANGED', changed],
  ['one that expired, with nothing said about that', 'TIMEOUT', expired],
])('I2, I3: %s', (_what, code, stuck) => {
  const asksAnew = (t: ThreadUnderTest<object, Said>, branch: string): void => {
    expect(t.state(branch).interrupts).toMatchObject([{ payload: 'delete b?' }]);
    expect(t.resume('no', { branch }).last?.said.slice(-2)).toEqual(['"delete b?"', '"no"']);
  };

  test('fails each time the thread goes on, and changes nothing', marbles((_, scheduler) => {
    const t = stuck(scheduler);
    expect([t.run(null).end, t.run(null).end]).toEqual([code, code]);
    expect(t.state()).toMatchObject({ values: { said: [] }, next: ['a'], interrupts: [] });
  }));

  test('new input starts over, and asks what is asked now', marbles((_, scheduler) => {
    const t = stuck(scheduler);
    expect(t.run({ said: ['again'] }).end).toBe('done');
    asksAnew(t, 'main');
  }));

  test('so does a fork, which has no answers, and leaves the branch as it was', marbles((_, scheduler) => {
    const t = stuck(scheduler);
    t.fork(t.state().checkpointId, 'anew');
    expect(t.run(null, { branch: 'anew' }).end).toBe('done');
    asksAnew(t, 'anew');
    expect(t.run(null).end).toBe(code);
  }));

  test('an update as the node takes its place; one as nobody keeps what is known of its questions', marbles((_, scheduler) => {
    const t = stuck(scheduler);
    t.update({ said: 'by nobody' });
    expect(t.run(null).end).toBe(code);
    t.update({ said: 'by hand' }, 'a');
    expect([t.state().next, t.run(null).last?.said]).toEqual([[], ['by nobody', 'by hand']]);
  }));
});

test('I3, F3: an expired interrupt is not tried again', marbles((_, scheduler) => {
  const t = threadOf((o) => asking({}).addNode('a', (_state, run) => run.interrupt('ok?', { ttlMs: 10 }).pipe(map((answer) => said(answer))), { retry: { maxAttempts: Infinity, initialMs: 1 } }).addEdge(START, 'a').compile(o), scheduler);
  t.run({});
  scheduler.schedule(() => {
    const told = toldRun(t.graph, null, { scheduler, thread: 't' });
    expect([told.run.end, told.lines('node_start', 'retry')]).toEqual(['TIMEOUT', ['@10 node_start a 1']]);
  }, 10);
  scheduler.flush();
  expect.assertions(1);
}));
