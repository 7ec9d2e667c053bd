import { describe, expect, test } from '@jest/globals';
import { map, of, pipe, Subject, timer, type Observable } from 'rxjs';
import { contextOf, operate } from '../../src/core/subscription.js';
import { pull } from '../../src/core/demand/pull.js';
import type { RunEvent } from '../../src/core/events/RunEvent.js';
import { chain } from '../../src/core/flow/chain.js';
import { each } from '../../src/core/flow/each.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { chat } from '../../src/operators/models/chat.js';
import { scripted } from '../../src/operators/models/scripted/scripted.js';
import { debug } from '../../src/tracing/debug.js';
import { memoryTracer } from '../../src/tracing/exporters/memoryTracer.js';
import { onRun, type RunHandlers } from '../../src/tracing/onRun.js';
import { redact } from '../../src/tracing/redact.js';
import { sample } from '../../src/tracing/sample.js';
import { span } from '../../src/tracing/span.js';
import { tapEvents } from '../../src/tracing/tapEvents.js';
import { platform } from '../../src/core/bridge/platform.js';
import { marbles } from '../marbles.js';

const step = (name: string, ms: number) => span(name, 'tool', lambda((n: number) => timer(ms).pipe(map(() => n + 1))));
const failing = (name: string) => span(name, 'tool', lambda((): number => { throw new Error('no'); }));

/** Handlers that keep a line of each call. */
function kept(): RunHandlers & { readonly calls: readonly string[] } {
  const calls: string[] = [];
  return {
    calls,
    start: ({ name, kind }) => calls.push(`start ${kind} ${name}`),
    token: (text, { name }) => calls.push(`token ${name} ${text}`),
    end: ({ name, status, outputs }) => calls.push(`end ${name} ${status} ${String(outputs)}`),
    error: (error, { name }) => calls.push(`error ${name} ${(error as Error).message}`),
  };
}

describe('onRun', () => {
  test('calls back for each run upstream, and passes values on as they come', marbles(({ hot, expectObservable, expectSubscriptions }, scheduler) => {
    const handlers = kept();
    const source = hot('-a--|', { a: 1 });
    expectObservable(source.pipe(chain(step('x', 1), step('y', 2)), onRun(handlers))).toBe('------(b|)', { b: 3 });
    expectSubscriptions(source.subscriptions).toBe('^---!');
    scheduler.flush();
    expect(handlers.calls).toEqual(['start tool x', 'start tool y', 'end x ok 2', 'end y ok 3']);
  }));

  test('tells tokens with the run that said them', marbles((_, scheduler) => {
    const handlers = kept();
    chat(scripted([{ reply: 'one two' }], { id: 'model', paceMs: 2 })).run('hi', { scheduler, events: onRun({ ...handlers, end: (run) => void expect(run.usage).toBeDefined() }) }).subscribe();
    scheduler.flush();
    expect(handlers.calls).toEqual(['start llm model', 'token model one ', 'token model two']);
  }));

  test('tells a failure, with its error, in place of an end; and a run that was left as cancelled', marbles((_, scheduler) => {
    const handlers = kept();
    of(1).pipe(failing('x'), onRun(handlers)).subscribe({ error: () => undefined });
    const running = of(1).pipe(step('y', 9), onRun(handlers)).subscribe();
    scheduler.schedule(() => running.unsubscribe(), 2);
    scheduler.flush();
    expect(handlers.calls).toEqual(['start tool x', 'error x no', 'start tool y', 'end y cancelled undefined']);
  }));

  test('sees every run of a stream, and those of a flow it is given to', marbles((_, scheduler) => {
    const handlers = kept();
    const tap = onRun<number>(handlers);
    pull([1, 2]).pipe(each(step('x', 1)), tap).subscribe();
    chain(step('y', 1)).run(5, { scheduler, events: tap, runName: 'root' }).subscribe();
    scheduler.flush();
    expect(handlers.calls.filter((call) => call.startsWith('end'))).toEqual(['end x ok 2', 'end y ok 6', 'end root ok 6', 'end x ok 3']);
  }));

  test('ends no run when a handler throws: its error is reported, and others hear on', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    const handlers: RunHandlers = { start: () => { throw new Error('mine'); } };
    const results: number[] = [];
    of(1).pipe(span('x', 'tool', lambda((n: number) => n + 1)), onRun(handlers), tapEvents(tracer)).subscribe((result) => results.push(result));
    expect(() => scheduler.flush()).toThrow('mine');
    expect(results).toEqual([2]);
    expect(tracer.runs).toMatchObject([{ name: 'x', status: 'ok' }]);
  }));
});

