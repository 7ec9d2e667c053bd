import { describe, expect, test } from '@jest/globals';
import { map, NEVER, of, throwError, timer } from 'rxjs';
import { append, lastValue, overwrite, untracked } from '../../src/channels/index.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import type { CacheStore } from '../../src/core/flow/CacheStore.js';
import { MemoryCache } from '../../src/core/flow/MemoryCache.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import { command, resume } from '../../src/pregel/graph/command.js';
import type { NodeCache, NodePolicy } from '../../src/pregel/graph/GraphPlan.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { send } from '../../src/pregel/graph/send.js';
import { StateGraph, type GraphCompileOptions } from '../../src/pregel/graph/StateGraph.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';
import { heard } from './heard.js';

/** A graph of one cached node, and how often its body was called. */
function cached(cache: NodeCache, { body, options, policy, name }: { body?: (n: number, run: RunScope) => unknown; options?: GraphCompileOptions; policy?: NodePolicy; name?: string } = {}) {
  let calls = 0;
  const node = ({ n }: { readonly n: number }, run: RunScope): unknown => {
    calls++;
    return body ? body(n, run) : { said: `${n}` };
  };
  const graph = new StateGraph({ n: lastValue(0), said: append<string>(), hidden: untracked<string>('') })
    .addNode('a', node as never, { ...policy, cache } as never)
    .addEdge(START, 'a')
    .compile({ ...options, ...(name && { name }) });
  return { graph, calls: () => calls };
}

