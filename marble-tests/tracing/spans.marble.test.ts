import { describe, expect, test } from '@jest/globals';
import { concatMap, map, merge, NEVER, Observable, of, range, Subscriber, switchMap, take, throwError, timer } from 'rxjs';
import { pull } from '../../src/core/demand/pull.js';
import { chain } from '../../src/core/flow/chain.js';
import { each } from '../../src/core/flow/each.js';
import { flow } from '../../src/core/flow/flow.js';
import { concatText, last, list as listFold, type Fold } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { withRetry } from '../../src/core/flow/withRetry.js';
import { withTimeout } from '../../src/core/flow/withTimeout.js';
import { messageChunk } from '../../src/operators/messages/messageChunk.js';
import { chat } from '../../src/operators/models/chat.js';
import type { ChatModel } from '../../src/operators/models/ChatModel.js';
import { parallel } from '../../src/operators/control/parallel.js';
import { scripted } from '../../src/operators/models/scripted/scripted.js';
import { text } from '../../src/operators/parsers/text.js';
import { toolFold } from '../../src/operators/tools/toolFold.js';
import { memoryTracer } from '../../src/tracing/exporters/memoryTracer.js';
import { runTracer } from '../../src/tracing/runs/runTracer.js';
import type { TracedRun } from '../../src/tracing/runs/TracedRun.js';
import { span } from '../../src/tracing/span.js';
import { traced } from '../../src/tracing/traced.js';
import { seededIds } from '../../src/testing/seededIds.js';
import { expectTrace } from '../../src/testing/expectTrace.js';
import { marbles } from '../marbles.js';

const after = (ms: number) => (n: number) => timer(ms).pipe(map(() => n + 1));
const step = (name: string, ms: number) => span(name, 'tool', lambda(after(ms)));

