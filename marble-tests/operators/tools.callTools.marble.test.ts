import { describe, expect, test } from '@jest/globals';
import { defer, map, NEVER, of, Subject, throwError, timer, type Observable } from 'rxjs';
import type { Gate } from '../../src/core/demand/Gate.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { chain } from '../../src/core/flow/chain.js';
import type { RunEvent } from '../../src/core/events/RunEvent.js';
import { assistant } from '../../src/operators/messages/assistant.js';
import type { AssistantMessage, ToolMessage } from '../../src/operators/messages/Message.js';
import { textOf } from '../../src/operators/messages/textOf.js';
import { callTools, type CallToolsOptions } from '../../src/operators/tools/callTools.js';
import type { AnyTool } from '../../src/operators/tools/buildTool.js';
import { tool } from '../../src/operators/tools/tool.js';
import { marbles } from '../marbles.js';

const anything = { type: 'object' } as const;

/** A tool that emits what `answer` does. */
const emitting = (name: string, answer: (args: unknown) => Observable<unknown>): AnyTool => tool({ name, input: anything, run: answer });

/** A message that calls tools, by name; the ids are c0, c1, … */
const calling = (...names: readonly string[]): AssistantMessage => assistant('', { toolCalls: names.map((name, i) => ({ id: `c${i}`, name, args: { i } })) });

const said = (message: ToolMessage): string => `${message.toolCallId} ${message.isError ? 'failed: ' : ''}${textOf(message)}`;

/** The results, each in a line. */
function results(tools: readonly AnyTool[], names: readonly string[], options?: CallToolsOptions): Observable<string> {
  return callTools(tools, options).run(calling(...names)).pipe(map(said));
}

/** What was told of tools, each in a line. */
function storyOf(tools: readonly AnyTool[], names: readonly string[], options?: CallToolsOptions): string[] {
  const story: string[] = [];
  callTools(tools, options).events(calling(...names)).subscribe({ next: (event) => told(event, story), error: () => undefined });
  return story;
}

function told(event: RunEvent, story: string[]): void {
  if (event.type === 'tool_start') story.push(`@${event.at} ${event.callId} start ${event.name} ${JSON.stringify(event.input)}`);
  if (event.type === 'tool_delta') story.push(`@${event.at} ${event.callId} delta ${JSON.stringify(event.delta)}`);
  if (event.type === 'tool_end') story.push(`@${event.at} ${event.callId} end ${event.error === undefined ? JSON.stringify(event.output) : `error ${(event.error as Error).message}`}`);
}

describe('two tools race', () => {
  test('the second begins when the first does, and results come in the order of the calls', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const slow = cold('-----(s|)', { s: 'slow' });
    const fast = cold('--(f|)', { f: 'fast' });
    const tools = [emitting('slow', () => slow), emitting('fast', () => fast)];
    expectObservable(results(tools, ['slow', 'fast'])).toBe('-----(ab|)', { a: 'c0 slow', b: 'c1 fast' });
    expectSubscriptions(slow.subscriptions).toBe('^----!');
    expectSubscriptions(fast.subscriptions).toBe('^-!');
  }));

  test('a result whose turn it is doesn’t wait for the rest', marbles(({ cold, expectObservable }) => {
    const tools = [emitting('slow', () => cold('-----(s|)', { s: 'slow' })), emitting('fast', () => cold('--(f|)', { f: 'fast' }))];
    expectObservable(results(tools, ['fast', 'slow'])).toBe('--a--(b|)', { a: 'c0 fast', b: 'c1 slow' });
  }));

  test('what happened is told in the order in which it happened', marbles(({ cold, flush }) => {
    const tools = [emitting('slow', () => cold('-----(s|)', { s: 'slow' })), emitting('fast', () => cold('--(f|)', { f: 'fast' }))];
    const story = storyOf(tools, ['slow', 'fast']);
    flush();
    expect(story).toEqual(['@0 c0 start slow {"i":0}', '@0 c1 start fast {"i":1}', '@2 c1 end "fast"', '@5 c0 end "slow"']);
  }));
});

