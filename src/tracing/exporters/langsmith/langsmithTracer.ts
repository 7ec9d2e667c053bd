import { asyncScheduler } from 'rxjs';
import type { RunSink } from '../../runs/runTracer.js';
import type { TracedRun } from '../../runs/TracedRun.js';
import type { Parcel } from '../Backlog.js';
import { exportingTracer, type ExportingTracer } from '../exportingTracer.js';
import { ExportQueue } from '../ExportQueue.js';
import { isSampled } from './isSampled.js';
import { LangsmithClient } from './LangsmithClient.js';
import { langsmithConfig, type LangsmithConfig, type LangsmithOptions } from './langsmithOptions.js';
import { inputsJson, patched, posted, rootIdOf, type RunOperation } from './langsmithRun.js';

/**
 * Sends runs to LangSmith, or to a server that speaks as it does: each when it begins and when it ends, or once, if it ends soon.
 * Values are read when they are told, so that what becomes of them later doesn't show in a trace.
 *
 * *Timing*: in the background, on the `scheduler` of its options. *Errors*: none reach the program; runs that can't be sent are
 * counted and reported.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts no-run
 * import { lambda } from 'rivulet';
 * import { langsmithTracer } from 'rivulet/tracing';
 *
 * const tracer = langsmithTracer({ project: 'weather' }); // and LANGSMITH_API_KEY
 * await lambda((city: string) => `Rain in ${city}`).invoke('Oslo', { tracer, metadata: { thread_id: 'th-1' } });
 * await tracer.flush();
 * ```
 */
export function langsmithTracer(options: LangsmithOptions = {}): ExportingTracer {
  const config = langsmithConfig(options);
  const client = new LangsmithClient(config, options.scheduler ?? asyncScheduler);
  const queue = new ExportQueue<RunOperation>({ ...options, name: 'langsmith', send: (batch) => client.send(batch), sizeOf });
  return config.enabled ? exportingTracer(queue, new RunOperations(queue, config)) : DISABLED;
}

const DISABLED: ExportingTracer = Object.freeze({ name: 'langsmith', dropped: 0, next: () => undefined, flush: () => Promise.resolve() });

/** What was said of a run when it began. */
interface Begun {
  readonly parcel: Parcel<RunOperation>;
  readonly value: unknown;
  readonly inputs: string;
}

class RunOperations implements RunSink {
  private readonly begun = new WeakMap<TracedRun, Begun>();

  constructor(
    private readonly queue: ExportQueue<RunOperation>,
    private readonly config: LangsmithConfig,
  ) {}

  start(run: TracedRun): void {
    if (!isSampled(rootIdOf(run), this.config.samplingRate)) return;
    const inputs = inputsJson(run, this.config);
    this.begun.set(run, { parcel: this.queue.push(posted(run, inputs, this.config)), value: run.inputs, inputs });
  }

  end(run: TracedRun): void {
    const begun = this.begun.get(run);
    if (!begun) return; // its trace isn't sampled
    const inputs = run.inputs === begun.value ? undefined : inputsJson(run, this.config); // of one that came in chunks
    this.queue.amend(
      begun.parcel,
      () => posted(run, inputs ?? begun.inputs, this.config),
      () => patched(run, inputs, this.config),
    );
  }
}

/** What a part's head takes. */
const PART_BYTES = 200;

function sizeOf({ head, fields }: RunOperation): number {
  return fields.reduce((size, [, json]) => size + json.length + PART_BYTES, head.length + PART_BYTES);
}
