import { describe, expect, jest, test } from '@jest/globals';
import { forkJoin, map, type Observable, type SchedulerLike } from 'rxjs';
import type { InterruptOptions } from '../../src/core/context/TaskScope.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import type { Run } from '../../src/core/flow/start.js';
import { seededIds } from '../../src/testing/seededIds.js';
import { marbles } from '../marbles.js';
import { asking, said } from './asking.js';
import { heard, type Heard } from './heard.js';
import { threadOf, type ThreadUnderTest } from './threadOf.js';

interface Said {
  readonly said: readonly string[];
  readonly n: number;
}

const asks = (options: InterruptOptions) => (run: RunScope): Observable<unknown> => run.interrupt('ok?', options).pipe(map((answer) => said(answer)));

interface Waiting {
  readonly t: ThreadUnderTest<object, Said>;
  readonly run: Run<Said, Said>;
  readonly status: Heard<string>;
}

function waiting(scheduler: SchedulerLike, nodes: Readonly<Record<string, InterruptOptions>>): Waiting {
  const t = threadOf((o) => asking(Object.fromEntries(Object.entries(nodes).map(([name, options]) => [name, asks(options)]))).compile(o), scheduler) as ThreadUnderTest<object, Said>;
  const run = t.graph.start({}, { thread: 't', scheduler, ids: seededIds('c') }) as Run<Said, Said>;
  return { t, run, status: heard(run.status$) };
}

describe('I3: a started run keeps the deadlines of its interrupts', () => {
  test('nobody answers: it goes on by itself with onExpiry', marbles((_, scheduler) => {
    const { t, run, status } = waiting(scheduler, { a: { ttlMs: 100, onExpiry: 'no' } });
    const asked = heard(run.interrupts$);
    expect(asked.values).toMatchObject([{ payload: 'ok?', expiresAt: 100 }]);
    scheduler.schedule(() => expect(status.last).toBe('waiting_for_input'), 99);
    scheduler.schedule(() => expect([status.last, t.state().values.said]).toEqual(['done', ['"no"']]), 100);
    scheduler.flush();
    expect(status.values).toEqual(['waiting_for_input', 'running', 'done']);
  }));

  test('without onExpiry it fails with TIMEOUT', async () => {
    let failed: Promise<unknown> | undefined;
    marbles((_, scheduler) => {
      const { run, status } = waiting(scheduler, { a: { ttlMs: 100 } });
      failed = run.result.catch((error: unknown) => error);
      scheduler.flush();
      expect(status.last).toBe('failed');
    })();
    expect(await failed).toMatchObject({ code: 'TIMEOUT' });
  });

  test('each interrupt has its own deadline', marbles((_, scheduler) => {
    const { t, run, status } = waiting(scheduler, { a: { ttlMs: 300, onExpiry: 'late' }, b: { ttlMs: 100, onExpiry: 'early' }, c: {} });
    scheduler.schedule(() => expect([status.last, t.open().length]).toEqual(['waiting_for_input', 2]), 101);
    scheduler.schedule(() => expect([status.last, t.open().length]).toEqual(['waiting_for_input', 1]), 301);
    scheduler.schedule(() => run.resume('c'), 400);
    scheduler.flush();
    expect([status.last, t.state().values.said]).toEqual(['done', ['"late"', '"early"', '"c"']]);
  }));

  test('one that is answered in time has none any more', marbles((_, scheduler) => {
    const { t, run, status } = waiting(scheduler, { a: { ttlMs: 100, onExpiry: 'no' }, b: {} });
    const [a] = t.open();
    scheduler.schedule(() => run.resume({ [String(a)]: 'yes' }), 50);
    scheduler.flush();
    expect([status.values, scheduler.now()]).toEqual([['waiting_for_input', 'running', 'waiting_for_input'], 50]);
  }));

  test.each<[string, (run: Run<Said, Said>) => void]>([['cancelled', (run) => run.cancel()], ['drained', (run) => run.drain()]])('one that is %s is not woken; its thread keeps what waits', (ending, end) => {
    marbles((_, scheduler) => {
      const { t, run, status } = waiting(scheduler, { a: { ttlMs: 100, onExpiry: 'no' } });
      run.result.catch(() => undefined);
      scheduler.schedule(() => end(run), 50);
      scheduler.flush();
      expect([status.last, t.open().length, scheduler.now()]).toEqual([ending, 1, 50]);
    })();
  });

  test('a process that starts anew keeps the deadline that was set before', marbles((_, scheduler) => {
    const { t, run } = waiting(scheduler, { a: { ttlMs: 100, onExpiry: 'no' } });
    run.drain();
    const ends: unknown[] = [];
    scheduler.schedule(() => {
      const status = heard(t.graph.start(null, { thread: 't', scheduler, ids: seededIds('later') }).status$);
      ends.push(status.last);
      scheduler.schedule(() => ends.push(status.last), 41);
    }, 60);
    scheduler.flush();
    expect([ends, t.state().values.said]).toEqual([['waiting_for_input', 'done'], ['"no"']]);
  }));

  test('a deadline further off than a timer reaches is kept', marbles((_, scheduler) => {
    const schedule = jest.spyOn(scheduler, 'schedule');
    const days = 60 * 86_400_000;
    const { status } = waiting(scheduler, { a: { ttlMs: days, onExpiry: 'no' } });
    scheduler.flush();
    expect([status.last, scheduler.now()]).toEqual(['done', days]);
    expect(schedule.mock.calls.map(([, delay = 0]) => delay).filter((delay) => delay > 2 ** 31 - 1)).toEqual([]);
  }));

  test('two calls of one node: the answer of one stays with the expiry of the other', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: (run) => forkJoin([run.interrupt('x?', { ttlMs: 100, onExpiry: 'none' }), run.interrupt('y?')]).pipe(map(([x, y]) => said(x, y))) }).compile(o), scheduler);
    const run = t.graph.start({}, { thread: 't', scheduler, ids: seededIds('c') });
    const status = heard(run.status$);
    scheduler.schedule(() => run.resume('y'), 150);
    scheduler.flush();
    expect([status.last, t.state().values.said]).toEqual(['done', ['"none"', '"y"']]);
  }));
});
