import { describe, expect, test } from '@jest/globals';
import { map, timer } from 'rxjs';
import { pull } from '../../src/core/demand/pull.js';
import { RivuletError } from '../../src/core/errors/RivuletError.js';
import { chain } from '../../src/core/flow/chain.js';
import { each } from '../../src/core/flow/each.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { rootContext } from '../../src/core/context/RunContext.js';
import { memoryTracer } from '../../src/tracing/exporters/memoryTracer.js';
import { onRun } from '../../src/tracing/onRun.js';
import { sample } from '../../src/tracing/sample.js';
import { span } from '../../src/tracing/span.js';
import { traced } from '../../src/tracing/traced.js';
import { seededIds } from '../../src/testing/seededIds.js';
import { recorder } from '../eventStory.js';
import { marbles } from '../marbles.js';

const step = (name: string) => span(name, 'tool', lambda((n: number, run) => (run.emit('on its way'), timer(2).pipe(map(() => n + 1)))));
const twoSteps = chain(step('a'), step('b'));
const IDS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

describe('sample', () => {
  test('lets a trace through as a whole or not at all, interleaved with others', marbles((_, scheduler) => {
    const [kept, seen] = [memoryTracer(), recorder()];
    const tracer = sample(0.5)({ next: (event) => (seen.next(event), kept.next(event)) });
    for (const runId of IDS) twoSteps.run(1, { scheduler, tracer, runId }).subscribe();
    scheduler.flush();
    const traces = new Set(kept.runs.map(({ traceId }) => traceId));
    expect(traces.size).toBeGreaterThan(1);
    expect(traces.size).toBeLessThan(IDS.length);
    expect(kept.runs).toHaveLength(3 * traces.size);
    expect(kept.runs.every(({ status }) => status === 'ok')).toBe(true);
    expect(seen.events.filter(({ type }) => type === 'custom')).toHaveLength(2 * traces.size);
  }));

  test('decides by the trace’s id: another process, or another day, decides the same', () => {
    const keptBy = (rate: number): readonly string[] => {
      const kept = memoryTracer();
      for (const runId of IDS) lambda((n: number) => n).run(1, { tracer: sample(rate)(kept), runId }).subscribe();
      return kept.runs.map(({ id }) => id);
    };
    expect(keptBy(0.5)).toEqual(keptBy(0.5));
    expect(keptBy(0.8)).toEqual(expect.arrayContaining([...keptBy(0.5)])); // a higher rate keeps those, and more
    expect([keptBy(0), keptBy(1)]).toEqual([[], IDS]);
  });

  test('keeps as many as the rate says, of ids that are alike too', () => {
    const kept = memoryTracer({ maxRuns: 20_000 });
    const [tracer, ids] = [sample(0.1)(kept), seededIds('alike')];
    for (let i = 0; i < 10_000; i++) lambda((n: number) => n).run(i, { tracer, ids }).subscribe();
    expect(kept.runs.length).toBeGreaterThan(900);
    expect(kept.runs.length).toBeLessThan(1100);
  });

  test('asks a function once for each trace, with what is known at its beginning', marbles((_, scheduler) => {
    const asked: string[] = [];
    const kept = memoryTracer();
    const tracer = sample(({ name, tags }) => (asked.push(name), tags.includes('vip')))(kept);
    twoSteps.run(1, { scheduler, tracer, runName: 'plain' }).subscribe();
    twoSteps.run(1, { scheduler, tracer, runName: 'vip', tags: ['vip'] }).subscribe();
    pull([1, 2]).pipe(each(step('each')), traced(tracer, { name: 'pipe' })).subscribe();
    scheduler.flush();
    expect(asked).toEqual(['plain', 'vip', 'pipe']);
    expect(kept.runs.map(({ name }) => name)).toEqual(['vip', 'a', 'b']);
  }));

  test('lets cancelled and failed runs end, and knows no run that has ended', marbles((_, scheduler) => {
    const ended: string[] = [];
    const tracer = sample(1)(onRun({ end: ({ name, status }) => ended.push(`${name} ${status}`), error: (_error, { name }) => ended.push(`${name} failed`) }));
    const running = twoSteps.run(1, { scheduler, tracer, runId: 'r' }).subscribe();
    scheduler.schedule(() => running.unsubscribe(), 1);
    lambda(() => { throw new Error('no'); }, 'fails').run(1, { scheduler, tracer }).subscribe({ error: () => undefined });
    scheduler.flush();
    expect(ended).toEqual(['fails failed', 'a cancelled', 'a | b cancelled']);
    const late = recorder();
    const sampled = sample(1)(late);
    lambda((n: number) => n).run(1, { tracer: sampled, runId: 'x' }).subscribe();
    sampled.next({ type: 'custom', value: 'late', runId: 'x', seq: 9, at: 9, path: rootContext().path });
    expect(late.story).toEqual(['0 @' + late.events[0]?.at + ' run_start lambda 1', '1 @' + late.events[1]?.at + ' run_end done 1']);
  }));

  test('forgets a trace when its last run has ended', () => {
    let asked = 0;
    const tracer = sample(() => ++asked > 0)(memoryTracer());
    for (let i = 0; i < 3; i++) lambda((n: number) => n).run(1, { tracer, runId: 'again' }).subscribe();
    expect(asked).toBe(3);
  });

  test('takes rates from 0 to 1 only', () => {
    expect(() => sample(1.5)).toThrow(RivuletError);
    expect(() => sample(-1)).toThrow('rate is -1');
  });
});
