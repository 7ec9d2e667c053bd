import { describe, expect, test } from '@jest/globals';
import { concat, defer, ignoreElements, map, NEVER, type Observable, timer, type SchedulerLike } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import type { Checkpointer } from '../../src/pregel/checkpoints/Checkpointer.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import type { CompiledGraph } from '../../src/pregel/compiledGraph.js';
import type { LeaseOptions } from '../../src/pregel/engine/LeasePolicy.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';
import { changed } from './changed.js';
import { threadOf, type ThreadUnderTest } from './threadOf.js';

interface Talk {
  readonly said: readonly string[];
  readonly left: number;
}

/** Says `left` words, one superstep each of 10 ms. */
function talking(options: object): CompiledGraph<Partial<Talk>, Talk> {
  return new StateGraph({ said: append<string>(), left: lastValue(1) })
    .addNode('a', ({ left }) => timer(10).pipe(map(() => ({ said: `${left}`, left: left - 1 }))))
    .addEdge(START, 'a')
    .addConditionalEdges('a', ({ left }) => (left > 0 ? 'a' : END))
    .compile(options) as never;
}

const talk = (scheduler: SchedulerLike, lease: LeaseOptions, store?: Checkpointer, process?: string): ThreadUnderTest<Partial<Talk>, Talk> => threadOf(talking, scheduler, store, process, lease);

const slowly = <T>(ms: number, work: Observable<T>): Observable<T> => concat(timer(ms).pipe(ignoreElements()), defer(() => work));

const saying = (...said: readonly string[]): Partial<Talk> => ({ said, left: 1 });

describe('F7: concurrentRuns: queue', () => {
  test('runs on a busy thread wait, and go in the order they came', marbles((_, scheduler) => {
    const t = talk(scheduler, { concurrentRuns: 'queue' });
    const runs = ['x', 'y', 'z'].map((name) => t.run(saying(name)));
    const ends: string[] = [];
    for (const at of [5, 15, 25]) scheduler.schedule(() => void ends.push(runs.map(({ end }) => end).join(' ')), at);
    scheduler.flush();
    expect(ends).toEqual(['running running running', 'done running running', 'done done running']);
    expect(t.state().values.said).toEqual(['x', '1', 'y', '1', 'z', '1']);
  }));

  test('a thread that is free is run at once, and threads don’t wait for each other', marbles((_, scheduler) => {
    const t = talk(scheduler, { concurrentRuns: 'queue' });
    const [one, other] = [t.run(saying('x')), t.run(saying('y'), { thread: 'other' })];
    scheduler.schedule(() => expect([one.end, other.end]).toEqual(['done', 'done']), 10);
    scheduler.flush();
  }));

  test('a run that leaves gives up its place, and nothing of it is stored', marbles((_, scheduler) => {
    const t = talk(scheduler, { concurrentRuns: 'queue' });
    const [, second, third] = [t.run(saying('x')), t.run(saying('y')), t.run(saying('z'))];
    scheduler.schedule(() => second?.leave(), 5);
    scheduler.flush();
    expect([t.state().values.said, third?.end]).toEqual([['x', '1', 'z', '1'], 'done']);
  }));

  test('the wait is bounded: THREAD_BUSY after busyTimeoutMs', marbles((_, scheduler) => {
    const t = talk(scheduler, { concurrentRuns: 'queue', busyTimeoutMs: 15 });
    const [, second, third] = [t.run(saying('x')), t.run(saying('y')), t.run(saying('z'))];
    scheduler.schedule(() => expect([second?.end, third?.end]).toEqual(['running', 'running']), 14);
    scheduler.schedule(() => expect([second?.end, third?.end]).toEqual(['running', 'THREAD_BUSY']), 16);
    scheduler.flush();
    expect(second?.end).toBe('done');
  }));

  test('another process’s run is waited for, asking ever more rarely', marbles((_, scheduler) => {
    const memory = memoryCheckpointer({ scheduler });
    let asked = 0;
    const spied = changed(memory, (s) => ({ acquire: (...args) => (asked++, s.acquire(...args)) }));
    const theirs = talk(scheduler, {}, memory, 'theirs');
    const ours = talk(scheduler, { concurrentRuns: 'queue' }, spied, 'ours');
    theirs.run({ said: ['x'], left: 1_000 }, { recursionLimit: 1_000 });
    const run = ours.run(saying('y'));
    scheduler.flush();
    expect([run.end, ours.state().values.said.slice(-3)]).toEqual(['done', ['1', 'y', '1']]);
    expect(asked).toBeGreaterThan(10);
    expect(asked).toBeLessThan(25); // in ten seconds
  }));

  test.each([[undefined, 30_000], [5_000, 5_000]])('the thread of a process that died is free when its lease of %p ms runs out', (leaseMs, freeAt) => {
    marbles((_, scheduler) => {
      const memory = memoryCheckpointer({ scheduler });
      const lease = { concurrentRuns: 'queue', ...(leaseMs && { leaseMs }) } as const;
      const dead = talk(scheduler, lease, changed(memory, () => ({ release: () => NEVER, renew: () => NEVER })), 'dead');
      dead.run(saying('x')).leave();
      const live = talk(scheduler, lease, memory, 'live');
      const run = live.run(null);
      scheduler.schedule(() => expect(run.end).toBe('running'), freeAt - 1);
      scheduler.schedule(() => expect([run.end, live.state().values.said]).toEqual(['done', ['x', '1']]), freeAt + 1_500);
      scheduler.flush();
    })();
  });

  test('updateState waits its turn', marbles((_, scheduler) => {
    const t = talk(scheduler, { concurrentRuns: 'queue' });
    t.run(saying('x'));
    const update = t.update({ said: ['updated'] });
    expect(update.end).toBe('running');
    scheduler.flush();
    expect([update.end, t.state().values.said]).toEqual(['done', ['x', '1', 'updated']]);
  }));

  test('2,000 runs that wait grow no stack', marbles((_, scheduler) => {
    const t = threadOf((o) => new StateGraph({ n: lastValue(0) }).addNode('a', ({ n }) => ({ n: n + 1 })).addNode('wait', () => timer(1).pipe(map(() => ({}))))
      .addConditionalEdges(START, ({ n }) => (n === 0 ? ['wait', 'a'] : 'a')).compile(o) as CompiledGraph<object, { readonly n: number }>, scheduler, undefined, undefined, { concurrentRuns: 'queue' });
    for (let run = 0; run < 2_000; run++) t.run({});
    scheduler.flush();
    expect(t.state().values.n).toBe(2_000);
  }));
});

