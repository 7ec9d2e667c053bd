import { describe, expect, test } from '@jest/globals';
import { concat, defer, ignoreElements, map, NEVER, Observable, of, throwError, timer } from 'rxjs';
import { aggregate, append, lastValue, messages, overwrite, untracked } from '../../src/channels/index.js';
import type { Checkpointer, Commit } from '../../src/pregel/checkpoints/Checkpointer.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import { StoreError } from '../../src/pregel/checkpoints/StoreError.js';
import type { CompiledGraph } from '../../src/pregel/compiledGraph.js';
import type { Durability } from '../../src/pregel/engine/Home.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { send } from '../../src/pregel/graph/send.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { seededIds } from '../../src/testing/seededIds.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';
import { asking, said } from './asking.js';
import { changed } from './changed.js';
import { heard } from './heard.js';
import { threadOf } from './threadOf.js';

interface Counting {
  readonly log: readonly string[];
  readonly n: number;
}

/** Counts to `to` in a cycle, one superstep each, which takes `ms`. */
function counting(options: object, to: number, ms = 0): CompiledGraph<Partial<Counting>, Counting> {
  return new StateGraph({ log: append<string>(), n: lastValue(0) })
    .addNode('a', ({ n }) => (ms === 0 ? { log: `${n}`, n: n + 1 } : timer(ms).pipe(map(() => ({ log: `${n}`, n: n + 1 })))))
    .addEdge(START, 'a')
    .addConditionalEdges('a', ({ n }) => (n < to ? 'a' : END))
    .compile(options) as never;
}

const LETTERS = 'abcd';

const slowly = <T>(ms: number, work: Observable<T>): Observable<T> => concat(timer(ms).pipe(ignoreElements()), defer(() => work));

