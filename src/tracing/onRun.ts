import type { RunEvent } from '../core/events/RunEvent.js';
import type { Tracer } from '../core/trace/tracer.js';
import { eventTap, type EventTap } from './eventTap.js';
import { OpenRuns } from './runs/OpenRuns.js';
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
  return eventTap(new HandlingTracer(handlers));
}

class HandlingTracer implements Tracer {
  private readonly open = new OpenRuns<TracedRun>();
  private readonly runs: Tracer;

  constructor(private readonly handlers: RunHandlers) {
    this.runs = runTracer({ start: (run) => this.start(run), end: (run) => this.end(run) });
  }

  get tokens(): Tracer['tokens'] {
    return this.handlers.token ? 'all' : 'first';
  }

  next(event: RunEvent): void {
    this.runs.next(event);
    if (event.type !== 'token' || event.text === '') return;
    const run = this.open.get(event.runId);
    if (run) this.handlers.token?.(event.text, run);
  }

  private start(run: TracedRun): void {
    this.open.set(run.id, run);
    this.handlers.start?.(run);
  }

  private end(run: TracedRun): void {
    this.open.delete(run.id);
    if (run.status === 'error') this.handlers.error?.(run.error, run);
    else this.handlers.end?.(run);
  }
}