describe('F7: concurrentRuns: interrupt', () => {
  test('the run that is there ends with CANCELLED, and the new one goes on from its last checkpoint', marbles((_, scheduler) => {
    const t = talk(scheduler, { concurrentRuns: 'interrupt' });
    const events = recorder();
    const first = t.run({ said: ['x'], left: 5 }, { events });
    const ends: string[] = [];
    scheduler.schedule(() => {
      const second = t.run(saying('y'));
      ends.push(first.end, second.end);
    }, 25);
    scheduler.flush();
    expect(ends).toEqual(['CANCELLED', 'running']);
    expect(t.state().values.said).toEqual(['x', '5', '4', 'y', '1']);
    expect(events.events.at(-1)).toMatchObject({ type: 'run_end', status: 'cancelled' });
  }));

  test('the newest wins: those that wait end too', marbles((_, scheduler) => {
    const store = changed(memoryCheckpointer({ scheduler }), (s) => ({ commit: (commit, owner) => slowly(5, s.commit(commit, owner)) }));
    const t = talk(scheduler, { concurrentRuns: 'interrupt' }, store);
    const first = t.run(saying('x'));
    const [second, third] = [t.run(saying('y')), t.run(saying('z'))];
    expect(second.end).toBe('CANCELLED');
    scheduler.flush();
    expect([first.end, third.end, t.state().values.said]).toEqual(['CANCELLED', 'done', ['x', 'z', '1']]);
  }));

  test('a commit that was handed to the store is waited for: the new run goes on from it', marbles((_, scheduler) => {
    const store = changed(memoryCheckpointer({ scheduler }), (s) => ({ commit: (commit, owner) => slowly(20, s.commit(commit, owner)) }));
    const t = talk(scheduler, { concurrentRuns: 'interrupt' }, store);
    const first = t.run({ said: ['x'], left: 5 });
    scheduler.schedule(() => void t.run(saying('y')), 35); // input at 20, step at 30, its commit until 50
    scheduler.schedule(() => expect(first.end).toBe('running'), 49);
    scheduler.flush();
    expect([first.end, t.state().values.said]).toEqual(['CANCELLED', ['x', '5', 'y', '1']]);
  }));

  test('another process’s run is waited for, and updateState interrupts none', marbles((_, scheduler) => {
    const memory = memoryCheckpointer({ scheduler });
    const theirs = talk(scheduler, { concurrentRuns: 'interrupt' }, changed(memory, () => ({})), 'theirs');
    const ours = talk(scheduler, { concurrentRuns: 'interrupt' }, memory, 'ours');
    const [their, our, update] = [theirs.run(saying('x')), ours.run(saying('y')), ours.update({ said: ['updated'] })];
    scheduler.flush();
    expect([their.end, our.end, update.end]).toEqual(['done', 'done', 'done']);
    expect(ours.state().values.said).toEqual(['x', '1', 'y', '1', 'updated']);
  }));
});

describe('F7: what outlives an unsubscribe', () => {
  test('the thread is free once a commit that was handed to the store is written', marbles((_, scheduler) => {
    const store = changed(memoryCheckpointer({ scheduler }), (s) => ({ commit: (commit, owner) => slowly(20, s.commit(commit, owner)) }));
    const t = talk(scheduler, {}, store);
    const first = t.run(saying('x'));
    scheduler.schedule(() => first.leave(), 35);
    scheduler.schedule(() => expect(t.run(null).end).toBe('THREAD_BUSY'), 49);
    scheduler.schedule(() => expect(t.run(null).end).toBe('done'), 51);
    scheduler.flush();
    expect(t.state().values.said).toEqual(['x', '1']);
  }));

  test('a store that hangs holds the thread no longer than the lease, and lets a run that failed end', marbles((_, scheduler) => {
    const memory = memoryCheckpointer({ scheduler });
    const hanging = changed(memory, (s) => ({ putPending: () => NEVER, release: (...args) => s.release(...args) }));
    const graph = (o: object): CompiledGraph<object, object> => new StateGraph({ said: append<string>() })
      .addNode('kept', () => ({ said: 'a' })).addNode('fails', () => timer(5).pipe(map(() => { throw new Error('down'); })))
      .addEdge(START, 'kept').addEdge(START, 'fails').compile(o) as never;
    const t = threadOf(graph, scheduler, hanging, 'c', { leaseMs: 1_000 });
    const run = t.run({});
    scheduler.schedule(() => expect(run.end).toBe('running'), 1_004);
    scheduler.schedule(() => expect(run.end).toBe('down'), 1_006);
    scheduler.flush();
  }));
});

test('options that can’t be meant are refused', () => {
  for (const lease of [{ concurrentRuns: 'wait' as never }, { leaseMs: 0 }, { busyTimeoutMs: -1 }]) expect(() => talking(lease)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
});