describe('K1: the fenced commit', () => {
  test('one superstep is one commit, with its source, step and run', marbles((_, scheduler) => {
    const t = threadOf((o) => counting(o, 2), scheduler);
    t.run({ log: ['start'] }, { runId: 'r1' });
    expect(t.history().map(({ metadata, values }) => ({ ...metadata, n: values.n }))).toEqual([
      { source: 'loop', step: 1, runId: 'r1', traceId: 'r1', n: 2 },
      { source: 'loop', step: 0, runId: 'r1', traceId: 'r1', n: 1 },
      { source: 'input', step: -1, runId: 'r1', traceId: 'r1', n: 0 },
    ]);
    expect(t.history().map(({ parentId }) => parentId)).toEqual([...t.history().map(({ checkpointId }) => checkpointId).slice(1), undefined]);
  }));

  test('the next superstep starts after the commit: a state is seen once it is acknowledged', marbles(({ expectObservable }, scheduler) => {
    const store = changed(memoryCheckpointer(), (s) => ({ commit: (commit, owner) => slowly(10, s.commit(commit, owner)) }));
    expectObservable(counting({ checkpointer: store }, 2, 1).run({}, { thread: 't', scheduler }).pipe(map(({ n }) => LETTERS[n]))).toBe('10ms a 10ms b 10ms (c|)');
  }));

  test('a second run on a busy thread is refused, and leaves it alone', marbles((_, scheduler) => {
    const t = threadOf((o) => counting(o, 2, 5), scheduler);
    const first = t.run({});
    expect(t.run({}).end).toBe('THREAD_BUSY');
    expect(t.update({ n: 9 }).end).toBe('THREAD_BUSY');
    scheduler.flush();
    expect([first.end, first.last?.n]).toEqual(['done', 2]);
  }));

  test('the thread is free once its run has ended, for whoever hears the end', marbles((_, scheduler) => {
    const t = threadOf((o) => counting(o, 1), scheduler);
    const config = { thread: 't', scheduler };
    expect(heard(concat(t.graph.run({}, config), t.graph.run({ n: 0 }, config))).end).toBe('done');
    t.run({ n: 0 }).leave();
    expect(t.run(null).end).toBe('done');
  }));

  test('a lease that is renewed in time keeps others out; nothing is renewed after the run', marbles((_, scheduler) => {
    const t = threadOf((o) => counting(o, 1, 100_000), scheduler);
    t.run({});
    let renewals = 0;
    const spied = changed(t.store, (s) => ({ renew: (...args) => (renewals++, s.renew(...args)) }));
    const other = threadOf((o) => counting(o, 1, 35_000), scheduler, spied, 'other');
    scheduler.schedule(() => expect(other.run({}).end).toBe('THREAD_BUSY'), 95_000);
    scheduler.schedule(() => void other.run({ n: 0 }), 100_001);
    scheduler.flush();
    expect([other.state().values.n, renewals]).toEqual([1, 3]);
  }));

  test('a renewal that fails is tried again', marbles((_, scheduler) => {
    let failures = 2;
    const store = changed(memoryCheckpointer(), (s) => ({ renew: (...args) => (failures-- > 0 ? throwError(() => new StoreError('unreachable')) : s.renew(...args)) }));
    const t = threadOf((o) => counting(o, 1, 100_000), scheduler, store);
    const run = t.run({});
    scheduler.schedule(() => expect(t.run({}).end).toBe('THREAD_BUSY'), 55_000);
    scheduler.flush();
    expect(run.end).toBe('done');
  }));

  test('a lost lease is LEASE_LOST at the next commit, and the other owner’s run goes on', marbles((_, scheduler) => {
    const memory = memoryCheckpointer();
    const deaf = changed(memory, () => ({ renew: () => NEVER }));
    const [lost, other] = [threadOf((o) => counting(o, 3, 40_000), scheduler, deaf), threadOf((o) => counting(o, 3, 1_000), scheduler, memory, 'other')];
    const run = lost.run({});
    scheduler.schedule(() => void other.run(null), 39_500);
    scheduler.flush();
    expect([run.end, other.state().values]).toEqual(['LEASE_LOST', { n: 3, log: ['0', '1', '2'] }]);
  }));

  test('a stale commit writes nothing: of two runs that passed the lease, one goes on', marbles((_, scheduler) => {
    const memory = memoryCheckpointer();
    const unleased = (): Checkpointer => changed(memory, () => ({ acquire: (thread, owner) => of({ thread, owner, expiresAt: 0 }), renew: () => NEVER }));
    const [a, b] = [threadOf((o) => counting(o, 3, 10), scheduler, unleased()), threadOf((o) => counting(o, 3, 11), scheduler, unleased())];
    const first = a.run({});
    const second = heard(b.graph.run(null, { thread: 't', scheduler, ids: seededIds('b') }));
    scheduler.flush();
    expect([first.end, second.end]).toEqual(['done', 'STALE_CHECKPOINT']);
    expect(a.history().map(({ step }) => step)).toEqual([2, 1, 0, -1]);
  }));
});

describe('K3: finished work is kept', () => {
  test('a finished sibling’s writes are stored as it finishes, and not run again', marbles((_, scheduler) => {
    const runs = { quick: 0, slow: 0 };
    const t = threadOf((o) => asking({ quick: () => timer(1).pipe(map(() => (runs.quick++, said('quick')))), slow: () => timer(5).pipe(map(() => (runs.slow++, said('slow')))) }).compile(o), scheduler);
    const crashing = t.run({});
    scheduler.schedule(() => crashing.leave(), 3);
    scheduler.flush();
    t.run(null);
    scheduler.flush();
    expect([t.state().values.said, runs]).toEqual([['"quick"', '"slow"'], { quick: 1, slow: 1 }]);
  }));

  test('an overwrite, a command and a send survive as what they are', marbles((_, scheduler) => {
    let fails = true;
    const graph = (o: object): CompiledGraph<{ said?: readonly string[] }, { readonly said: readonly string[] }> =>
      new StateGraph({ said: append<string>() })
        .addNode('told', (words: string) => ({ said: words }))
        .addNode('writes', () => ({ said: overwrite(['over']) }))
        .addNode('breaks', () => {
          if (fails) throw new Error('down');
          return {};
        })
        .addConditionalEdges('writes', () => send('told', 'sent'))
        .addEdge(START, 'writes').addEdge(START, 'breaks')
        .compile(o) as never;
    const t = threadOf(graph, scheduler);
    const store = t.store as ReturnType<typeof memoryCheckpointer>;
    const order = t.run({ said: ['old'] });
    expect([order.end, store.bytes() > 0]).toEqual(['down', true]);
    fails = false;
    expect(t.run(null).last?.said).toEqual(['over', 'sent']);
  }));
});

