import { describe, expect, test } from '@jest/globals';
import { concat, filter, map, of, scan, Subject, throwError, timer, type Observable } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import { Gate } from '../../src/core/demand/Gate.js';
import type { RunEvent, RunEventBody } from '../../src/core/events/RunEvent.js';
import { chain } from '../../src/core/flow/chain.js';
import { flow } from '../../src/core/flow/flow.js';
import { concatText, foldOf } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { withRetry } from '../../src/core/flow/withRetry.js';
import { applyPatch } from '../../src/core/json/applyPatch.js';
import { demandOf, Link, operate } from '../../src/core/subscription.js';
import type { MessageChunk } from '../../src/operators/messages/Message.js';
import { messageChunk } from '../../src/operators/messages/messageChunk.js';
import { chat } from '../../src/operators/models/chat.js';
import { scripted } from '../../src/operators/models/scripted/scripted.js';
import { tool } from '../../src/operators/tools/tool.js';
import { toolLoop } from '../../src/operators/tools/toolLoop.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import { START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { seededIds } from '../../src/testing/seededIds.js';
import { drawTree } from '../../src/tracing/drawing/drawTree.js';
import { treesOf } from '../../src/tracing/runs/RunTree.js';
import type { LoggedRun, RunLog } from '../../src/tracing/log/RunLog.js';
import { runLog, type RunLogPatch } from '../../src/tracing/runLog.js';
import { span } from '../../src/tracing/span.js';
import { marbles } from '../marbles.js';

const START_OF_RUN = { name: 'ask', kind: 'chain', traceId: 'r', parentRunId: undefined, order: 1, attempt: 1, tags: [], metadata: {} } as const;

/** An event of run `r`, or of the one that is named. */
const event = (body: RunEventBody, { runId = 'r', seq = 0, at = 0 } = {}): RunEvent => ({ ...body, runId, seq, at, path: [] });
const begin = (input: unknown, runId = 'r'): RunEvent => event({ type: 'run_start', ...START_OF_RUN, traceId: runId, input }, { runId });
const child = (runId: string, parentRunId = 'r'): RunEvent => event({ type: 'span_start', ...START_OF_RUN, kind: 'llm', parentRunId, order: 2, input: null }, { runId });
const said = (text: string, runId = 'r'): RunEvent => event({ type: 'token', messageId: 'm', text }, { runId });
const ended = (output: unknown, runId = 'r'): RunEvent => event({ type: 'run_end', status: 'done', output }, { runId, at: 7 });

/** The run that the first patch puts. */
const BEGUN = { id: 'r', traceId: 'r', name: 'ask', kind: 'chain', status: 'running', startTime: 0, inputs: 'q', attempt: 1, tags: [], metadata: {}, extra: {}, events: [], executionOrder: 1, dottedOrder: expect.any(String), streamed: [], reasoned: [], toolCalls: {} };
const PATCHES: Readonly<Record<string, RunLogPatch>> = {
  s: [{ op: 'add', path: '', value: { root: 'r', runs: { r: BEGUN } } }],
  a: [{ op: 'add', path: '/runs/r/streamed/-', value: 'a' }],
  b: [{ op: 'add', path: '/runs/r/streamed/-', value: 'b' }],
  e: [{ op: 'add', path: '/runs/r/status', value: 'ok' }, { op: 'add', path: '/runs/r/endTime', value: 7 }, { op: 'add', path: '/runs/r/firstTokenTime', value: 0 }, { op: 'add', path: '/runs/r/outputs', value: 'ab' }],
};
const EVENTS: Readonly<Record<string, RunEvent>> = { s: begin('q'), a: said('a'), b: said('b'), e: ended('ab'), x: event({ type: 'step_start', step: 0, tasks: [] }) };

/** The log after each patch, which goes over a wire. */
const logs = (events$: Observable<RunEvent>): Observable<RunLog> => events$.pipe(runLog(), map((patch) => JSON.parse(JSON.stringify(patch)) as RunLogPatch), scan<RunLogPatch, RunLog, undefined>(applyPatch, undefined));

/** The last log that these events make. */
function logOf(events$: Observable<RunEvent>): RunLog {
  let [last, failure]: [RunLog?, unknown?] = [];
  logs(events$).subscribe({ next: (log) => (last = log), error: (error) => (failure = error) });
  if (!last || failure) throw new Error('no whole log', { cause: failure });
  return last;
}

