import { requireWithin } from '../core/errors/optionChecks.js';
import type { BeginType, RunEvent } from '../core/events/RunEvent.js';
import type { Tracer } from '../core/trace/tracer.js';
import { OpenRuns } from './runs/OpenRuns.js';
import { beginsRun, endsRun } from './runs/runBounds.js';
import { traceFraction } from './runs/traceFraction.js';
import type { TracerOperator } from './TracerOperator.js';

/**
 * Lets some traces through, each as a whole: whether it is one of them is decided when it begins. The decision follows from the trace's id
 * alone, so that all parts of a trace that runs on several machines agree.
 *
 * @param rate how many of all, from 0 to 1; or, by the first run of a trace that is seen, how many of its like, or whether it is one
 * @throws RivuletError `INVALID_OPTION` for a rate below 0 or above 1
 *
 * @example
 * ```ts
 * import { lambda } from 'rivulet';
 * import { memoryTracer, sample } from 'rivulet/tracing';
 *
 * const kept = memoryTracer();
 * const tracer = sample(({ tags }) => tags.includes('vip') || 0.1)(kept);
 * await lambda((n: number) => n + 1).invoke(1, { tracer, tags: ['vip'] });
 * kept.runs.length; // 1
 * ```
 */
export function sample(rate: number | ((start: RunStart) => number | boolean)): TracerOperator {
  if (typeof rate === 'number') requireWithin('rate', rate, 0, 1);
  const share = typeof rate === 'number' ? () => rate : rate;
  return (tracer) => new SamplingTracer(tracer, (start) => traceFraction(start.traceId) < Number(share(start)));
}

/** What is known of a trace when it begins. */
export interface RunStart {
  readonly name: string;
  readonly kind: RunEvent<'run_start'>['kind'];
  readonly traceId: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly input: unknown;
}

interface SampledTrace {
  readonly id: string;
  readonly isKept: boolean;
  open: number;
}

class SamplingTracer implements Tracer {
  /** Of the runs that are open, and no others. */
  private readonly traces = new OpenRuns<SampledTrace>();
  private readonly runs = new OpenRuns<SampledTrace>();

  constructor(
    private readonly tracer: Tracer,
    private readonly decide: (start: RunStart) => boolean,
  ) {}

  get tokens(): Tracer['tokens'] {
    return this.tracer.tokens;
  }

  next(event: RunEvent): void {
    if (endsRun(event)) return this.end(event);
    if (beginsRun(event)) this.begin(event);
    if (this.runs.get(event.runId)?.isKept) this.tracer.next(event);
  }

  private begin(event: RunEvent<BeginType>): void {
    const { traceId: id } = event;
    let trace = this.traces.get(id);
    if (!trace) this.traces.set(id, (trace = { id, isKept: this.decide(startOf(event)), open: 0 }));
    trace.open++;
    this.runs.set(event.runId, trace);
  }

  private end(event: RunEvent): void {
    const trace = this.runs.get(event.runId);
    if (!trace) return;
    this.runs.delete(event.runId);
    if (--trace.open === 0) this.traces.delete(trace.id);
    if (trace.isKept) this.tracer.next(event);
  }
}

function startOf(event: RunEvent<BeginType>): RunStart {
  return event.type === 'node_start' ? { ...event, name: event.node, kind: 'node', tags: [], metadata: event.metadata ?? {} } : event;
}
