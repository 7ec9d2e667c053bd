import type { RunTree } from '../tracing/runs/RunTree.js';
import { assertEqual } from './assertEqual.js';

/** What is expected of a trace. */
export interface TraceExpectation {
  /**
   * Expects these runs, a line each: `name start-end status`, and `#2` for a second attempt. A run within another stands below it, with
   * one `. ` more. An open run has no end.
   *
   * @throws ExpectationError which shows both trees, line by line
   */
  toBe(lines: readonly string[]): void;
}

/**
 * Expects the runs that a tracer saw, as a tree, with their times. In a marble test let the time pass first: `flush()`.
 *
 * @example
 * ```ts
 * import { chain, lambda } from 'rivulet';
 * import { expectTrace, virtualClock } from 'rivulet/testing';
 * import { memoryTracer, span } from 'rivulet/tracing';
 * import { map, timer } from 'rxjs';
 *
 * const clock = virtualClock();
 * const tracer = memoryTracer();
 * const search = span('search', 'tool', lambda((query: string, run) => timer(20, run.scheduler).pipe(map(() => `about ${query}`))));
 * chain(search, search).run('rain', { tracer, scheduler: clock, runName: 'research' }).subscribe();
 * clock.advance(100);
 * expectTrace(tracer).toBe(['research 0-40 ok', '. search 0-20 ok', '. search 20-40 ok']);
 * ```
 */
export function expectTrace(tracer: { trees(): readonly RunTree[] }): TraceExpectation {
  return { toBe: (lines) => assertEqual(tracer.trees().flatMap((tree) => linesOf(tree, '')), lines) };
}

function linesOf({ run, children }: RunTree, indent: string): readonly string[] {
  const { name, startTime, endTime = '', status, attempt } = run;
  const line = `${indent}${name} ${startTime}-${endTime} ${status}${attempt > 1 ? ` #${attempt}` : ''}`;
  return [line, ...children.flatMap((child) => linesOf(child, `${indent}. `))];
}
