import { describe, expect, test } from '@jest/globals';
import { map, NEVER, Observable, throwError, timer } from 'rxjs';
import { aggregate, barrier, overwrite } from '../../src/channels/index.js';
import { CancelledError } from '../../src/core/errors/CancelledError.js';
import { isRivuletError } from '../../src/core/errors/RivuletError.js';
import { command } from '../../src/pregel/graph/command.js';
import { END, START } from '../../src/pregel/graph/names.js';
import type { AggregateGraphError } from '../../src/pregel/engine/AggregateGraphError.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { marbles } from '../marbles.js';
import { asking, said } from './asking.js';
import { note, noteAfter, noting, toldRun } from './noting.js';
import { threadOf } from './threadOf.js';

const failAfter = (frames: number, message: string) => timer(frames).pipe(map((): never => { throw new Error(message); }));

describe('F1: an error', () => {
  test('F1: aborts running siblings: their Observables are unsubscribed, their run.signal is aborted', marbles(({ cold, expectObservable, expectSubscriptions, flush }, scheduler) => {
    const sibling = cold('---------(a|)', { a: note('never') });
    const signals: AbortSignal[] = [];
    const graph = noting()
      .addNode('bad', () => failAfter(4, 'down'))
      .addNode('slow', (_s, run) => (signals.push(run.signal), sibling))
      .addEdge(START, 'bad').addEdge(START, 'slow')
      .compile();
    expectObservable(graph.run({}, { scheduler }).pipe(map(() => 'x'))).toBe('x---#', undefined, new Error('down'));
    expectSubscriptions(sibling.subscriptions).toBe('^---!');
    flush();
    expect(signals.map(({ aborted, reason }) => [aborted, reason instanceof CancelledError])).toEqual([[true, true]]);
  }));

  test('F1: starts nothing more', marbles((_, scheduler) => {
    const graph = noting().addNode('a', () => failAfter(1, 'down')).addNode('b', () => noteAfter(9, 'b')).addNode('c', () => note('c'))
      .addEdge(START, 'a').addEdge(START, 'b').addEdge(START, 'c').compile();
    const { run, lines } = toldRun(graph, {}, { scheduler, maxConcurrency: 2 });
    scheduler.flush();
    expect([run.end, lines('node_start')]).toEqual(['down', ['@0 node_start a 1', '@0 node_start b 1']]);
  }));

  test('F1: keeps what finished siblings wrote, F2: and running again runs the others only', marbles((_, scheduler) => {
    let fails = true;
    const runs: string[] = [];
    const t = threadOf((o) => noting()
      .addNode('quick', () => (runs.push('quick'), note('quick')))
      .addNode('bad', () => (runs.push('bad'), fails ? failAfter(3, 'down') : noteAfter(3, 'mended')))
      .addNode('slow', () => (runs.push('slow'), noteAfter(9, 'slow')))
      .addEdge(START, 'bad').addEdge(START, 'quick').addEdge(START, 'slow')
      .compile(o), scheduler);
    const first = t.run({});
    scheduler.flush();
    expect([first.end, t.state().values.notes]).toEqual(['down', []]);
    fails = false;
    const second = t.run(null);
    scheduler.flush();
    expect(second.last?.notes).toEqual(['mended', 'quick', 'slow']);
    expect(runs).toEqual(['bad', 'quick', 'slow', 'bad', 'slow']);
  }));

  test.each<[string, object]>([['text to a sum', { n: 'two' }], ['text in place of a sum', { n: overwrite('two') }], ['a name that a barrier does not await', { both: 'z' }]])('F2: %s is the failure of the node that wrote it: mended, it runs again', (_what, wrong) => {
    marbles((_, scheduler) => {
      let update = wrong;
      const t = threadOf((o) => new StateGraph({ n: aggregate('sum', 0), both: barrier(['x', 'y']) })
        .addNode('good', () => ({ n: 1 })).addNode('wrong', () => update as { readonly n: number })
        .addEdge(START, 'good').addEdge(START, 'wrong')
        .compile(o), scheduler);
      const { end, error } = t.run({});
      expect([end, String(error)]).toEqual(['INVALID_UPDATE', expect.stringMatching(/channel 'n' got|barrier 'both' got/)]);
      update = { n: 2 };
      expect(t.run(null).last?.n).toBe(3);
    })();
  });
});