describe('concurrency', () => {
  const takes10 = emitting('t', () => timer(10).pipe(map(() => 'ok')));
  const letters = { a: 'c0 ok', b: 'c1 ok', c: 'c2 ok', d: 'c3 ok', e: 'c4 ok' };
  const five = ['t', 't', 't', 't', 't'];

  test('is four', marbles(({ expectObservable }) => {
    expectObservable(results([takes10], five)).toBe('10ms (abcd) 4ms (e|)', letters);
  }));

  test('is what is asked for', marbles(({ expectObservable }) => {
    expectObservable(results([takes10], five, { concurrency: 2 })).toBe('10ms (ab) 6ms (cd) 6ms (e|)', letters);
  }));

  test('is no more than the run allows', marbles(({ expectObservable }) => {
    const run = callTools([takes10]).run(calling('t', 't'), { maxConcurrency: 1 });
    expectObservable(run.pipe(map(said))).toBe('10ms a 9ms (b|)', letters);
  }));

  test('calls begin only as earlier results are taken', marbles(({ expectObservable, flush }) => {
    let gate: Gate | undefined;
    let begun = 0;
    const counted = emitting('t', () => defer(() => of(++begun)));
    const slowly = mapAsync<ToolMessage, string>((message) => timer(10).pipe(map(() => textOf(message))), { probe: (it) => (gate = it) });
    expectObservable(callTools([counted], { concurrency: 1 }).run(calling(...five)).pipe(slowly)).toBe('10ms 1 9ms 2 9ms 3 9ms 4 9ms (5|)');
    expect(begun).toBeLessThanOrEqual(2);
    flush();
    expect(gate?.peak).toBe(1);
  }));
});

describe('a timeout', () => {
  test('is a result that the model reads, and ends the tool', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const never = cold('----------');
    expectObservable(results([emitting('slow', () => never)], ['slow'], { timeoutMs: 4 })).toBe('----(a|)', { a: "c0 failed: 'slow' gave no result within 4 ms" });
    expectSubscriptions(never.subscriptions).toBe('^---!');
  }));

  test('of the tool itself wins over that for all', marbles(({ expectObservable }) => {
    const patient = emitting('patient', () => timer(8).pipe(map(() => 'ok'))).with({ timeoutMs: 9 });
    const endless = emitting('endless', () => timer(9).pipe(map(() => 'ok'))).with({ timeoutMs: Infinity });
    expectObservable(results([patient, endless], ['patient', 'endless'], { timeoutMs: 4 })).toBe('--------a(b|)', { a: 'c0 ok', b: 'c1 ok' });
  }));

  test('a value in the frame in which the time is up still counts', marbles(({ expectObservable }) => {
    expectObservable(results([emitting('t', () => timer(4).pipe(map(() => 'ok')))], ['t'], { timeoutMs: 4 })).toBe('----(a|)', { a: 'c0 ok' });
  }));

  test('one tool’s doesn’t touch another', marbles(({ expectObservable }) => {
    const tools = [emitting('hangs', () => NEVER).with({ timeoutMs: 3 }), emitting('works', () => timer(6).pipe(map(() => 'ok')))];
    const letters = { a: "c0 failed: 'hangs' gave no result within 3 ms", b: 'c1 ok' };
    expectObservable(results(tools, ['hangs', 'works'])).toBe('---a--(b|)', letters);
  }));
});

describe('a retry', () => {
  const failingOnce = (name: string): AnyTool => {
    let attempts = 0;
    return emitting(name, () => timer(1).pipe(map(() => { if (++attempts === 1) throw new Error('busy'); return `attempt ${attempts}`; })));
  };
  const retry = { initialMs: 4, jitter: 'none' } as const;

  test('tries a failed tool again', marbles(({ expectObservable }) => {
    expectObservable(results([failingOnce('t')], ['t'], { retry })).toBe('------(a|)', { a: 'c0 attempt 2' });
  }));

  test('of the tool itself wins over that for all', marbles(({ expectObservable }) => {
    const once = failingOnce('t').with({ retry: { maxAttempts: 1 } });
    expectObservable(results([once], ['t'], { retry })).toBe('-(a|)', { a: 'c0 failed: busy' });
  }));

  test('and a timeout for all are for what a tool leaves open', marbles(({ expectObservable }) => {
    const slow = (): Observable<unknown> => timer(6).pipe(map(() => 'ok'));
    const once = emitting('once', slow).with({ retry: { maxAttempts: 1 } });
    const patient = failingOnce('patient').with({ timeoutMs: 9 });
    expectObservable(results([once], ['once'], { timeoutMs: 4, retry })).toBe('----(a|)', { a: "c0 failed: 'once' gave no result within 4 ms" });
    expectObservable(results([patient], ['patient'], { timeoutMs: 1, retry: { ...retry, initialMs: 1 } })).toBe('---(a|)', { a: 'c0 attempt 2' });
    expectObservable(results([emitting('slow', slow).with({ timeoutMs: 9 })], ['slow'], { timeoutMs: 4, retry })).toBe('------(a|)', { a: 'c0 ok' });
  }));

  test('gives each attempt the timeout', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const answers = [cold('-----'), cold('--(r|)', { r: 'ok' })];
    let attempts = 0;
    expectObservable(results([emitting('t', () => answers[attempts++] as Observable<unknown>)], ['t'], { timeoutMs: 3, retry })).toBe('---------(a|)', { a: 'c0 ok' });
    expectSubscriptions(answers[0]?.subscriptions ?? []).toBe('^--!');
    expectSubscriptions(answers[1]?.subscriptions ?? []).toBe('-------^-!');
  }));

  test('starts the result over when an attempt broke off in the middle', marbles(({ cold, expectObservable }) => {
    const answers = [cold('a-#', { a: 'Hal' }, new Error('cut')), cold('ab|', { a: 'Hel', b: 'lo' })];
    let attempts = 0;
    expectObservable(results([emitting('t', () => answers[attempts++] as Observable<unknown>)], ['t'], { retry })).toBe('--------(a|)', { a: 'c0 Hello' });
  }));

  test('isn’t made for arguments that don’t fit', marbles(({ expectObservable }) => {
    let ran = 0;
    const strict = tool({ name: 't', input: { type: 'object', required: ['x'] }, run: () => ++ran });
    expectObservable(results([strict], ['t'], { retry }).pipe(map((line) => line.slice(0, 22)))).toBe('(a|)', { a: 'c0 failed: TOOL_INPUT:' });
    expect(ran).toBe(0);
  }));
});