describe('spans in virtual time', () => {
  test('of a run that completes: from its first input to its result', marbles(({ hot, expectObservable }, scheduler) => {
    const tracer = memoryTracer();
    const source = hot('--a-|', { a: 1 });
    expectObservable(source.pipe(step('add', 3), traced(tracer))).toBe('-----(b|)', { b: 2 });
    scheduler.flush();
    expectTrace(tracer).toBe(['pipe 0-5 ok', '. add 2-5 ok']);
    expect(tracer.runs.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([[undefined, 2], [1, 2]]);
  }));

  test('of nested and parallel runs: children know their parent and end first', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    const both = span('both', 'chain', parallel({ x: step('x', 2), y: chain(step('y', 1), step('z', 3)) }));
    chain(step('first', 1), both).run(0, { scheduler, tracer, runName: 'root' }).subscribe();
    scheduler.flush();
    expectTrace(tracer).toBe(['root 0-5 ok', '. first 0-1 ok', '. both 1-5 ok', '. . x 1-3 ok', '. . y 1-2 ok', '. . z 2-5 ok']);
  }));

  test('of a failed, a cancelled and a timed-out run', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    const fails = span('fails', 'tool', lambda(() => timer(2).pipe(concatMap(() => throwError(() => new Error('no'))))));
    fails.run(0, { scheduler, tracer }).subscribe({ error: () => undefined });
    const running = step('cancelled', 9).run(0, { scheduler, tracer }).subscribe();
    scheduler.schedule(() => running.unsubscribe(), 4);
    withTimeout(step('slow', 9), { totalMs: 5 }).run(0, { scheduler, tracer, runName: 'limited' }).subscribe({ error: () => undefined });
    scheduler.flush();
    expectTrace(tracer).toBe(['fails 0-2 error', 'cancelled 0-4 cancelled', 'limited 0-5 error', '. slow 0-5 cancelled']);
    expect(tracer.runs[0]?.error).toEqual(new Error('no'));
  }));

  test('of a retried run: its attempts are runs, and the delays are told', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    let calls = 0;
    const flaky = span('flaky', 'tool', lambda((n: number) => timer(1).pipe(map(() => (++calls < 3 ? failed() : n)))));
    withRetry(flaky, { initialMs: 4, jitter: 'none' }).run(7, { scheduler, tracer, runName: 'retrying' }).subscribe();
    scheduler.flush();
    expectTrace(tracer).toBe(['retrying 0-15 ok', '. flaky 0-1 error', '. flaky 5-6 error #2', '. flaky 14-15 ok #3']);
    expect(tracer.runs[0]?.events).toMatchObject([{ name: 'retry', time: 1, data: { attempt: 2, delayMs: 4 } }, { name: 'retry', time: 6, data: { delayMs: 8 } }]);
  }));

  test('of a run that is never subscribed to, and of one that never gets an input, there is none', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    step('never', 1).run(0, { scheduler, tracer });
    NEVER.pipe(step('waits', 1), traced(tracer)).subscribe().unsubscribe();
    scheduler.flush();
    expectTrace(tracer).toBe(['pipe 0-0 cancelled']);
  }));

  test('of a model: the first token’s time, and what it used', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    chat(scripted([{ reply: 'one two three' }], { paceMs: 5 })).run('hi', { scheduler, tracer }).subscribe();
    scheduler.flush();
    const [run] = tracer.runs;
    expect(run).toMatchObject({ kind: 'llm', status: 'ok', inputs: 'hi', metadata: { model: 'scripted' } });
    expect(run?.usage?.outputTokens).toBeGreaterThan(0);
    expect((run?.firstTokenTime ?? -1) - (run?.startTime ?? 0)).toBeGreaterThanOrEqual(0);
    expect(run?.firstTokenTime).toBeLessThan(run?.endTime ?? 0);
  }));

  test('the dotted order is LangSmith’s: start, execution order and id, after the parent’s', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    chain(step('a', 2), step('b', 1)).run(0, { scheduler, tracer, ids: seededIds('r'), runName: 'root' }).subscribe();
    scheduler.flush();
    const [root, a, b] = tracer.runs;
    expect([root?.executionOrder, a?.executionOrder, b?.executionOrder]).toEqual([1, 2, 3]);
    expect(root?.dottedOrder).toBe(`19700101T000000000001Z${root?.id}`);
    expect(b?.dottedOrder).toBe(`${root?.dottedOrder}.19700101T000000002003Z${b?.id}`);
    expect([...tracer.runs].sort((x, y) => (x.dottedOrder < y.dottedOrder ? -1 : 1)).map(({ name }) => name)).toEqual(['root', 'a', 'b']);
  }));

  test('in a plain pipe stand beside each other, and tell an input in pieces whole at the end', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    const pieces = flow('pieces', switchMap(() => of('a', 'b', 'c')), { fold: concatText });
    const upper = flow('upper', map((piece: string) => piece.toUpperCase()), { fold: concatText });
    of(0).pipe(step('first', 2), pieces, span('upper', 'parser', upper), traced(tracer)).subscribe();
    scheduler.flush();
    expectTrace(tracer).toBe(['pipe 0-2 ok', '. first 0-2 ok', '. upper 2-2 ok']);
    expect(tracer.runs[2]).toMatchObject({ inputs: 'abc', outputs: 'ABC' });
  }));

  test('keep the beginning of what grows without end, and all of what doesn’t', () => {
    const tracer = memoryTracer();
    const [piece, pieces] = ['x'.repeat(2 ** 20), 40];
    const many = <T>(make: (index: number) => T) => () => range(1, pieces).pipe(map(make));
    const usage = { inputTokens: 1, outputTokens: pieces };
    const says: ChatModel = { id: 'test:endless', capabilities: {}, stream: many((index) => messageChunk({ id: 'm', text: piece, ...(index === pieces && { usage }) })) };
    const folded = <R>(name: string, fold: Fold<{ readonly index: number; readonly piece: string }, R>) => span(name, 'tool', flow(name, many((index) => ({ index, piece: `${index}${piece}` })), { fold }));
    chain(chat(says), text()).run('hi', { tracer, runName: 'model' }).subscribe();
    folded('list', listFold()).run(0, { tracer }).subscribe();
    folded('last', last()).run(0, { tracer }).subscribe();
    folded('progress', toolFold()).run(0, { tracer }).subscribe();
    const byName = (name: string): TracedRun => tracer.runs.find((run) => run.name === name) as TracedRun;
    expect(String(byName('model').outputs).length).toBe(17 * 2 ** 20);
    expect(byName('test:endless')).toMatchObject({ usage, extra: { outputIsCut: true } });
    expect(byName('text')).toMatchObject({ extra: { inputIsCut: true, outputIsCut: true } });
    expect(byName('list').outputs).toHaveLength(16);
    for (const name of ['last', 'progress']) expect(byName(name)).toMatchObject({ outputs: { index: pieces }, extra: {} });
  });

  test('children end first: of a run that completes, fails or is left while they go on', marbles((_, scheduler) => {
    const ended: string[] = [];
    const tracer = runTracer({ end: ({ name, status, endTime }) => ended.push(`${name} ${status} ${endTime}`) });
    const beside = (name: string, other: Observable<number>, count: number) => span(name, 'chain', flow(name, (source: Observable<number>) => merge(source.pipe(step('child', 9)), other).pipe(take(count))));
    const failing = timer(2, scheduler).pipe(map(() => failed()));
    beside('completed', timer(1, scheduler), 1).run(0, { scheduler, tracer }).subscribe();
    beside('failed', failing, 2).run(0, { scheduler, tracer }).subscribe({ error: () => undefined });
    const left = beside('left', NEVER, 2).run(0, { scheduler, tracer }).subscribe();
    scheduler.schedule(() => left.unsubscribe(), 3);
    scheduler.flush();
    expect(ended).toEqual(['child cancelled 1', 'completed ok 1', 'child cancelled 2', 'failed error 2', 'child cancelled 3', 'left cancelled 3']);
  }));

  test('with no tracer a span subscribes its source with the very subscriber it was given', () => {
    const given: unknown[] = [];
    const plain = flow('plain', () => new Observable<number>((subscriber) => void given.push(subscriber)));
    const subscriber = new Subscriber<number>();
    of(1).pipe(span('s', 'tool', plain)).subscribe(subscriber);
    expect(given[0]).toBe(subscriber);
  });

  test('each value of a stream is a run of its own', marbles((_, scheduler) => {
    const tracer = memoryTracer();
    pull([1, 2, 3]).pipe(each(step('one', 2), { concurrency: 2 }), traced(tracer)).subscribe();
    scheduler.flush();
    expectTrace(tracer).toBe(['pipe 0-4 ok', '. one 0-2 ok', '. one 0-2 ok', '. one 2-4 ok']);
  }));
});

function failed(): never {
  throw new Error('not yet');
}