const rootOf = ({ root, runs }: RunLog): LoggedRun | undefined => runs[root];
const named = ({ runs }: RunLog, name: string): LoggedRun | undefined => Object.values(runs).find((run) => run.name === name);

/** A model whose answers are these streams of tokens, one after the other. */
function saying(...answers: readonly Observable<string>[]): ReturnType<typeof chat> {
  let asked = 0;
  return chat({ id: 'm', capabilities: {}, stream: (): Observable<MessageChunk> => (answers[asked++] ?? of('')).pipe(map((text) => messageChunk({ id: '1', text }))) });
}

describe('runLog', () => {
  test('puts the whole log first, then says what each event changes, and nothing of the others', marbles(({ hot, expectObservable, expectSubscriptions }) => {
    const events = hot('-s-xa-b-e-|', EVENTS);
    expectObservable(events.pipe(runLog())).toBe('-s--a-b-e-|', PATCHES);
    expectSubscriptions(events.subscriptions).toBe('^---------!');
  }));

  test('passes an error on as it comes', marbles(({ hot, expectObservable, expectSubscriptions }) => {
    const events = hot('-s-a-#', EVENTS);
    expectObservable(events.pipe(runLog())).toBe('-s-a-#', PATCHES);
    expectSubscriptions(events.subscriptions).toBe('^----!');
  }));

  test('leaves its source when it is left', marbles(({ hot, expectObservable, expectSubscriptions }) => {
    const events = hot('-s-a-b-e-|', EVENTS);
    expectObservable(events.pipe(runLog()), '^---!').toBe('-s-a-', PATCHES);
    expectSubscriptions(events.subscriptions).toBe('^---!');
  }));

  test('each subscription is a log of its own', marbles(({ cold, expectObservable }) => {
    const log$ = cold('sa|', EVENTS).pipe(runLog());
    expectObservable(log$).toBe('sa|', PATCHES);
    expectObservable(log$, '--^').toBe('--sa|', PATCHES);
  }));

  test('lets its source find the demand of whoever is downstream', () => {
    const demand = new Gate(1);
    let found: unknown;
    const source = operate<RunEvent, RunEvent>((events, subscriber) => ((found = demandOf(subscriber)), events.subscribe(subscriber)));
    of(begin('q')).pipe(source, runLog()).subscribe(new Link<RunLogPatch>(undefined, { next: () => undefined, demand }));
    expect(found).toBe(demand);
  });

  test('hears what happens because of what it says', () => {
    const events = new Subject<RunEvent>();
    const patches: RunLogPatch[] = [];
    events.pipe(runLog()).subscribe((patch) => {
      patches.push(patch);
      if (patches.length === 1) events.next(said('a'));
      if (patches.length === 2) events.next(said('b'));
    });
    events.next(begin('q'));
    expect(patches).toEqual([PATCHES['s'], PATCHES['a'], PATCHES['b']]);
  });

  test('folds to the log', () => {
    const log$ = of(begin('q'), said('a'), ended('a')).pipe(runLog());
    const folding = foldOf(log$)?.start();
    log$.subscribe((patch) => folding?.add(patch));
    expect(folding?.result()).toMatchObject({ root: 'r', runs: { r: { status: 'ok', streamed: ['a'] } } });
  });

  test('tells 100,000 tokens at once', () => {
    const log$ = concat(of(begin('q')), of(...Array<RunEvent>(100_000).fill(said('x')))).pipe(runLog());
    const folding = foldOf(log$)?.start();
    log$.subscribe((patch) => folding?.add(patch));
    expect((folding?.result() as RunLog).runs['r']?.streamed).toHaveLength(100_000);
  });
});

