import { describe, expect, test } from '@jest/globals';
import { asyncScheduler, map, timer } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { send } from '../../src/pregel/graph/send.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { marbles } from '../marbles.js';
import { heard } from './heard.js';
import { note, noting } from './noting.js';
import { threadOf } from './threadOf.js';

/** Counts to `end`, a superstep each. */
const counting = (end: number) =>
  new StateGraph({ n: lastValue(0) })
    .addNode('count', ({ n }) => ({ n: n + 1 }))
    .addEdge(START, 'count')
    .addConditionalEdges('count', ({ n }) => (n < end ? 'count' : END))
    .compile();

describe('S10: recursionLimit', () => {
  test.each([[1, 1], [3, 3], [25, undefined]])('S10: a graph that finishes with superstep %i passes a limit of %s', (steps, recursionLimit) => {
    expect(heard(counting(steps).run({}, { ...(recursionLimit && { recursionLimit }) }))).toMatchObject({ end: 'done', last: { n: steps } });
  });

  test.each([[2, 1], [4, 3], [26, undefined]])('S10: of %i supersteps exactly %s run, and the error names what is due', (steps, recursionLimit) => {
    const { end, last, error } = heard(counting(steps).run({}, { ...(recursionLimit && { recursionLimit }) }));
    expect([end, last]).toEqual(['GRAPH_RECURSION_LIMIT', { n: recursionLimit ?? 25 }]);
    expect((error as Error).message).toContain(`${recursionLimit ?? 25} supersteps ran, and count would be next`);
  });

  test('S10: each node that is due is named once', () => {
    const graph = noting().addNode('a', () => undefined).addNode('work', (_i: number) => undefined)
      .addEdge(START, 'a').addConditionalEdges('a', () => ['a', send('work', 1), send('work', 2)])
      .compile();
    expect(String(heard(graph.run({}, { recursionLimit: 1 })).error)).toContain('and a, work would be next');
  });

  test('S10: the limit is each run’s: what it stopped goes on with the next', marbles((_, scheduler) => {
    const t = threadOf((o) => new StateGraph({ n: lastValue(0) }).addNode('count', ({ n }) => ({ n: n + 1 })).addEdge(START, 'count').addConditionalEdges('count', ({ n }) => (n < 5 ? 'count' : END)).compile(o), scheduler);
    expect(t.run({}, { recursionLimit: 3 }).end).toBe('GRAPH_RECURSION_LIMIT');
    expect(t.run(null, { recursionLimit: 3 })).toMatchObject({ end: 'done', last: { n: 5 } });
  }));
});

describe('S11: maxConcurrency', () => {
  /** Sends of tasks that take so long, and how many of them ran at once. */
  const sending = (durations: readonly number[]) => {
    const counted = { now: 0, peak: 0, started: 0 };
    const graph = noting()
      .addNode('work', ({ ms, at }: { readonly ms: number; readonly at: number }) => {
        counted.started++;
        counted.peak = Math.max(counted.peak, ++counted.now);
        return timer(ms).pipe(map(() => (counted.now--, note(`${at}`))));
      })
      .addConditionalEdges(START, () => durations.map((ms, at) => send('work', { ms, at })))
      .compile();
    return { graph, counted };
  };

  test('S11: so many tasks are in flight, the next starts when one ends, and results keep the order of sends', marbles(({ expectObservable, flush }, scheduler) => {
    const { graph, counted } = sending([5, 1, 2, 1]);
    expectObservable(graph.run({}, { scheduler, maxConcurrency: 2 }).pipe(map(({ notes }) => notes.join('')))).toBe('x----(y|)', { x: '', y: '0123' });
    flush();
    expect(counted.peak).toBe(2);
  }));

  test('S11: with one, they run one after the other; unlimited, all at once', marbles(({ expectObservable, flush }, scheduler) => {
    const one = sending([2, 2, 2]);
    expectObservable(one.graph.run({}, { scheduler, maxConcurrency: 1 }).pipe(map(() => 'x'))).toBe('x-----(x|)');
    const all = sending([2, 2, 2]);
    expectObservable(all.graph.run({}, { scheduler }).pipe(map(() => 'x'))).toBe('x-(x|)');
    flush();
    expect([one.counted.peak, all.counted.peak]).toEqual([1, 3]);
  }));

  test('S11: after a cancel none starts', marbles((_, scheduler) => {
    const { graph, counted } = sending([2, 2, 2, 2]);
    const run = heard(graph.run({}, { scheduler, maxConcurrency: 2 }));
    timer(1).subscribe(() => run.leave());
    scheduler.flush();
    expect(counted.started).toBe(2);
  }));

  test.each([1, 100, Infinity])('S11: of 10,000 sends, %d at once, a task costs what one of 100 does', (maxConcurrency) => {
    let reads = 0;
    const graph = (count: number) => noting()
      .addNode('work', (i: number) => (reads++, note(`${i}`)))
      .addConditionalEdges(START, () => Array.from({ length: count }, (_, i) => send('work', i)))
      .compile();
    const costUs = (count: number): number => Math.min(...Array.from({ length: 3 }, () => {
      const before = process.hrtime.bigint();
      expect(heard(graph(count).run({}, { maxConcurrency })).last?.notes).toHaveLength(count);
      return Number(process.hrtime.bigint() - before) / count / 1000;
    }));
    costUs(1_000);
    expect(costUs(10_000)).toBeLessThan(30 * costUs(100)); // quadratic would be 100 times
    expect(reads).toBe(3 * (1_000 + 10_000 + 100));
  });
});