describe('tapEvents', () => {
  test('sees the events of all that is upstream, and of nothing else', marbles((_, scheduler) => {
    const seen: string[] = [];
    const see = (event: RunEvent): number => seen.push(`${event.type}${'name' in event ? ` ${event.name}` : ''}`);
    of(1).pipe(step('x', 1), tapEvents(see), step('y', 1)).subscribe();
    scheduler.flush();
    expect(seen).toEqual(['span_start x', 'span_end']);
  }));

  test('feeds a Subject, and lets the context of whoever is downstream through', () => {
    const events$ = new Subject<RunEvent>();
    const seen: string[] = [];
    events$.subscribe(({ type }) => seen.push(type));
    let tags: readonly string[] | undefined;
    const look = operate<number, number>((source, subscriber) => ((tags = contextOf(subscriber)?.tags), source.subscribe(subscriber)));
    const tapped = lambda((n: number) => n).pipe(look).pipe(tapEvents<number>(events$) as (source: Observable<number>) => Observable<number>);
    tapped.run(1, { tags: ['mine'] }).subscribe();
    expect(tags).toEqual(['mine']);
    expect(events$.closed).toBe(false);
    expect(seen).toEqual([]);
    of(1).pipe(span('x', 'tool', lambda((n: number) => n)), tapEvents(events$)).subscribe();
    expect(seen).toEqual(['span_start', 'span_end']);
  });
});

describe('debug', () => {
  test('prints a line an event, cut to a width', marbles((_, scheduler) => {
    const lines: string[] = [];
    const print = (line: string): number => lines.push(line);
    timer(5).pipe(map(() => 1), step('x', 3), debug({ print })).subscribe();
    timer(5).pipe(map(() => 'long '.repeat(100)), span('y', 'tool', lambda((s: string) => s.length)), debug({ print, width: 40 })).subscribe();
    of(1).pipe(failing('z'), debug({ print })).subscribe({ error: () => undefined });
    scheduler.flush();
    const told = lines.map((line) => line.replace(/ms [0-9a-f]{4} /, 'ms '));
    expect(told).toEqual(['     0 ms span_start tool z 1', '     0 ms span_end error Error: no', '     0 ms span_start tool x 1', expect.stringMatching(/^ {5}0 ms span_start tool y "lo.*…$/), '     0 ms span_end ok 500', '     3 ms span_end ok 2']);
    expect(lines[3]).toHaveLength(40);
  }));

  test('moves no cursor, whatever runs are called and say', marbles(() => {
    const lines: string[] = [];
    const evil = '\u001b[2J\u009b1A\u202e\r\nnext';
    const failing = span(evil, 'tool', lambda((_: string, run): string => {
      run.emit(evil);
      throw new Error(evil);
    }));
    of(evil).pipe(failing, debug({ print: (line) => lines.push(line) })).subscribe({ error: () => undefined });
    expect(lines.map((line) => line.replace(/ms [0-9a-f]{4} /, 'ms '))).toEqual([
      '     0 ms span_start tool [2J1A next "\\u001b[2J1A\\r\\nnext"',
      '     0 ms custom value="\\u001b[2J1A\\r\\nnext"',
      '     0 ms span_end error Error: [2J1A next',
    ]);
  }));

  test('prints to the console unless it is told otherwise', () => {
    const { print } = platform;
    const lines: string[] = [];
    platform.print = (line) => void lines.push(line);
    try {
      of(1).pipe(span('x', 'tool', lambda((n: number) => n)), debug()).subscribe();
    } finally {
      platform.print = print;
    }
    expect(lines).toHaveLength(2);
  });
});

test('what stands between runs and a tracer composes by pipe', () => {
  const tracer = memoryTracer();
  const between = pipe(redact(), sample(({ tags }) => tags.includes('kept')));
  for (const tags of [['kept'], []]) lambda((s: string) => s.length, 'count').run(`ghp_${'x'.repeat(36)}`, { tracer: between(tracer), tags }).subscribe();
  expect(tracer.runs.map(({ inputs, tags }) => [inputs, tags])).toEqual([['[redacted:github_token]', ['kept']]]);
});