describe('F6: a node with a cache', () => {
  test('F6 for an equal input the body is not called, and what it wrote is written again', marbles((_, scheduler) => {
    const { graph, calls } = cached({}, { body: (n) => timer(5).pipe(map(() => [{ said: `${n}` }, { said: overwrite([`only ${n}`]) }])) });
    for (const [at, n] of [0, 0, 1].entries()) scheduler.schedule(() => void heard(graph.run({ n }, { scheduler })), at * 10);
    scheduler.schedule(() => {
      const again = heard(graph.run({ n: 0 }, { scheduler }));
      expect([again.end, again.last?.said, calls()]).toEqual(['done', ['only 0'], 2]);
    }, 40);
  }));

  test('F6 a hit takes no time, and is marked', marbles((_, scheduler) => {
    const { graph } = cached({}, { body: (n) => timer(5).pipe(map(() => ({ said: `${n}` }))) });
    const ends = (sink: ReturnType<typeof recorder>) => sink.events.filter(({ type }) => type === 'node_start' || type === 'node_end').map(({ type, at, path, ...event }) => [type, at, path, 'cached' in event]);
    const [miss, hit] = [recorder(), recorder()];
    heard(graph.run({}, { scheduler, events: miss }));
    scheduler.schedule(() => {
      heard(graph.run({}, { scheduler, events: hit }));
      expect(ends(miss)).toEqual([['node_start', 0, ['a'], false], ['node_end', 5, ['a'], false]]);
      expect(ends(hit)).toEqual([['node_start', 10, ['a'], false], ['node_end', 10, ['a'], true]]);
    }, 10);
  }));

  test('F6 it is used for ttlMs of the run\'s clock, and no longer', marbles((_, scheduler) => {
    const { graph, calls } = cached({ ttlMs: 10 });
    const counts: number[] = [];
    for (const at of [0, 9, 10, 19, 20]) scheduler.schedule(() => { heard(graph.run({}, { scheduler })); counts.push(calls()); }, at);
    scheduler.schedule(() => expect(counts).toEqual([1, 1, 2, 2, 3]), 21);
  }));

  test('F6 a key says which inputs are the same; without one it is their JSON, in whatever order', () => {
    const { graph, calls } = cached({ key: ({ n }: { readonly n: number }) => (n % 2 ? 'odd' : 'even') });
    for (const n of [1, 3, 2, 4]) heard(graph.run({ n }));
    expect(calls()).toBe(2);
    let bodies = 0;
    const sent = new StateGraph({ said: append<string>() })
      .addNode('to', (_: { readonly a: number; readonly b: number }) => ({ said: String(++bodies) }), { cache: {} })
      .addConditionalEdges(START, () => [send('to', { a: 1, b: 2 })], ['to'])
      .compile();
    const other = new StateGraph({ said: append<string>() })
      .addNode('to', (_: { readonly a: number; readonly b: number }) => ({ said: String(++bodies) }), { cache: {} })
      .addNode('again', () => command({ goto: send('to', { b: 2, a: 1 }) }), { ends: ['to'] })
      .addConditionalEdges(START, () => [send('to', { a: 1, b: 2 })], ['to'])
      .addConditionalEdges('to', ({ said }) => (said.length === 1 ? 'again' : END))
      .compile();
    expect([heard(sent.run({})).last?.said, heard(sent.run({})).last?.said, heard(other.run({})).last?.said]).toEqual([['1'], ['1'], ['2', '2']]);
  });

  test('F6 commands and where they lead come again, too', () => {
    let calls = 0;
    const graph = new StateGraph({ said: append<string>() })
      .addNode('a', () => command({ update: { said: `a${++calls}` }, goto: [send('b', { word: 'sent' }), 'c'] }), { cache: {}, ends: ['b', 'c'] })
      .addNode('b', ({ word }: { readonly word: string }) => ({ said: word }))
      .addNode('c', () => ({ said: 'c' }))
      .addEdge(START, 'a')
      .compile();
    expect([heard(graph.run({})).last?.said, heard(graph.run({})).last?.said]).toEqual([['a1', 'c', 'sent'], ['a1', 'c', 'sent']]);
  });

  test('F6 errors are not kept: neither the node\'s, nor what its error handler makes of them', () => {
    let calls = 0;
    const graph = new StateGraph({ said: append<string>() })
      .addNode('a', () => (++calls < 3 ? throwError(() => new Error('no')) : of({ said: `a${calls}` })), { cache: {}, onError: 'mend' })
      .addNode('mend', () => ({ said: 'mended' }), { cache: { key: () => 'any' } })
      .addEdge(START, 'a')
      .compile();
    expect(Array.from({ length: 4 }, () => heard(graph.run({})).last?.said)).toEqual([['mended'], ['mended'], ['a3'], ['a3']]);
  });

  test('F6 of a node that is tried again, the attempt that succeeded is kept', marbles((_, scheduler) => {
    const { graph, calls } = cached({}, { body: (n) => (calls() < 2 ? throwError(() => new Error('no')) : of({ said: `${n}` })), policy: { retry: { maxAttempts: 3, initialMs: 5, jitter: 'none' } } });
    heard(graph.run({}, { scheduler }));
    scheduler.schedule(() => expect([heard(graph.run({}, { scheduler })).last?.said, calls()]).toEqual([['0'], 2]), 10);
  }));

  test('F6 what a person answered is not kept, and nobody else\'s writes are taken for it', () => {
    const { graph, calls } = cached({}, { body: (_n, run) => run.interrupt('ok?').pipe(map((answer) => ({ said: String(answer) }))), options: { checkpointer: memoryCheckpointer() } });
    for (const [thread, word] of [['t', 'yes'], ['u', 'no']] as const) {
      heard(graph.run({}, { thread }));
      expect(heard(graph.run(resume(word), { thread })).last?.said).toEqual([word]);
    }
    expect(calls()).toBe(4);
  });

  test('F6 a task that waits for an answer gets it, also where its input has been kept since', () => {
    let asks = true;
    const { graph } = cached({}, { body: (_n, run) => (asks ? run.interrupt('ok?').pipe(map((answer) => ({ said: String(answer) }))) : { said: 'unasked' }), options: { checkpointer: memoryCheckpointer() } });
    heard(graph.run({}, { thread: 't' }));
    asks = false;
    expect(heard(graph.run({}, { thread: 'u' })).last?.said).toEqual(['unasked']);
    asks = true;
    expect(heard(graph.run({}, { thread: 'v' })).last?.said).toEqual(['unasked']);
    expect(heard(graph.run(resume('yes'), { thread: 't' })).last?.said).toEqual(['yes']);
  });

  test('F6 a node that wrote what is never stored is called again', () => {
    const { graph, calls } = cached({}, { body: (n) => ({ said: `${n}`, hidden: 'x' }) });
    expect([heard(graph.run({})).last?.hidden, heard(graph.run({})).last?.hidden, calls()]).toEqual(['x', 'x', 2]);
  });

  test('F6 equal tasks of one superstep each run: none waits for another', () => {
    let calls = 0;
    const graph = new StateGraph({ said: append<string>() })
      .addNode('to', (_: number) => timer(0).pipe(map(() => ({ said: String(++calls) }))), { cache: {} })
      .addConditionalEdges(START, () => [send('to', 1), send('to', 1)], ['to'])
      .compile();
    marbles((_, scheduler) => {
      const run = heard(graph.run({}, { scheduler }));
      scheduler.schedule(() => expect([run.last?.said, calls]).toEqual([['1', '2'], 2]), 1);
    })();
  });

  test('F6 it is kept with the compiled graph, the last 1,000, or in the given cache, as JSON by graph and node', () => {
    const cache = new MemoryCache<unknown>();
    const [one, two, other, own] = [cached({}, { options: { cache } }), cached({}, { options: { cache } }), cached({}, { options: { cache }, name: 'other' }), cached({})];
    for (const { graph } of [one, two, other, own, own]) heard(graph.run({ n: 7 }));
    expect([one.calls(), two.calls(), other.calls(), own.calls(), cache.size]).toEqual([1, 0, 1, 1, 2]);
    for (let n = 0; n <= 1_000; n++) heard(own.graph.run({ n: n + 10 }));
    heard(own.graph.run({ n: 7 }));
    expect(own.calls()).toBe(1 + 1_001 + 1);
    cache.clear();
    heard(one.graph.run({ n: 7 }));
    expect(one.calls()).toBe(2);
  });

  test('F6 a cache elsewhere answers in its own time, within the node\'s; what it keeps is JSON', marbles((_, scheduler) => {
    const kept = new Map<string, string>();
    const cache: CacheStore<unknown> = {
      get: (key) => timer(3).pipe(map(() => (kept.has(key) ? (JSON.parse(kept.get(key) as string) as unknown[]) : undefined))),
      set: (key, chunks) => timer(2).pipe(map(() => void kept.set(key, JSON.stringify(chunks)))),
    };
    const { graph, calls } = cached({}, { options: { cache } });
    const ends: number[] = [];
    const run = (): void => void graph.run({ n: 7 }, { scheduler }).subscribe({ complete: () => ends.push(scheduler.now()) });
    run();
    scheduler.schedule(run, 10);
    scheduler.schedule(() => {
      expect([ends, calls()]).toEqual([[5, 13], 1]);
      expect([...kept]).toEqual([['["graph","a","{\\"hidden\\":\\"\\",\\"n\\":7,\\"said\\":[]}"]', '[{"update":{"said":"7"}}]']]);
    }, 20);
  }));

  test('F6 a cache that fails, or holds what fits no more, fails no run: that is a late error', () => {
    const broken: Readonly<Record<string, CacheStore<unknown>>> = {
      'fails to read': { get: () => throwError(() => new Error('down')), set: () => undefined },
      'throws': { get: () => { throw new Error('down'); }, set: () => undefined },
      'fails to write': { get: () => undefined, set: () => throwError(() => new Error('down')) },
      'another graph\'s': { get: () => [{ update: { gone: 1 } }], set: () => undefined },
      'no writes': { get: () => [7], set: () => undefined },
      'no list': { get: () => 'x' as never, set: () => undefined },
    };
    for (const [what, cache] of Object.entries(broken)) {
      const sink = recorder();
      const { graph } = cached({}, { options: { cache } });
      const run = heard(graph.run({}, { events: sink }));
      expect([what, run.end, run.last?.said, sink.events.filter(({ type }) => type === 'late_error').length]).toEqual([what, 'done', ['0'], 1]);
    }
  });

  test('F6 leaving a run leaves the cache, and a node\'s timeout bounds it', marbles(({ expectSubscriptions, cold }, scheduler) => {
    const asked = cold<readonly unknown[]>('-----');
    const { graph } = cached({}, { options: { cache: { get: () => asked, set: () => undefined } } });
    const run = heard(graph.run({}, { scheduler }));
    scheduler.schedule(() => run.leave(), 3);
    expectSubscriptions(asked.subscriptions).toBe('^--!');
    const bounded = cached({}, { options: { cache: { get: () => NEVER, set: () => undefined } }, policy: { timeout: { runMs: 4 } } });
    const late = heard(bounded.graph.run({}, { scheduler }));
    scheduler.schedule(() => expect(late.end).toBe('NODE_TIMEOUT'), 5);
  }));

  test('F6 an input that has no key is the node\'s error', () => {
    const { graph } = cached({ key: () => 1 as never });
    expect(heard(graph.run({})).end).toBe('INVALID_OPTION');
    const { graph: thrown } = cached({ key: () => { throw new Error('no key'); } });
    expect(heard(thrown.run({})).end).toBe('no key');
  });
});