describe('F2: several errors', () => {
  test('F2: one surfaces as itself', marbles((_, scheduler) => {
    const error = new Error('down');
    const { run } = toldRun(noting().addNode('a', () => throwError(() => error)).addEdge(START, 'a').compile(), {}, { scheduler });
    expect(run.error).toBe(error);
  }));

  test('F2: those of one frame surface together, in task order', marbles(({ cold, flush }, scheduler) => {
    const graph = noting()
      .addNode('a', () => cold('--#', {}, new Error('of a'))).addNode('b', () => cold('--#', {}, new Error('of b'))).addNode('c', () => cold('---#', {}, new Error('of c')))
      .addEdge(START, 'a').addEdge(START, 'b').addEdge(START, 'c')
      .compile();
    const { run } = toldRun(graph, {}, { scheduler });
    flush();
    expect(run.end).toBe('NODES_FAILED');
    expect((run.error as AggregateGraphError).errors.map(String)).toEqual(['Error: of a', 'Error: of b']);
  }));

  test('F2: so do those of siblings during their teardown', marbles((_, scheduler) => {
    const torn = new Observable<never>(() => () => { throw new Error('torn'); });
    const graph = noting().addNode('bad', () => failAfter(2, 'down')).addNode('torn', () => torn).addNode('other', () => NEVER)
      .addEdge(START, 'bad').addEdge(START, 'other').addEdge(START, 'torn').compile();
    const { run } = toldRun(graph, {}, { scheduler });
    scheduler.flush();
    expect((run.error as AggregateGraphError).errors.map(String)).toEqual(['Error: down', 'Error: torn']);
  }));

  test.each<[string, (leave: () => void) => void]>([['cancelled', (leave) => leave()], ['timed out', () => undefined]])('F2: the teardown of what is %s throws: a late_error of its node, and nothing else', (_what, act) => {
    marbles((_, scheduler) => {
      const graph = noting().addNode('torn', () => new Observable<never>(() => () => { throw new Error('torn'); }), { timeout: { runMs: 5 } }).addEdge(START, 'torn').compile();
      const { run, lines } = toldRun(graph, {}, { scheduler });
      timer(2).subscribe(() => act(() => run.leave()));
      scheduler.flush();
      expect(lines('late_error').map((line) => line.replace(/@\d /, ''))).toEqual(['late_error torn torn']);
    })();
  });

  test('F2: a body that throws after it was cancelled: a late_error', marbles((_, scheduler) => {
    let leave = (): void => undefined;
    const graph = noting().addNode('wait', () => noteAfter(1, 'waited')).addNode('a', () => { leave(); throw new Error('afterwards'); }).addEdge(START, 'wait').addEdge('wait', 'a').compile();
    const { run, lines } = toldRun(graph, {}, { scheduler });
    leave = () => run.leave();
    scheduler.flush();
    expect(lines('late_error')).toEqual(['@1 late_error a afterwards']);
  }));

  test('F2: an async sibling that fails after it was aborted: a late_error, never an unhandled rejection', async () => {
    let late: (() => void) | undefined;
    const graph = noting()
      .addNode('bad', async () => { throw new Error('down'); })
      .addNode('slow', () => new Promise<never>((_, reject) => { late = () => reject(new Error('too late')); }))
      .addEdge(START, 'bad').addEdge(START, 'slow').compile();
    const events: unknown[] = [];
    await expect(graph.invoke({}, { events: { next: (event) => event.type === 'late_error' && events.push(event.path, String(event.error)) } })).rejects.toThrow('down');
    late?.();
    await Promise.resolve();
    expect(events).toEqual([['slow'], 'Error: too late']);
  });
});