describe('the log of a run', () => {
  test('grows with the run: tokens as they come, then how it ended', marbles(({ cold, expectObservable }, scheduler) => {
    const ask = saying(cold('-a-b|'));
    const shown = logs(ask.events('q', { scheduler })).pipe(map((log) => `${rootOf(log)?.status} ${rootOf(log)?.streamed.join('')}`));
    expectObservable(shown).toBe('sa-b(e|)', { s: 'running ', a: 'running a', b: 'running ab', e: 'ok ab' });
  }));

  test('has every run within it, as a trace file has them, and their answers and usage', () => {
    const ask = chain(span('look', 'retriever', lambda((q: string) => `about ${q}`)), chat(scripted([{ reply: 'It is wet.' }], { id: 'model' })));
    const log = logOf(ask.events('rain', { thread: 't', tags: ['mine'] }));
    expect(Object.values(log.runs).map(({ name, kind, status, parentId, thread }) => [name, kind, status, parentId, thread])).toEqual([
      ['look | model', 'chain', 'ok', undefined, 't'],
      ['look', 'retriever', 'ok', log.root, 't'],
      ['model', 'llm', 'ok', log.root, 't'],
    ]);
    expect(named(log, 'look')).toMatchObject({ inputs: 'rain', outputs: 'about rain', tags: expect.arrayContaining(['mine']) });
    expect(named(log, 'model')).toMatchObject({ streamed: ['It ', 'is ', 'wet.'], usage: { outputTokens: expect.any(Number) }, outputs: { role: 'assistant' } });
    expect(drawTree(treesOf(Object.values(log.runs)))).toMatch(/^✓ look \| model .*\n├─ ✓ look retriever .*\n└─ ✓ model llm /);
  });

  test('tells of a failure before it fails', marbles(({ cold, expectObservable }, scheduler) => {
    const ask = saying(cold('-a-#', undefined, new TypeError('lost')));
    const shown = logs(ask.events('q', { scheduler })).pipe(map((log) => `${rootOf(log)?.status} ${JSON.stringify(rootOf(log)?.error)}`));
    expectObservable(shown).toBe('sa-(e#)', { s: 'running undefined', a: 'running undefined', e: 'error {"name":"TypeError","message":"lost"}' }, new TypeError('lost'));
  }));

  test('tells an input that came in chunks when it is whole', () => {
    const joined = span('joined', 'chain', flow('joined', map((piece: string) => piece), { fold: concatText }));
    const log = logOf(chain(flow('pieces', (source: Observable<string>) => source.pipe(lambda((line: string) => of(...line))), { fold: concatText }), joined).events('abc'));
    expect(named(log, 'joined')).toMatchObject({ inputs: 'abc', outputs: 'abc' });
  });

  test('of one that is left, says that it was cancelled', marbles((_, scheduler) => {
    const run = chain(span('slow', 'tool', lambda(() => timer(9)))).start('q', { scheduler });
    let log: RunLog | undefined;
    logs(run.events$).subscribe((next) => (log = next));
    scheduler.schedule(() => run.cancel(), 3);
    scheduler.flush();
    expect(Object.values(log?.runs ?? {}).map(({ name, status, endTime }) => [name, status, endTime])).toEqual([['slow', 'cancelled', 3], ['slow', 'cancelled', 3]]);
  }));

  test('keeps its attempts apart, and forgets what one of them said that is superseded', () => {
    const ask = chain(withRetry(saying(concat(of('wr'), throwError(() => new Error('lost'))), of('right')), { restart: true, initialMs: 0, jitter: 'none' }), lambda((m: unknown) => m));
    const log = logOf(ask.events('q'));
    expect(Object.values(log.runs).filter(({ kind }) => kind === 'llm').map(({ status, attempt, streamed }) => [status, attempt, streamed])).toEqual([['error', 1, ['wr']], ['ok', 2, ['right']]]);
    expect(rootOf(log)?.events.map(({ name, data }) => [name, data])).toEqual([['superseded', { attempt: 1 }], ['retry', { attempt: 2, delayMs: 0, error: { name: 'Error', message: 'lost' } }]]);
    const told = logOf(of(begin('q'), said('wr'), event({ type: 'reasoning', messageId: 'm', text: 'hm' }), event({ type: 'superseded', attempt: 1 }), said('right')));
    expect(rootOf(told)).toMatchObject({ streamed: ['right'], reasoned: [] });
  });

  test('shows calls of tools while they run', marbles((_, scheduler) => {
    const count = tool({ name: 'count', description: 'counts', input: { type: 'object', properties: {} }, run: () => concat(of('one'), timer(3).pipe(map(() => 'two'))) });
    const loop = toolLoop(scripted([{ when: 'count', calls: [{ name: 'count', args: {} }] }, { reply: 'Done.' }], { paceMs: 0 }), [count]);
    const calls: unknown[] = [];
    logs(loop.events('count', { scheduler })).subscribe((log) => {
      const [call] = Object.values(log.runs).flatMap(({ toolCalls }) => Object.values(toolCalls));
      if (call && JSON.stringify(call) !== JSON.stringify(calls.at(-1))) calls.push(call);
    });
    scheduler.flush();
    expect(calls).toMatchObject([
      { name: 'count', status: 'running', input: {}, deltas: [] },
      { status: 'running', deltas: ['one'] },
      { status: 'running', deltas: ['one', 'two'] },
      { status: 'ok', deltas: ['one', 'two'], output: 'onetwo' },
    ]);
  }));

  test('keeps the first 1,000 of what it emits, and what went wrong later with the root', () => {
    const chatty = lambda((_: string, run) => {
      for (let i = 0; i < 1_200; i++) run.emit(i);
      return 'done';
    });
    const events = rootOf(logOf(chatty.events('q')))?.events ?? [];
    expect(events).toHaveLength(1_000);
    expect(events.at(-1)).toMatchObject({ name: 'custom', data: { value: 999 } });
    const late = logOf(of(begin('q'), child('c'), event({ type: 'span_end', status: 'ok' }, { runId: 'c' }), event({ type: 'late_error', error: new Error('late') }, { runId: 'c' })));
    expect(rootOf(late)?.events).toMatchObject([{ name: 'late_error', data: { error: { name: 'Error', message: 'late' } } }]);
  });

  test('is JSON, whatever the values were', () => {
    const circle: Record<string, unknown> = { big: 10n, map: new Map([['a', 1]]), set: new Set([1]), bytes: new Uint8Array(3), none: undefined, nan: NaN, date: new Date(0) };
    circle['self'] = circle;
    const log = logOf(lambda((_: unknown, run) => (run.emit(circle), circle)).events({ 'a/b~c': circle }));
    const plain = { big: '10', map: { a: 1 }, set: [1], bytes: '[3 bytes]', nan: null, date: '1970-01-01T00:00:00.000Z', self: '[circular]' };
    expect(rootOf(log)).toMatchObject({ inputs: { 'a/b~c': plain }, outputs: plain, events: [{ data: { value: plain } }] });
  });

  test('takes any id for a run, a call and an item of a state', () => {
    const id = 'a/b~1';
    const log = logOf(of(
      begin('q', id),
      event({ type: 'tool_start', callId: id, name: 'x', input: 1 }, { runId: id }),
      event({ type: 'tool_delta', callId: id, delta: 2 }, { runId: id }),
      event({ type: 'state_update', step: -1, checkpointId: '', patch: [{ op: 'add', path: '', value: { [id]: [] } }] }, { runId: id }),
      event({ type: 'state_update', step: 0, checkpointId: '', patch: [{ op: 'add', path: '/a~1b~01/-', value: 3 }] }, { runId: id }),
      ended('done', id),
    ));
    expect(rootOf(log)).toMatchObject({ status: 'ok', toolCalls: { [id]: { deltas: [2] } }, state: { [id]: [3] } });
  });

  test('has nothing of runs whose beginning it isn\'t told, as when a filter left it out', () => {
    const kept = of(begin('q'), child('c'), said('a', 'c'), event({ type: 'tool_delta', callId: 'x', delta: 1 }), event({ type: 'span_end', status: 'ok' }, { runId: 'c' }), said('b', 'd'), ended('done'));
    const log = logOf(kept.pipe(filter((event) => event.type !== 'span_start' || event.kind !== 'llm')));
    expect(log).toMatchObject({ root: 'r', runs: { r: { status: 'ok', toolCalls: {} } } });
    expect(Object.keys(log.runs)).toEqual(['r']);
  });

  test('a run that begins once more under its id has nothing of what it was', () => {
    const log = logOf(of(begin('q'), said('a'), event({ type: 'tool_start', callId: 'x', name: 'x', input: 1 }), ended('done'), begin('again'), event({ type: 'tool_delta', callId: 'x', delta: 1 })));
    expect(rootOf(log)).toMatchObject({ inputs: 'again', status: 'running', streamed: [], toolCalls: {} });
  });
});