describe('S13: the driver', () => {
  test('S13: synchronous supersteps are a synchronous run, up to 511 of them', () => {
    expect(heard(counting(511).run({}, { recursionLimit: 1_000 }))).toMatchObject({ end: 'done', last: { n: 511 } });
  });

  test.each([['the default scheduler', undefined], ['the test’s', 'given']])('S13: after 512 of them others have a turn, which takes no virtual time, on %s', (_what, given) => {
    marbles((_, scheduler) => {
      const order: string[] = [];
      const frames: number[] = [];
      timer(0, scheduler).subscribe(() => order.push('timer'));
      counting(2_000).run({}, { recursionLimit: 2_000, ...(given && { scheduler }) }).subscribe({
        next: ({ n }) => n % 512 === 0 && order.push(`${n}`) && frames.push(scheduler.frame),
        complete: () => order.push(`done at ${scheduler.frame}`),
      });
      expect(order).toEqual(['0', '512']);
      scheduler.flush();
      expect(order).toEqual(['0', '512', 'timer', '1024', '1536', 'done at 0']);
      expect(new Set(frames)).toEqual(new Set([0]));
    })();
  });

  test('S13: config.scheduler decides when it goes on', () => {
    const due: (() => void)[] = [];
    const scheduler = {
      now: () => 0,
      schedule: (work: () => void) => {
        due.push(work);
        return asyncScheduler.schedule(() => undefined);
      },
    };
    const run = heard(counting(1_100).run({}, { recursionLimit: 2_000, scheduler: scheduler as never }));
    const seen = [run.last?.n];
    for (let work = due.shift(); work; work = due.shift()) {
      work();
      seen.push(run.last?.n);
    }
    expect([seen, run.end]).toEqual([[512, 1024, 1100], 'done']);
  });

  test.each([['the default scheduler', undefined], ['the test’s', 'given']])('S13: a run that is cancelled while others have their turn goes no further, on %s', (_what, given) => {
    marbles((_, scheduler) => {
      const run = heard(counting(Infinity).run({}, { recursionLimit: 1e9, ...(given && { scheduler }) }));
      run.leave();
      scheduler.flush();
      expect([run.last, run.end]).toEqual([{ n: 512 }, 'running']);
    })();
  });

  test('S13: 20,000 supersteps grow no stack', async () => {
    expect(await counting(20_000).invoke({}, { recursionLimit: 20_000 })).toEqual({ n: 20_000 });
  });
});

describe('S2: what a step walks', () => {
  test('S2: only what is newly written is looked at: a list of 100,000 is not walked for one item more', () => {
    let looks = 0;
    const item: object = new Proxy({}, { isExtensible: (target) => (looks++, Reflect.isExtensible(target)), getOwnPropertyDescriptor: (target, key) => (looks++, Reflect.getOwnPropertyDescriptor(target, key)) });
    const graph = new StateGraph({ items: append<object>() })
      .addNode('add', () => ({ items: {} }))
      .addEdge(START, 'add').addConditionalEdges('add', ({ items }) => (items.length < 100_005 ? 'add' : END))
      .compile();
    const looksAfter: number[] = [];
    graph.run({ items: Array.from({ length: 100_000 }, (_, i) => (i === 50_000 ? item : {})) }).subscribe(() => looksAfter.push(looks));
    expect(looksAfter).toHaveLength(6);
    expect(new Set(looksAfter).size).toBe(1);
  });
});