describe('K5: durability', () => {
  test.each<[Durability, string]>([
    ['sync', '10ms a 10ms b 10ms c 10ms (d|)'],
    ['async', '10ms ab 9ms c 9ms d 9ms |'],
    ['exit', '10ms abcd 9ms |'],
  ])('%s', (durability, diagram) => {
    marbles(({ expectObservable }, scheduler) => {
      const store = changed(memoryCheckpointer(), (s) => ({ commit: (commit, owner) => slowly(10, s.commit(commit, owner)) }));
      expectObservable(counting({ checkpointer: store, durability }, 3, 1).run({}, { thread: 't', scheduler }).pipe(map(({ n }) => LETTERS[n]))).toBe(diagram);
      scheduler.flush();
      const t = threadOf((o) => counting(o, 3), scheduler, store);
      expect(t.state().values).toEqual({ log: ['0', '1', '2'], n: 3 });
      expect(t.history()).toHaveLength(durability === 'exit' ? 2 : 4);
    })();
  });

  test.each<Durability>(['sync', 'async', 'exit'])('%s: on failure and interrupt everything so far is stored', (durability) => {
    marbles((_, scheduler) => {
      let fails = true;
      const graph = (o: object): CompiledGraph<Partial<Counting>, Counting> =>
        new StateGraph({ log: append<string>(), n: lastValue(0) })
          .addNode('a', () => ({ log: overwrite(['a']), n: 1 })).addNode('b', () => ({ log: 'b' })).addNode('sibling', () => ({ n: 2 }))
          .addNode('c', (_s, run) => {
            if (fails) throw new Error('down');
            return run.interrupt('ok?').pipe(map((x) => ({ log: String(x) })));
          })
          .addEdge(START, 'a').addEdge('a', 'b').addEdge('b', 'c').addEdge('b', 'sibling')
          .compile({ ...o, durability }) as never;
      const t = threadOf(graph, scheduler);
      expect(t.run({ log: ['old'] }).end).toBe('down');
      expect(t.state()).toMatchObject({ values: { log: ['a', 'b'], n: 1 }, next: ['c', 'sibling'] });
      fails = false;
      expect(t.run(null).end).toBe('done');
      expect(t.state().interrupts).toMatchObject([{ payload: 'ok?' }]);
      expect(t.resume('yes').last).toEqual({ log: ['a', 'b', 'yes'], n: 2 });
    })();
  });

  test.each<Durability>(['sync', 'async', 'exit'])('%s: a failing commit fails the run', (durability) => {
    marbles((_, scheduler) => {
      let commits = 0;
      const store = changed(memoryCheckpointer(), (s) => ({ commit: (commit, owner) => (++commits === 2 ? throwError(() => new StoreError('full')) : s.commit(commit, owner)) }));
      const t = threadOf((o) => counting({ ...o, durability }, 5), scheduler, store);
      expect(t.run({}).end).toBe('STORE_FAILED');
      expect(t.state().values).toEqual({ log: [], n: 0 });
      expect(t.run(null).last).toEqual({ log: ['0', '1', '2', '3', '4'], n: 5 });
    })();
  });

  test('an unsubscribe does not tear a commit', marbles((_, scheduler) => {
    let torn = 0;
    const store = changed(memoryCheckpointer(), (s) => ({
      commit: (commit, owner) => new Observable<never>((subscriber) => {
        const inner = slowly(10, s.commit(commit, owner)).subscribe(subscriber);
        return () => void (inner.closed || torn++);
      }),
    }));
    const t = threadOf((o) => counting(o, 3, 1), scheduler, store);
    const run = t.run({});
    scheduler.schedule(() => run.leave(), 15);
    scheduler.flush();
    expect([torn, t.state().values.n]).toEqual([0, 1]);
  }));

  test('an error of a commit that outlives its run is a late_error', marbles((_, scheduler) => {
    let commits = 0;
    const store = changed(memoryCheckpointer(), (s) => ({ commit: (commit, owner) => slowly(10, ++commits === 2 ? throwError(() => new StoreError('full')) : s.commit(commit, owner)) }));
    const t = threadOf((o) => counting(o, 3, 1), scheduler, store);
    const events = recorder();
    const run = t.run({}, { events });
    scheduler.schedule(() => run.leave(), 15);
    scheduler.flush();
    expect(events.events.filter(({ type }) => type === 'late_error')).toHaveLength(1);
  }));
});