describe('cancellation in the middle', () => {
  test('unsubscribes every tool at once, begins none after it, and aborts their signals', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const working = [cold('------r|'), cold('---------r|')];
    const signals: AbortSignal[] = [];
    const tools = working.map((work, i) => tool({ name: `t${i}`, input: anything, run: (_: unknown, run) => (signals.push(run.signal), work) }));
    expectObservable(results(tools, ['t0', 't1', 't0'], { concurrency: 2 }), '---!').toBe('----');
    expectSubscriptions(working[0]?.subscriptions ?? []).toBe(['^--!']);
    expectSubscriptions(working[1]?.subscriptions ?? []).toBe(['^--!']);
    timer(4).subscribe(() => expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]));
  }));

  test('doesn’t abort the signal of a tool that had ended', marbles(({ expectObservable, flush }) => {
    const signals: AbortSignal[] = [];
    const quick = tool({ name: 'quick', input: anything, run: (_: unknown, run) => (signals.push(run.signal), timer(1)) });
    expectObservable(results([quick, emitting('slow', () => timer(9))], ['quick', 'slow']), '---!').toBe('-a--', { a: 'c0 0' });
    flush();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  }));

  test('an error of onError ends the other calls', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const slow = cold('-----r|');
    const rethrow = (error: unknown): never => { throw error; };
    const tools = [emitting('slow', () => slow), emitting('broken', () => timer(2).pipe(map(() => { throw new Error('boom'); })))];
    expectObservable(results(tools, ['slow', 'broken'], { onError: rethrow })).toBe('--#', undefined, new Error('boom'));
    expectSubscriptions(slow.subscriptions).toBe('^-!');
  }));
});

describe('streamed output', () => {
  test('strings are told as they come, and concatenate', marbles(({ cold, expectObservable, flush }) => {
    const typing = emitting('typing', () => cold('--a--b-|', { a: 'Hel', b: 'lo' }));
    expectObservable(results([typing], ['typing'])).toBe('-------(r|)', { r: 'c0 Hello' });
    const story = storyOf([typing], ['typing']);
    flush();
    expect(story).toEqual(['@0 c0 start typing {"i":0}', '@2 c0 delta "Hel"', '@5 c0 delta "lo"', '@7 c0 end "Hello"']);
  }));

  test('of other values the last is the result, those before it progress', marbles(({ cold, expectObservable, flush }) => {
    const working = emitting('working', () => cold('-a-(bc|)', { a: { percent: 10 }, b: { percent: 90 }, c: { found: 3 } }));
    expectObservable(results([working], ['working'])).toBe('---(r|)', { r: 'c0 {"found":3}' });
    const story = storyOf([working], ['working']);
    flush();
    expect(story).toEqual(['@0 c0 start working {"i":0}', '@1 c0 delta {"percent":10}', '@3 c0 delta {"percent":90}', '@3 c0 delta {"found":3}', '@3 c0 end {"found":3}']);
  }));

  test('a result that comes alone is no delta', marbles(({ flush }) => {
    const story = storyOf([emitting('now', () => of(1)), emitting('later', () => timer(2))], ['now', 'later']);
    flush();
    expect(story).toEqual(['@0 c0 start now {"i":0}', '@0 c0 end 1', '@0 c1 start later {"i":1}', '@2 c1 end 0']);
  }));

  test('a value that only another frame follows is told in its own', marbles(({ cold, flush }) => {
    const story = storyOf([emitting('t', () => cold('-a--|', { a: 'x' }))], ['t']);
    flush();
    expect(story).toEqual(['@0 c0 start t {"i":0}', '@1 c0 delta "x"', '@4 c0 end "x"']);
  }));

  test('what came before a failure is told', marbles(({ cold, flush }) => {
    const story = storyOf([emitting('t', () => cold('-(a#)', { a: 'x' }, new Error('cut')))], ['t']);
    flush();
    expect(story).toEqual(['@0 c0 start t {"i":0}', '@1 c0 delta "x"', '@1 c0 end error cut']);
  }));

  test('nothing is told after a cancellation', marbles(({ flush }) => {
    const story: string[] = [];
    const work = new Subject<string>();
    const events = { next: (event: RunEvent) => told(event, story) };
    const subscription = callTools([emitting('t', () => work)]).run(calling('t'), { events }).subscribe();
    work.next('a');
    subscription.unsubscribe();
    flush();
    expect(story).toEqual(['@0 c0 start t {"i":0}']);
  }));
});

