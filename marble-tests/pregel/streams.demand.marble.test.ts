import { describe, expect, test } from '@jest/globals';
import { mergeMap, Observable, of, Subscriber, timer } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { toAsyncIterable } from '../../src/core/bridge/toAsyncIterable.js';
import type { RunEvent } from '../../src/core/events/RunEvent.js';
import { Link } from '../../src/core/subscription.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import type { CompiledGraph } from '../../src/pregel/compiledGraph.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { send } from '../../src/pregel/graph/send.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import type { StreamMode } from '../../src/pregel/projections/streamMode.js';
import { marbles as kit } from '../../src/testing/marbles.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';
import { heard } from './heard.js';

const STEPS = 5;

/** A loop of 5 supersteps of two tasks, and how many of them began. */
function counted(body: (n: number) => unknown = (n) => ({ n: n + 1 }), options = {}) {
  const ran = { steps: 0 };
  const graph = new StateGraph({ n: lastValue(0), log: append<number>() })
    .addNode('a', ({ n }, run) => {
      ran.steps++;
      run.emit(n);
      return body(n) as { readonly n: number };
    })
    .addNode('b', ({ n }) => ({ log: n }))
    .addEdge(START, 'a').addEdge(START, 'b')
    .addConditionalEdges('a', ({ n }) => (n < STEPS ? ['a', 'b'] : END))
    .compile(options);
  return { graph, ran };
}

/** How many supersteps had begun after each pull; whoever pulls lets time pass before the next. */
async function stepsAfterPulls(stream: AsyncIterableIterator<unknown>, ran: { readonly steps: number }): Promise<readonly number[]> {
  const after: number[] = [];
  for (;;) {
    const { done } = await stream.next();
    for (let hops = 0; hops < 20; hops++) await Promise.resolve();
    if (done) return after;
    after.push(ran.steps);
  }
}

const bodies = {
  synchronous: (n: number) => ({ n: n + 1 }),
  asynchronous: async (n: number) => ({ n: n + 1 }),
  Observable: (n: number) => of({ n: n + 1 }),
};

