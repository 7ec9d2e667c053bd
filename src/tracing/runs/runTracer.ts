import { isRivuletError } from '../../core/errors/RivuletError.js';
import type { BeginType, RunEvent } from '../../core/events/RunEvent.js';
import type { Tracer } from '../../core/trace/tracer.js';
import type { EndType } from './runBounds.js';
import { OpenRun } from './OpenRun.js';
import { OpenRuns } from './OpenRuns.js';
import type { RunMoment, TracedRun } from './TracedRun.js';

/** Where runs go, as they begin and when they have ended. It is called synchronously and must not block. */
export interface RunSink {
  start?(run: TracedRun): void;
  /**
   * Something has happened in an open run: a token, a step, a tool's call.
   *
   * @param moment what was added to the run's `events` by it
   */
  event?(event: RunEvent, run: TracedRun, moment: RunMoment | undefined): void;
  end(run: TracedRun): void;
}

/**
 * Makes a tracer of a sink of runs: it puts the events of all the runs that it is given to together to runs, and knows those that
 * are open, and no others; of more than 262,144 the newest.
 *
 * @example
 * ```ts
 * import { lambda } from 'rivulet';
 * import { runTracer } from 'rivulet/tracing';
 *
 * const ended: string[] = [];
 * const tracer = runTracer({ end: ({ name, status }) => ended.push(`${name} ${status}`) });
 * await lambda((n: number) => n + 1, 'add').invoke(1, { tracer });
 * ended; // ['add ok']
 * ```
 */
export function runTracer(sink: RunSink): Tracer {
  return new RunTracer(sink);
}

/** What becomes a moment of its run. */
type MomentType = 'retry' | 'superseded' | 'interrupt' | 'custom' | 'late_error';

class RunTracer implements Tracer {
  readonly tokens: Tracer['tokens'];
  private readonly open = new OpenRuns<OpenRun>();
  /** The run that was heard of last: tokens come in rows. */
  private last: OpenRun | undefined;

  constructor(private readonly sink: RunSink) {
    this.tokens = sink.event ? 'all' : 'first';
  }

  next(event: RunEvent): void {
    switch (event.type) {
      case 'run_start':
      case 'span_start':
      case 'node_start':
        return this.begin(event);
      case 'token':
      case 'reasoning':
        return this.token(event);
      case 'span_end':
      case 'run_end':
      case 'run_error':
      case 'node_end':
      case 'node_error':
        return this.end(event);
      case 'retry':
      case 'superseded':
      case 'interrupt':
      case 'custom':
      case 'late_error':
        return this.moment(event);
      default:
        if (this.sink.event) this.tell(event, this.runOf(event));
    }
  }

  private begin(event: RunEvent<BeginType>): void {
    const { parentRunId } = event;
    const run = new OpenRun(event, parentRunId === undefined ? undefined : this.open.get(parentRunId));
    this.open.set(run.id, run);
    this.last = run;
    this.sink.start?.(run);
  }

  private token(event: RunEvent<'token' | 'reasoning'>): void {
    const run = this.runOf(event);
    if (run) run.firstTokenTime ??= event.at;
    this.tell(event, run);
  }

  private moment(event: RunEvent<MomentType>): void {
    const run = this.runOf(event);
    const moment = momentOf(event);
    this.tell(event, run, run?.add(moment) ? moment : undefined);
  }

  private tell(event: RunEvent, run: OpenRun | undefined, moment?: RunMoment): void {
    if (run) this.sink.event?.(event, run, moment);
  }

  private end(event: RunEvent<EndType>): void {
    const run = this.open.get(event.runId);
    if (!run) return; // it began before this tracer was there
    this.open.delete(run.id);
    this.last = undefined;
    fill(run, event);
    this.sink.end(run);
  }

  private runOf({ runId }: RunEvent): OpenRun | undefined {
    if (this.last?.id !== runId) this.last = this.open.get(runId);
    return this.last;
  }
}

function fill(run: OpenRun, event: RunEvent<EndType>): void {
  run.endTime = event.at;
  if (event.extra) run.extra = event.extra;
  if (event.type === 'node_end') return fillNode(run, event);
  if (event.type === 'run_error' || event.type === 'node_error') {
    run.status = isRivuletError(event.error, 'CANCELLED') ? 'cancelled' : 'error';
    run.error = event.error;
    return;
  }
  run.status = event.status === 'done' ? 'ok' : event.status;
  run.outputs = event.output;
  run.usage = event.usage;
  if (event.type === 'run_end') return;
  if (event.input !== undefined) run.inputs = event.input;
  run.error = event.error;
}

function fillNode(run: OpenRun, { writes, interrupts }: RunEvent<'node_end'>): void {
  run.status = interrupts ? 'interrupted' : 'ok';
  run.outputs = writes.length === 1 ? writes[0] : writes;
}

function momentOf(event: RunEvent<MomentType>): RunMoment {
  const { type: name, at: time, runId: _runId, seq: _seq, path: _path, ...data } = event;
  return { name, time, data };
}