describe('K9, G7: what is stored', () => {
  const graph = (value: unknown) => (o: object): CompiledGraph<object, object> =>
    new StateGraph({ doc: lastValue<unknown>(null), list: append<unknown>(), count: aggregate('sum', 0) })
      .addNode('a', () => value as never).addEdge(START, 'a').compile(o) as never;

  test.each<[string, unknown, RegExp]>([
    ['a Map', { doc: { at: new Map() } }, /channel 'doc', at doc\.at/],
    ['a Date in a list', { list: [1, new Date(0)] }, /channel 'list', at list/],
    ['a bigint', { doc: [1n] }, /channel 'doc', at doc\[0\]/],
  ])('%s is refused at the write, naming channel and path; nothing is committed', (_name, value, message) => {
    marbles((_, scheduler) => {
      const t = threadOf(graph(value), scheduler);
      const run = t.run({});
      expect([run.end, String(run.error)]).toEqual(['INVALID_UPDATE', expect.stringMatching(message)]);
      expect(t.history()).toHaveLength(1);
    })();
  });

  test('so are an input, a payload and what a send carries', marbles((_, scheduler) => {
    expect(threadOf(graph({}), scheduler).run({ doc: new Set() }).end).toBe('INVALID_UPDATE');
    expect(threadOf((o) => asking({ a: (run) => run.interrupt({ at: new Date(0) }) }).compile(o), scheduler).run({}).end).toBe('INVALID_UPDATE');
    const sends = (o: object): CompiledGraph<object, object> => new StateGraph({ doc: lastValue(0) }).addNode('a', (_x: unknown) => ({})).addConditionalEdges(START, () => send('a', new Map())).compile(o) as never;
    expect(threadOf(sends, scheduler).run({}).end).toBe('INVALID_UPDATE');
  }));

  test('a newer format is refused, and so is what is damaged', marbles((_, scheduler) => {
    const damage = (patch: Partial<Commit>) => changed(memoryCheckpointer(), (s) => ({ commit: (commit, owner) => s.commit({ ...commit, ...patch }, owner) }));
    const ends = [{ format: 99 }, { body: '{"due":' }, { body: 'null' }, { body: '{"due":[{}]}' }, { body: '[]' }].map((patch) => {
      const t = threadOf((o) => counting(o, 1), scheduler, damage(patch));
      t.run({});
      return t.run(null).end;
    });
    expect(ends).toEqual(['STORED_NEWER', 'STORED_INVALID', 'STORED_INVALID', 'STORED_INVALID', 'STORED_INVALID']);
  }));

  test.each(['{', '{}', '["a"]', '[1,2]', '"x"'])('damaged work is refused: %s', (json) => {
    marbles((_, scheduler) => {
      for (const key of ['writes', 'open:0', 'answer:x', 'once:x']) {
        if (json === '[1,2]' && /answer|once/.test(key)) continue; // a list is what they are
        if (json === '["a"]' && key !== 'writes' && key !== 'open:0') continue;
        const t = threadOf((o) => counting(o, 2, 5), scheduler);
        t.run({}).leave();
        heard(t.store.putPending({ thread: 't', namespace: '', branch: 'main' }, t.state().checkpointId, [{ taskId: 'x', key, json }]));
        expect(t.run(null).end).toBe('STORED_INVALID');
      }
    })();
  });
});

