import { describe, expect, test } from '@jest/globals';
import { map, NEVER, timer } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import type { Checkpointer } from '../../src/pregel/checkpoints/Checkpointer.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import type { CompiledGraph } from '../../src/pregel/compiledGraph.js';
import type { Durability } from '../../src/pregel/engine/Home.js';
import type { StateSnapshot } from '../../src/pregel/engine/StateSnapshot.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { seededIds } from '../../src/testing/seededIds.js';
import { seededRandom } from '../../src/testing/seededRandom.js';
import { marbles } from '../marbles.js';
import { asking, yes } from './asking.js';
import { changed } from './changed.js';
import { heard } from './heard.js';
import { threadOf } from './threadOf.js';

interface Counting {
  readonly log: readonly string[];
  readonly n: number;
}

/** Counts to 5, a superstep in 2 ms. */
const counting = (options: object): CompiledGraph<Partial<Counting>, Counting> =>
  new StateGraph({ log: append<string>(), n: lastValue(0) })
    .addNode('a', ({ n }) => timer(2).pipe(map(() => ({ log: `${n}`, n: n + 1 }))))
    .addEdge(START, 'a')
    .addConditionalEdges('a', ({ n }) => (n % 5 === 0 ? END : 'a'))
    .compile(options) as never;

describe('K4: ids of checkpoints', () => {
  test('K4: sort by time, of one run and of the next, on the clock and the chance of the run', marbles((_, scheduler) => {
    const idsOf = (seed: number): readonly string[] => {
      const store = memoryCheckpointer({ scheduler });
      const graph = counting({ checkpointer: store });
      for (const input of [{}, { log: ['again'] }]) {
        graph.run(input, { thread: 't', scheduler, random: seededRandom(seed) }).subscribe();
        scheduler.flush();
      }
      return threadOf(counting, scheduler, store).history().map(({ checkpointId }) => checkpointId).reverse();
    };
    const ids = idsOf(1);
    expect([ids.length, [...ids].sort()]).toEqual([12, ids]);
    expect(ids.map((id) => id.slice(-12))).toEqual(idsOf(1).map((id) => id.slice(-12)));
    expect(ids.map((id) => id.slice(-12))).not.toEqual(idsOf(2).map((id) => id.slice(-12)));
  }));

  test('K4: are those that the run is given', marbles((_, scheduler) => {
    const t = threadOf((o) => counting(o), scheduler);
    const given: string[] = [];
    const ids = seededIds('mine');
    t.run({}, { ids: () => (given.push(ids()), given.at(-1) as string) });
    scheduler.flush();
    const used = t.history().map(({ checkpointId }) => checkpointId).reverse();
    expect(used).toHaveLength(6);
    expect(given.filter((id) => used.includes(id))).toEqual(used);
  }));
});

/** From its `at`th commit on it answers nothing any more: what was asked of it is lost, as when its machine dies. */
function dyingAt(at: number, store: Checkpointer): Checkpointer {
  let commits = 0;
  const dead = (): boolean => commits >= at;
  return changed(store, (s) => ({
    commit: (commit, owner) => (++commits >= at ? NEVER : s.commit(commit, owner)),
    putPending: (line, id, rows) => (dead() ? NEVER : s.putPending(line, id, rows)),
    renew: (...args) => (dead() ? NEVER : s.renew(...args)),
    release: (...args) => (dead() ? NEVER : s.release(...args)),
  }));
}

describe('K5: what a crash loses', () => {
  test.each<[Durability, string, number, readonly number[]]>([
    ['sync', 'nothing that was told', 7, [0, 0, 0, 0, 0]],
    ['async', 'one superstep at most', 7, [1, 1, 1, 1, 1]],
    ['exit', 'the run', 3, [5]],
  ])('K5: with %s it is %s', (durability, _what, commits, lost) => {
    const crashes = Array.from({ length: commits - 2 }, (_, at) => at + 2);
    const losses = crashes.map((at) => {
      let loss = -1;
      marbles((_, scheduler) => {
        const store = memoryCheckpointer({ scheduler });
        const told = threadOf((o) => counting({ ...o, durability }), scheduler, dyingAt(at, store)).run({});
        scheduler.schedule(() => told.leave(), 100);
        scheduler.flush();
        const after = threadOf(counting, scheduler, store, 'after');
        loss = (told.last?.n ?? 0) - after.state().values.n;
        scheduler.schedule(() => void after.run(null), 60_000);
        scheduler.flush();
        expect([told.end, after.state().values]).toEqual(['running', { n: 5, log: ['0', '1', '2', '3', '4'] }]);
      })();
      return loss;
    });
    expect(losses).toEqual(lost);
  });
});

describe('K7: retention', () => {
  test('K7: a pruned thread reads what it read, and goes on; what is gone is gone from its history', marbles((_, scheduler) => {
    const t = threadOf((o) => counting(o), scheduler);
    t.run({});
    scheduler.flush();
    const before = t.history();
    expect(heard(t.store.prune('t', { keepLast: 2 })).last).toBe(4);
    expect(t.history()).toEqual(before.slice(0, 2));
    expect(() => t.state('main', before[3]?.checkpointId)).toThrow();
    const next = threadOf(counting, scheduler, t.store, 'next').run({ n: 5, log: ['more'] });
    scheduler.flush();
    expect(next.last).toEqual({ n: 10, log: ['0', '1', '2', '3', '4', 'more', '5', '6', '7', '8', '9'] });
  }));

  test('K7: what a fork and an open question need is kept', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: yes }).compile(o), scheduler);
    for (const word of ['first', 'second', 'third']) {
      t.run({ said: [word] });
      if (word !== 'third') t.resume(word);
    }
    const { checkpointId: begins } = t.history()[3] as StateSnapshot<unknown>;
    t.fork(begins, 'x');
    const forked = t.state('x').values;
    heard(t.store.prune('t', { keepLast: 1 }));
    expect([t.history().map(({ checkpointId }) => checkpointId), t.state('x').values]).toEqual([[t.state().checkpointId, begins], forked]);
    expect(t.resume('yes').last?.said).toEqual(['first', '"first"', 'second', '"second"', 'third', '"yes"']);
  }));

  test('K7: by age, on the store’s clock', marbles((_, scheduler) => {
    const t = threadOf((o) => counting(o), scheduler);
    t.run({});
    scheduler.flush(); // commits at 0, 2 … 10 ms
    heard(t.store.prune('t', { maxAgeMs: 5 }));
    expect(t.history().map(({ createdAt }) => createdAt)).toEqual([10, 8, 6]);
    expect(t.state().values.log).toEqual(['0', '1', '2', '3', '4']);
  }));

  test('K7: a deleted thread is gone with the graphs in it, and begins anew; nobody else’s is touched', marbles((_, scheduler) => {
    const sub = asking({ ask: yes }).compile({ name: 'sub' });
    const t = threadOf((o) => new StateGraph({ said: append<string>(), n: lastValue(0) }).addNode('inner', sub).addEdge(START, 'inner').compile(o), scheduler);
    const other = { thread: 't2', ids: seededIds('o') };
    for (const config of [{}, other]) t.run({}, config);
    heard(t.store.deleteThread('t'));
    expect(() => t.state()).toThrow('the thread has no checkpoint');
    expect(t.resume('yes').end).toBe('UNKNOWN_CHECKPOINT');
    expect(t.resume('yes', other).last?.said).toEqual(['"yes"']);
    expect([t.run({}).last?.said, t.open().length]).toEqual([[], 1]);
    expect(t.resume('anew').last?.said).toEqual(['"anew"']);
  }));
});