describe('in a pipe', () => {
  test('the source is folded to its message; its error goes on; it is left when the tools are', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-m|', { m: calling('t') });
    const work = cold('--(r|)', { r: 'ok' });
    const tools = callTools([emitting('t', () => work)]);
    expectObservable(source.pipe(tools, map(said))).toBe('---(a|)', { a: 'c0 ok' });
    expectObservable(cold<AssistantMessage>('--#').pipe(tools)).toBe('--#');
    expectObservable(cold('-m-', { m: calling('t') }).pipe(tools), '--!').toBe('---');
    expectSubscriptions(source.subscriptions).toBe('^-!');
    expectSubscriptions(work.subscriptions).toBe(['-^-!', '-^!']);
  }));

  test('a message that calls no tools has no results', marbles(({ expectObservable }) => {
    expectObservable(callTools([]).run(assistant('Hi'))).toBe('|');
    expectObservable(callTools([]).run('not a message' as never)).toBe('#', undefined, expect.objectContaining({ code: 'INVALID_MESSAGE' }));
    let ran = 0;
    const counting = callTools([emitting('t', () => defer(() => of(++ran)))]);
    expectObservable(counting.run(assistant('', { toolCalls: [{ id: '', name: 't', args: {} }] }))).toBe('#', undefined, expect.objectContaining({ code: 'INVALID_MESSAGE' }));
    timer(1).subscribe(() => expect(ran).toBe(0));
  }));

  test('a tool that makes its caller call again doesn’t disturb the calls under way', () => {
    const seen: string[] = [];
    const again = new Subject<AssistantMessage>();
    const tools = callTools([tool({ name: 't', input: anything, run: ({ i }: { i: number }) => { if (i === 0) again.next(calling('u')); return i; } }), emitting('u', () => of('inner'))]);
    again.subscribe((message) => tools.run(message).subscribe((result) => seen.push(said(result))));
    tools.run(calling('t', 't')).subscribe((result) => seen.push(said(result)));
    expect(seen).toEqual(['c0 inner', 'c0 0', 'c1 1']);
  });

  test('20,000 synchronous calls run in a loop, in order', () => {
    const message = assistant('', { toolCalls: Array.from({ length: 20_000 }, (_, i) => ({ id: `c${i}`, name: 't', args: { i } })) });
    const echo = tool({ name: 't', input: anything, run: ({ i }: { i: number }) => i });
    let next = 0;
    callTools([echo]).run(message).subscribe((result) => { if (textOf(result) === `${next}`) next++; });
    expect(next).toBe(20_000);
  });

  test('as a step of a chain its result is the list', marbles(({ expectObservable }) => {
    const lengths = chain(callTools([emitting('t', () => timer(1))]), map((message: ToolMessage) => message.toolCallId));
    expectObservable(lengths.run(calling('t', 't'))).toBe('-(ab|)', { a: 'c0', b: 'c1' });
  }));

  test('a tool that fails at once is a result too', marbles(({ expectObservable }) => {
    const tools = [emitting('throws', () => { throw new Error('now'); }), emitting('errors', () => throwError(() => new Error('soon')))];
    expectObservable(results(tools, ['throws', 'errors', 'absent'])).toBe('(abc|)', { a: 'c0 failed: now', b: 'c1 failed: soon', c: "c2 failed: TOOL_UNKNOWN: there is no tool 'absent'. Tools: throws, errors (docs/errors/TOOL_UNKNOWN.md)" });
  }));
});