describe('G7: what changed under a stored thread', () => {
  const started = (scheduler: Parameters<typeof threadOf>[1]): Checkpointer => {
    const t = threadOf((o) => new StateGraph({ log: append<string>(), n: lastValue(0), old: lastValue(1) }).addNode('a', () => ({})).addNode('b', () => timer(5).pipe(map(() => ({}))))
      .addEdge(START, 'a').addEdge('a', 'b').compile(o), scheduler);
    t.run({ log: ['x'] }).leave();
    return t.store;
  };

  test('a missing node is GRAPH_CHANGED, naming it; the thread can still be looked at', marbles((_, scheduler) => {
    const t = threadOf((o) => new StateGraph({ log: append<string>(), n: lastValue(0), old: lastValue(1) }).addNode('renamed', () => ({})).addEdge(START, 'renamed').compile(o), scheduler, started(scheduler), 'new');
    const run = t.run(null);
    expect([run.end, String(run.error)]).toEqual(['GRAPH_CHANGED', expect.stringContaining("'b'")]);
    expect(t.state().next).toEqual(['b']);
  }));

  test.each<[string, object, RegExp]>([
    ['a missing channel', { log: append<string>(), n: lastValue(0) }, /'old' \(lastValue\)/],
    ['another kind', { log: append<string>(), n: aggregate('sum', 0), old: lastValue(1) }, /'n' that was lastValue, and is aggregate sum/],
    ['another reducer', { log: aggregate('union'), n: lastValue(0), old: lastValue(1) }, /'log' that was aggregate append, and is aggregate union/],
  ])('%s is GRAPH_CHANGED, naming it', (_name, channels, message) => {
    marbles((_, scheduler) => {
      const t = threadOf((o) => new StateGraph(channels as never).addNode('b', () => ({})).addEdge(START, 'b' as never).compile(o), scheduler, started(scheduler), 'new');
      const run = t.run(null as never);
      expect([run.end, String(run.error)]).toEqual(['GRAPH_CHANGED', expect.stringMatching(message)]);
    })();
  });

  test('a new channel, or another order, is no change', marbles((_, scheduler) => {
    const t = threadOf((o) => new StateGraph({ old: lastValue(1), fresh: lastValue('f'), log: append<string>(), n: lastValue(0) }).addNode('b', ({ log }) => ({ fresh: log.join('') })).addEdge(START, 'b').compile(o), scheduler, started(scheduler), 'new');
    expect(t.run(null).last).toEqual({ log: ['x'], n: 0, old: 1, fresh: 'x' });
    expect(t.state().values.fresh).toBe('x');
  }));

  test('joins are known by their nodes: a half-filled one is found again, and one that is gone is named', marbles((_, scheduler) => {
    const joined = (extra: boolean, join: boolean) => (o: object): CompiledGraph<object, { readonly log: readonly string[] }> => {
      const graph = new StateGraph({ log: append<string>() })
        .addNode('a', () => ({ log: 'a' })).addNode('b', () => ({ log: 'b' })).addNode('b2', () => timer(5).pipe(map(() => ({ log: 'b2' })))).addNode('c', () => ({ log: 'c' })).addNode('d', () => ({ log: 'd' }))
        .addEdge(START, 'a').addEdge(START, 'b').addEdge('b', 'b2').addEdge('a', 'd');
      if (extra) graph.addEdge(['a', 'd'], 'c');
      return (join ? graph.addEdge(['a', 'b2'], 'c') : graph.addEdge('b2', 'c')).compile(o) as never;
    };
    const t = threadOf(joined(false, true), scheduler);
    t.run({}).leave();
    const gone = threadOf(joined(false, false), scheduler, t.store, 'new').run(null);
    expect([gone.end, String(gone.error)]).toEqual(['GRAPH_CHANGED', expect.stringContaining('a, b2')]);
    const again = threadOf(joined(true, true), scheduler, t.store, 'newer');
    again.run(null);
    scheduler.flush();
    expect(again.state().values.log.filter((word) => word === 'c')).toEqual(['c']);
  }));
});

