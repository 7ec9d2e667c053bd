import { eventTap, type EventTap } from './eventTap.js';
import { runTracer } from './runs/runTracer.js';
import type { TracedRun } from './runs/TracedRun.js';

/** What to call when. They are called synchronously, and must not block. */
export interface RunHandlers {
  /** A run has begun. */
  start?(run: TracedRun): void;
  /** A model has said this, in its run. */
  token?(text: string, run: TracedRun): void;
  /** A run has ended, but not by an error: its `status` says how. */
  end?(run: TracedRun): void;
  /** A run has failed. */
  error?(error: unknown, run: TracedRun): void;
}

/**
 * Calls back when a run begins, says a token, ends or fails: every run upstream, and those within, `kind` telling models, tools and
 * chains apart. What a callback handler does elsewhere.
 *
 * ```text
 * -a-----|
 * onRun({ start, end })
 * -a-----|   start(run), children first end(run)
 * ```
 *
 * *Demand*: transparent. *Timing*: synchronous. *Errors*: the source's; a handler's own are reported but end no run.
 *
 * @example
 * ```ts
 * import { chain, lambda } from 'rivulet';
 * import { onRun, span } from 'rivulet/tracing';
 *
 * const ended: string[] = [];
 * const add = span('add', 'tool', lambda((n: number) => n + 1));
 * await chain(add, add).invoke(1, { events: onRun({ end: ({ name, outputs }) => ended.push(`${name}: ${outputs}`) }) });
 * ended; // ['add: 2', 'add: 3', 'add | add: 3']
 * ```
 */
export function onRun<T>(handlers: RunHandlers): EventTap<T> {
  const tracer = runTracer({
    start: (run) => handlers.start?.(run),
    ...(handlers.token && { event: (event, run) => (event.type === 'token' && event.text !== '' ? handlers.token?.(event.text, run) : undefined) }),
    end: (run) => {
      if (run.status === 'error') handlers.error?.(run.error, run);
      else handlers.end?.(run);
    },
  });
  return eventTap(tracer);
}
