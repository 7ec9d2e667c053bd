import { expect, test } from '@jest/globals';
import { map, timer } from 'rxjs';
import { lambda } from '../core/flow/lambda.js';
import { memoryTracer } from '../tracing/exporters/memoryTracer.js';
import { span } from '../tracing/span.js';
import { expectTrace } from './expectTrace.js';
import { virtualClock } from './VirtualClock.js';

test('an unexpected trace is shown line by line, beside what was expected; an open run has no end', () => {
  const clock = virtualClock();
  const tracer = memoryTracer();
  const wait = span('wait', 'tool', lambda((ms: number, run) => timer(ms, run.scheduler).pipe(map(() => ms))));
  wait.run(5, { tracer, scheduler: clock, runName: 'first' }).subscribe();
  wait.run(50, { tracer, scheduler: clock, runName: 'second' }).subscribe();
  clock.advance(10);

  expectTrace(tracer).toBe(['first 0-5 ok', 'second 0- running']);
  expect(() => expectTrace(tracer).toBe(['first 0-4 ok', 'second 0- running'])).toThrow('- "first 0-4 ok"\n+ "first 0-5 ok"\n  "second 0- running"');
});