describe('C8, C9, C10: channels, as they are stored', () => {
  test('an untracked channel is in nothing that is stored, and may hold what is not JSON', marbles((_, scheduler) => {
    let fails = true;
    const graph = (o: object): CompiledGraph<object, { readonly cache?: unknown; readonly n: number }> =>
      new StateGraph({ cache: untracked<unknown>(), n: lastValue(0) })
        .addNode('a', () => ({ cache: new Map([['secret', 1]]), n: 1 })).addNode('b', () => {
          if (fails) throw new Error('down');
          return {};
        })
        .addNode('c', ({ cache }) => ({ n: cache instanceof Map ? 2 : 3 }))
        .addEdge(START, 'a').addEdge(START, 'b').addEdge('a', 'c').compile(o) as never;
    const stored: string[] = [];
    const store = changed(memoryCheckpointer(), (s) => ({
      commit: (commit, owner) => (stored.push(JSON.stringify(commit)), s.commit(commit, owner)),
      putPending: (at, id, rows) => (stored.push(JSON.stringify(rows)), s.putPending(at, id, rows)),
    }));
    const t = threadOf(graph, scheduler, store);
    expect(t.run({}).end).toBe('down');
    fails = false;
    expect(t.run(null).last?.n).toBe(3); // what the crash took is gone
    expect(t.run({}).last?.n).toBe(2);
    expect(stored.join()).not.toMatch(/secret|cache/);
  }));

  test('a message has its id before it is stored', marbles((_, scheduler) => {
    const t = threadOf((o) => new StateGraph({ messages: messages() }).addNode('a', () => ({ messages: { role: 'assistant', content: 'hi' } as const })).addEdge(START, 'a').compile(o), scheduler);
    const run = t.run({ messages: [{ role: 'user', content: 'hello' }] } as never);
    expect(run.last?.messages.map(({ id }) => id)).toEqual([expect.stringMatching(/^c-/), expect.stringMatching(/^c-/)]);
    expect(t.state().values).toEqual(run.last);
  }));

  test('a list is stored as it grows: 1,000 supersteps cost what is in it, and a reopened thread reads it all', marbles((_, scheduler) => {
    const word = 'x'.repeat(100);
    const graph = (o: object): CompiledGraph<object, Counting> => new StateGraph({ log: append<string>(), n: lastValue(0) })
      .addNode('a', ({ n }) => ({ log: word, n: n + 1 })).addEdge(START, 'a').addConditionalEdges('a', ({ n }) => (n % 500 > 0 ? 'a' : END)).compile(o) as never;
    const t = threadOf(graph, scheduler);
    const store = t.store as ReturnType<typeof memoryCheckpointer>;
    t.run({}, { recursionLimit: 1_000 });
    threadOf(graph, scheduler, store).run({}, { recursionLimit: 1_000, ids: seededIds('later') });
    expect(t.state().values.log).toHaveLength(1_000);
    const perStep = store.bytes() / 1_000;
    expect(perStep).toBeLessThan(2.3 * 103 + 300);
  }));

  test('a channel that did not change is not stored again; one that clears itself is', marbles((_, scheduler) => {
    const commits: Commit[] = [];
    const store = changed(memoryCheckpointer(), (s) => ({ commit: (commit, owner) => (commits.push(commit), s.commit(commit, owner)) }));
    const t = threadOf((o) => counting(o, 2), scheduler, store);
    t.run({});
    expect(commits.map(({ entries }) => entries.map(({ channel, kind }) => `${channel} ${kind}`))).toEqual([
      ['__graph__ snapshot', 'log snapshot', 'n snapshot'],
      ['n snapshot', 'log delta'].sort(),
      ['n snapshot', 'log delta'].sort(),
    ].map((entries) => expect.arrayContaining(entries)));
    expect(commits.map(({ entries }) => entries.length)).toEqual([3, 2, 2]);
  }));
});