describe('the log of a graph', () => {
  const sub = new StateGraph({ said: append<string>() }).addNode('deep', () => ({ said: 'deep' })).addEdge(START, 'deep').compile({ name: 'inner' });
  const outer = () =>
    new StateGraph({ said: append<string>(), n: lastValue(0) })
      .addNode('plan', () => timer(2).pipe(map(() => ({ said: 'planned', n: 1 }))))
      .addNode('sub', sub)
      .addEdge(START, 'plan')
      .addEdge('plan', 'sub');

  test('has its state after each superstep, and that of a graph in it', marbles((_, scheduler) => {
    const states: unknown[] = [];
    let log: RunLog | undefined;
    logs(outer().compile({ name: 'outer' }).events({ said: 'hi' }, { scheduler })).subscribe((next) => {
      log = next;
      const state = rootOf(next)?.state;
      if (state !== states.at(-1)) states.push(state);
    });
    scheduler.flush();
    expect(states).toEqual([{ said: ['hi'], n: 0 }, { said: ['hi', 'planned'], n: 1 }, { said: ['hi', 'planned', 'deep'], n: 1 }]);
    expect(rootOf(log as RunLog)?.outputs).toEqual(states.at(-1));
    expect(named(log as RunLog, 'inner')?.state).toEqual({ said: ['hi', 'planned', 'deep'] });
    expect(named(log as RunLog, 'plan')).toMatchObject({ kind: 'node', status: 'ok', metadata: { step: 0 }, outputs: { said: 'planned', n: 1 } });
  }));

  const asking = () =>
    new StateGraph({ said: append<string>() })
      .addNode('ask', (_s, run) => run.interrupt('ok?').pipe(map((answer) => ({ said: String(answer) }))))
      .addNode('then', () => ({ said: 'then' }))
      .addEdge(START, 'ask')
      .addEdge('ask', 'then');

  test('of one that waits has its question; answered, it goes on as another run', marbles((_, scheduler) => {
    const run = asking().compile({ checkpointer: memoryCheckpointer({ scheduler }) }).start({}, { scheduler, thread: 't' });
    const seen: RunLog[] = [];
    logs(run.events$).subscribe((log) => seen.push(log));
    const waiting = seen.at(-1) as RunLog;
    expect(rootOf(waiting)).toMatchObject({ id: run.runId, status: 'interrupted', events: [{ name: 'interrupt', data: { payload: 'ok?' } }] });
    run.resume('yes');
    scheduler.flush();
    const done = seen.at(-1) as RunLog;
    expect(done.root).not.toBe(waiting.root);
    expect(rootOf(done)).toMatchObject({ status: 'ok', state: { said: ['yes', 'then'] } });
    expect(done.runs[waiting.root]).toBe(waiting.runs[waiting.root]);
  }));

  test.each([0, 1, 2, 3, 5, 8, 13, 21, 34])('told late, with the last %s events kept, has the same state and the same end', (replay) => {
    marbles((_, scheduler) => {
      const chatty = (word: string) => (_s: unknown, run: { readonly emit: (value: unknown) => void }) => timer(3, scheduler).pipe(map(() => (run.emit(word), { said: word })));
      const run = new StateGraph({ said: append<string>() }).addSequence([['a', chatty('a')], ['b', chatty('b')], ['c', chatty('c')], ['d', chatty('d')]]).addEdge(START, 'a').compile().start({ said: '-' }, { scheduler, replay, ids: seededIds() });
      const last = new Map<number, RunLog>();
      for (const at of [0, 1, 4, 7, 10, 20]) scheduler.schedule(() => void logs(run.events$).subscribe((log) => last.set(at, log)), at);
      scheduler.flush();
      const whole = last.get(0) as RunLog;
      expect(rootOf(whole)).toMatchObject({ status: 'ok', state: { said: ['-', 'a', 'b', 'c', 'd'] } });
      for (const log of last.values()) {
        expect(log.root).toBe(whole.root);
        const { name, kind, status, state, inputs } = rootOf(log) as LoggedRun;
        expect({ name, kind, status, state, inputs }).toEqual({ name: 'graph', kind: 'graph', status: 'ok', state: { said: ['-', 'a', 'b', 'c', 'd'] }, inputs: { said: '-' } });
      }
    })();
  });

  test('told late of one that was resumed, has the state from where it went on', marbles((_, scheduler) => {
    for (let replay = 0; replay < 30; replay++) {
      const run = asking().compile({ checkpointer: memoryCheckpointer({ scheduler }) }).start({}, { scheduler, thread: `t${replay}`, replay });
      run.resume('yes');
      scheduler.flush();
      expect(rootOf(logOf(run.events$))).toMatchObject({ status: 'ok', state: { said: ['yes', 'then'] } });
    }
  }));

  test('told late of a model, has what it said so far as its output', marbles(({ cold }, scheduler) => {
    const run = saying(cold('a-b-c|')).start('q', { replay: 1, scheduler });
    let log: RunLog | undefined;
    scheduler.schedule(() => void logs(run.events$).subscribe((next) => (log ??= next)), 3);
    scheduler.flush();
    expect(rootOf(log as RunLog)).toMatchObject({ name: 'm', status: 'running', outputs: { content: [{ type: 'text', text: 'ab' }] }, streamed: [] });
  }));
});