describe('F3: retry', () => {
  const failing = (times: number, retry: object, error: () => unknown = () => new Error('down')) => {
    let calls = 0;
    return noting()
      .addNode('a', (_s, run) => (run.emit(`try ${run.attempt}`), ++calls > times ? note(`worked ${calls}`) : throwError(error)), { retry })
      .addEdge(START, 'a').compile();
  };

  test('F3: waits longer each time, up to maxMs, and no more often than maxAttempts', marbles(({ expectObservable }, scheduler) => {
    const retry = { maxAttempts: 5, initialMs: 2, factor: 2, maxMs: 5, jitter: 'none' };
    expectObservable(failing(3, retry).run({}, { scheduler }).pipe(map(({ notes }) => notes.join()))).toBe('x----------(y|)', { x: '', y: 'worked 4' }); // 2 + 4 + 5
    expectObservable(failing(5, retry).run({}, { scheduler }).pipe(map(() => 'x'))).toBe('x---------------#', undefined, new Error('down')); // 2 + 4 + 5 + 5
  }));

  test('F3: jitter is of the run’s random', marbles(({ expectObservable }, scheduler) => {
    const run$ = failing(1, { initialMs: 8, jitter: 'full' }).run({}, { scheduler, random: () => 0.5 });
    expectObservable(run$.pipe(map(() => 'x'))).toBe('x---(x|)');
  }));

  test('F3: what a failed attempt told and wrote is superseded, and the event says which', marbles((_, scheduler) => {
    const { run, events, lines } = toldRun(failing(1, { initialMs: 3, jitter: 'none' }), {}, { scheduler });
    scheduler.flush();
    expect(run.last?.notes).toEqual(['worked 2']);
    expect(lines('node_start', 'custom', 'node_error', 'superseded', 'retry', 'node_end')).toEqual([
      '@0 node_start a 1', '@0 custom a "try 1"', '@0 node_error a down', '@0 superseded a 1', '@0 retry 2 in 3',
      '@3 node_start a 2', '@3 custom a "try 2"', '@3 node_end a',
    ]);
    const [first, second] = events.filter(({ type }) => type === 'custom');
    expect(events.find(({ type }) => type === 'superseded')).toMatchObject({ runId: first?.runId, path: ['a'], attempt: 1, taskId: expect.stringMatching(/\/a$/) });
    expect(second?.runId).not.toBe(first?.runId);
  }));

  test('F3: a failed attempt’s partial stream is not written', marbles(({ cold, flush }, scheduler) => {
    let calls = 0;
    const graph = noting().addNode('a', () => (++calls === 1 ? cold('x-#', { x: note('half') }) : note('whole')), { retry: { initialMs: 0 } }).addEdge(START, 'a').compile();
    const { run } = toldRun(graph, {}, { scheduler });
    flush();
    expect(run.last?.notes).toEqual(['whole']);
  }));

  test('F3: an attempt that fails for good is superseded by nothing', marbles((_, scheduler) => {
    expect(toldRun(failing(9, { maxAttempts: 1 }), {}, { scheduler }).lines('superseded', 'retry')).toEqual([]);
  }));

  test('I1: what an interrupted pass told is superseded: it comes again', marbles((_, scheduler) => {
    const t = threadOf((o) => asking({ a: (run) => (run.emit('asking'), run.interrupt('ok?').pipe(map((answer) => said(answer)))) }).compile(o), scheduler);
    const { events } = toldRun(t.graph, {}, { scheduler, thread: 't' });
    const custom = events.find(({ type }) => type === 'custom');
    expect(events.find(({ type }) => type === 'superseded')).toMatchObject({ path: custom?.path, runId: custom?.runId, attempt: 1 });
  }));

  test.each<[string, unknown, number]>([
    ...[400, 401, 403, 404, 422].map((status): [string, unknown, number] => [`status ${status}`, Object.assign(new Error('no'), { status }), 1]),
    ...[408, 409, 425, 429, 500, 503].map((status): [string, unknown, number] => [`status ${status}`, Object.assign(new Error('no'), { status }), 3]),
    ['any other error', new Error('no'), 3],
    ['a cancellation', new CancelledError(), 1],
    ['what says that it is not retryable', Object.assign(new Error('no'), { retryable: false }), 1],
  ])('F3: %s is tried %#', (_what, error, attempts) => {
    marbles((_, scheduler) => {
      const told = toldRun(failing(9, { initialMs: 1 }, () => error), {}, { scheduler });
      scheduler.flush();
      expect(told.lines('node_start')).toHaveLength(attempts);
    })();
  });

  test.each<[string, unknown]>([['an update that is none', 5], ['an unknown channel', { m: 1 }], ['a goto to nowhere', command({ goto: 'x' as never })]])('F3: %s is not tried again', (_what, result) => {
    marbles((_, scheduler) => {
      const graph = noting().addNode('a', (() => result) as never, { retry: { initialMs: 1 } }).addEdge(START, 'a').compile();
      const { run, lines } = toldRun(graph, {}, { scheduler });
      scheduler.flush();
      expect([lines('node_start').length, isRivuletError(run.error)]).toEqual([1, true]);
    })();
  });

  test('F3: an interrupt is no failure, and what it lacks or finds changed is not tried again', marbles((_, scheduler) => {
    let payload = 'a?';
    const graph = noting().addNode('a', (_s, run) => run.interrupt(payload).pipe(map((answer) => note(String(answer)))), { retry: { initialMs: 1 } }).addEdge(START, 'a');
    const lacking = toldRun(graph.compile(), {}, { scheduler });
    scheduler.flush();
    expect([lacking.run.end, lacking.lines('node_start').length]).toEqual(['NO_CHECKPOINTER', 1]);
    const t = threadOf((o) => graph.compile(o), scheduler);
    const first = toldRun(t.graph, {}, { scheduler, thread: 't' });
    expect([first.run.end, first.lines('node_start', 'node_error')]).toEqual(['done', ['@0 node_start a 1']]);
    payload = 'b?';
    const changed = t.resume('yes');
    scheduler.flush();
    expect(changed.end).toBe('INTERRUPT_CHANGED');
  }));

  test('F3: is abortable while it sleeps: by a cancel, and by a sibling’s error', marbles((_, scheduler) => {
    const cancelled = toldRun(failing(1, { initialMs: 9, jitter: 'none' }), {}, { scheduler });
    timer(4).subscribe(() => cancelled.run.leave());
    const graph = noting().addNode('bad', () => failAfter(4, 'bad')).addNode('sleeps', () => { throw new Error('again'); }, { retry: { initialMs: 9, jitter: 'none' } })
      .addEdge(START, 'bad').addEdge(START, 'sleeps').compile();
    const aborted = toldRun(graph, {}, { scheduler });
    scheduler.flush();
    expect([cancelled.lines('node_start'), aborted.lines('node_start')]).toEqual([['@0 node_start a 1'], ['@0 node_start bad 1', '@0 node_start sleeps 1']]);
    expect(aborted.run.end).toBe('bad');
  }));
});