describe('G3: one pull is at most one superstep', () => {
  const modes: readonly (StreamMode | undefined)[] = [undefined, 'values', 'updates', 'custom', 'tasks', 'debug'];
  test.each(modes.flatMap((mode) => (['synchronous', 'asynchronous', 'Observable'] as const).map((kind) => [mode, kind] as const)))('stream with mode %s, %s nodes', async (mode, kind) => {
    const { graph, ran } = counted(bodies[kind]);
    const after = await stepsAfterPulls(mode ? graph.stream({}, { mode }) : graph.stream({}), ran);
    expect(after.every((steps, at) => steps - (after[at - 1] ?? 0) <= 1)).toBe(true);
    expect(after.at(-1)).toBe(STEPS);
  });

  test('the input state runs none, and each state after it one', async () => {
    const { graph, ran } = counted();
    expect(await stepsAfterPulls(graph.stream({}), ran)).toEqual([0, 1, 2, 3, 4, 5]);
    ran.steps = 0;
    expect(await stepsAfterPulls(graph.stream({}, { mode: 'values' }), ran)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('several modes: the next superstep starts when all that the last one showed is read', async () => {
    const { graph, ran } = counted();
    // the input; then each superstep's two updates, custom value and state
    expect(await stepsAfterPulls(graph.stream({}, { mode: ['custom', 'updates', 'values'] }), ran)).toEqual([0, ...[1, 2, 3, 4, 5].flatMap((step) => [step, step, step, step])]);
  });

  test.each(['sync', 'async', 'exit'] as const)('with a store, %s', async (durability) => {
    const { graph, ran } = counted(bodies.synchronous, { checkpointer: memoryCheckpointer(), durability });
    expect(await stepsAfterPulls(graph.stream({}, { thread: 't' }), ran)).toEqual([0, 1, 2, 3, 4, 5]);
    ran.steps = 0;
    const after = await stepsAfterPulls(graph.stream({}, { thread: 'u', mode: 'checkpoints' }), ran);
    expect(after).toEqual(durability === 'exit' ? [0, 5] : [0, 1, 2, 3, 4, 5]);
  });

  test('a mode that has nothing to show of a superstep goes on to the next that does', async () => {
    const graph = new StateGraph({ n: lastValue(0) }).addNode('a', ({ n }, run) => (n === 3 && run.emit('three'), { n: n + 1 })).addEdge(START, 'a').addConditionalEdges('a', ({ n }) => (n < 9 ? 'a' : END)).compile();
    const events = recorder();
    const stream = graph.stream({}, { mode: 'custom', events });
    expect(await stream.next()).toEqual({ done: false, value: 'three' });
    await stream.return?.();
    expect(events.events.filter(({ type }) => type === 'step_start')).toHaveLength(4);
  });

  test('events: a superstep starts only when each event of the one before it is read', async () => {
    const { graph, ran } = counted();
    const seen: RunEvent[] = [];
    let begun = 0;
    for await (const event of toAsyncIterable(graph.events({}), { capacity: 1 })) {
      for (let hops = 0; hops < 20; hops++) await Promise.resolve();
      seen.push(event);
      if (event.type === 'step_start') begun++;
      expect(ran.steps - begun).toBeLessThanOrEqual(0);
    }
    expect(ran.steps).toBe(STEPS);
    expect(seen.filter(({ type }) => type === 'step_end')).toHaveLength(STEPS);
  });

  test('leaving the stream runs no more', async () => {
    const { graph, ran } = counted();
    for await (const { n } of graph.stream({})) if (n === 2) break;
    expect(ran.steps).toBe(2);
  });
});

describe('G3: demand', () => {
  test('a slow consumer makes supersteps wait; a plain subscribe does not', marbles(({ flush }, scheduler) => {
    const events = recorder();
    counted().graph.run({}, { scheduler, events }).pipe(mapAsync(() => timer(10))).subscribe();
    flush();
    expect(events.events.filter(({ type }) => type === 'step_start').map(({ at }) => at)).toEqual([10, 20, 30, 40, 50]);
    expect(heard(counted().graph.run({}, { scheduler })).end).toBe('done');
  }));

  test('tracers, event sinks and watchers of channels never hold it up', marbles(({ flush }, scheduler) => {
    const { graph, ran } = counted();
    const run = graph.start({}, { scheduler, tracer: recorder(), events: recorder() });
    const never = { ready: false, whenReady: () => () => undefined };
    for (const watched$ of [run.channels.n.value$, run.state$, run.events$] as readonly Observable<unknown>[]) watched$.subscribe(new Link<unknown>(undefined, { next: () => undefined, demand: never }));
    flush();
    expect(ran.steps).toBe(STEPS);
  }));

  test('a superstep of 10,000 tasks tells all of them to a reader who takes them one by one', async () => {
    const graph = new StateGraph({ log: append<number>() })
      .addNode('work', ({ i }: { readonly i: number }) => ({ log: i }))
      .addConditionalEdges(START, () => Array.from({ length: 10_000 }, (_, i) => send('work', { i })))
      .compile();
    let [updates, events] = [0, 0];
    for await (const update of graph.stream({}, { mode: 'updates' })) updates += Object.keys(update).length;
    for await (const { type } of toAsyncIterable(graph.events({}), { capacity: 1 })) if (type === 'node_end') events++;
    expect([updates, events]).toEqual([10_000, 10_000]);
  });

  test('what nodes emit without asking is bounded', async () => {
    const graph = new StateGraph({ n: lastValue(0) }).addNode('a', (_, run) => void Array.from({ length: 2_000 }, (__, i) => run.emit(i))).addEdge(START, 'a').compile();
    const read = async (): Promise<void> => {
      for await (const _ of graph.stream({}, { mode: 'custom' })) await Promise.resolve();
    };
    await expect(read()).rejects.toMatchObject({ code: 'BACKPRESSURE' });
  });
});

describe('G3: unsubscribing in the middle of a step of 100 tasks leaves nothing running', () => {
  /** 100 tasks at once, then one more superstep. */
  const wide = (body: (i: number, run: RunScope) => unknown): CompiledGraph<object, object> =>
    new StateGraph({ log: append<number>() })
      .addNode('work', (({ i }: { readonly i: number }, run: RunScope) => body(i, run)) as never)
      .addNode('after', () => ({ log: -1 }))
      .addConditionalEdges(START, () => Array.from({ length: 100 }, (_, i) => send('work' as never, { i } as never)))
      .addEdge('work' as never, 'after')
      .compile() as never;

  test('Observable nodes: all are unsubscribed, in the frame', kit(({ cold, config, expectObservable, expectNothingLeft: nothingLeft, flush }) => {
    const work = cold('-----x|');
    const aborted: number[] = [];
    const graph = wide((i, run) => {
      run.signal.addEventListener('abort', () => aborted.push(i));
      return work.pipe(mergeMap(() => of({ log: i })));
    });
    expectObservable(graph.run({}, config), '---!').toBe('s', { s: { log: [] } });
    nothingLeft();
    flush();
    expect(work.subscriptions).toHaveLength(100);
    expect(work.subscriptions.every(({ unsubscribedFrame }) => unsubscribedFrame === 3)).toBe(true);
    expect(aborted).toHaveLength(100);
  }));

  test('some done, some not: what was done is gone, and no timer is left', kit(({ config, expectObservable, expectNothingLeft: nothingLeft }) => {
    expectObservable(wide((i) => timer(i).pipe(mergeMap(() => of({ log: i })))).run({}, config), '50ms !').toBe('s', { s: { log: [] } });
    nothingLeft();
  }));

  test('synchronous nodes: those that have not begun never do', () => {
    const begun: number[] = [];
    const subscriber = new Subscriber<unknown>();
    wide((i) => {
      begun.push(i);
      if (i === 40) subscriber.unsubscribe();
      return { log: i };
    }).run({}).subscribe(subscriber);
    expect(begun).toEqual(Array.from({ length: 41 }, (_, i) => i));
  });

  test('async nodes: their signals abort, what they bring later goes nowhere, and nothing more begins', async () => {
    const [aborted, finished]: [number[], number[]] = [[], []];
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const states: unknown[] = [];
    const events = recorder();
    const run = wide(async (i, { signal }) => {
      signal.addEventListener('abort', () => aborted.push(i));
      await gate;
      finished.push(i);
      return { log: i };
    }).run({}, { events }).subscribe((state) => states.push(state));
    run.unsubscribe();
    release();
    for (let hops = 0; hops < 20; hops++) await Promise.resolve();
    expect([aborted.length, finished.length, states]).toEqual([100, 100, [{ log: [] }]]);
    expect(events.events.at(-1)).toMatchObject({ type: 'run_end', status: 'cancelled' });
    expect(events.events.filter(({ type }) => type === 'node_end')).toEqual([]);
  });

  test('pulled: leaving the loop tears the step down', kit(({ config, expectNothingLeft: nothingLeft, flush }) => {
    let live = 0;
    const work = new Observable<never>(() => {
      live++;
      return () => live--;
    });
    const stream = wide(() => work).stream({}, { ...config, mode: 'updates' });
    void stream.next();
    expect(live).toBe(100);
    void stream.return?.();
    expect(live).toBe(0);
    nothingLeft();
    flush();
  }));
});