describe('F5: onError', () => {
  interface Failure {
    readonly input: { readonly n: number };
    readonly error: Error;
  }
  /** A graph of a node that fails, beside one that doesn't. */
  const handling = (handler: (failure: Failure) => unknown, retry = 1) =>
    noting()
      .addNode('mend', handler as never, { ends: ['after'] })
      .addNode('after', ({ notes }) => note(`after ${notes.length}`))
      .addNode('next', () => note('next'))
      .addNode('bad', () => failAfter(2, 'down'), { onError: 'mend', retry: { maxAttempts: retry, initialMs: 3, jitter: 'none' } })
      .addNode('good', () => noteAfter(1, 'good'))
      .addEdge(START, 'bad').addEdge(START, 'good').addEdge('bad', 'next')
      .compile();

  test('F5: gets input and error after the last attempt, in the same superstep, and may update', marbles((_, scheduler) => {
    const { run, lines } = toldRun(handling(({ input, error }) => note(`mended ${error.message} of ${input.n}`), 2), { n: 7 }, { scheduler });
    scheduler.flush();
    expect(run.last?.notes).toEqual(['mended down of 7', 'good']);
    expect(lines('step_start', 'node_start', 'superseded', 'step_end')).toEqual(['@0 step_start 0', '@0 node_start bad 1', '@0 node_start good 1', '@2 superseded bad 1', '@5 node_start bad 2', '@7 superseded bad 2', '@7 node_start mend 1', '@7 step_end 0']);
  }));

  test('F5: may route; the failed node’s own edges are not taken', marbles((_, scheduler) => {
    const { run } = toldRun(handling(() => command({ goto: 'after' })), {}, { scheduler });
    scheduler.flush();
    expect(run.last?.notes).toEqual(['good', 'after 1']);
  }));

  test('F5: an error of its own is the run’s', marbles((_, scheduler) => {
    const { run } = toldRun(handling(() => { throw new Error('worse'); }), {}, { scheduler });
    scheduler.flush();
    expect(run.end).toBe('worse');
  }));

  test('F5: a node that is its own handler has none', marbles((_, scheduler) => {
    let calls = 0;
    const graph = noting().addNode('a', () => { calls++; throw new Error('down'); }, { onError: 'a' as never }).addEdge(START, 'a').addConditionalEdges('a', () => END).compile();
    expect([toldRun(graph, {}, { scheduler }).run.end, calls]).toEqual(['down', 1]);
  }));
});
