import { asyncScheduler } from 'rxjs';
import type { RunSink } from '../../runs/runTracer.js';
import type { TracedRun } from '../../runs/TracedRun.js';
import type { Parcel } from '../Backlog.js';
import { exportingTracer, type ExportingTracer } from '../exportingTracer.js';
import { ExportQueue } from '../ExportQueue.js';
import { isSampled } from './isSampled.js';
import { LangsmithClient } from './LangsmithClient.js';
import type { LangsmithDestination } from './langsmithDestinations.js';
import type { LangsmithHost } from './LangsmithHost.js';
import { langsmithConfig, type LangsmithConfig, type LangsmithOptions } from './langsmithOptions.js';
import { fieldsOf, inputsJson, operationBytes, patched, posted, type RunFields, type RunOperation } from './langsmithRun.js';
import { runPlace, type RunPlace } from './runPlace.js';

/** Where runs go. Each has a queue of its own, so that one that is dead holds up no other; what is said is the same text in all of them. */
interface Outlet {
  readonly destination: LangsmithDestination;
  readonly queue: ExportQueue<RunOperation>;
}

/** What was said of a run when it began. */
interface Begun {
  readonly value: unknown;
  readonly sent: readonly { readonly outlet: Outlet; readonly place: RunPlace; readonly parcel: Parcel<RunOperation> }[];
}

/**
 * The tracer behind `langsmithTracer`.
 *
 * @throws RivuletError `INVALID_OPTION`
 */
export function langsmithExporter(options: LangsmithOptions, host: LangsmithHost): ExportingTracer {
  const config = langsmithConfig(options);
  if (!config.enabled) return DISABLED;
  const outlets = config.destinations.map((destination) => outletTo(destination, config, options, host));
  return exportingTracer(outlets.map(({ queue }) => queue), new RunOperations(config, host, outlets));
}

const DISABLED: ExportingTracer = Object.freeze({ name: 'langsmith', tokens: 'first', dropped: 0, next: () => undefined, flush: () => Promise.resolve() });

function outletTo(destination: LangsmithDestination, config: LangsmithConfig, options: LangsmithOptions, { keep }: LangsmithHost): Outlet {
  const client = new LangsmithClient(config, destination, options.scheduler ?? asyncScheduler);
  const name = config.destinations.length > 1 ? `langsmith (${destination.endpoint})` : 'langsmith';
  const fallback = keep && ((batch: readonly RunOperation[]) => keep(client.requestOf(batch)));
  return { destination, queue: new ExportQueue<RunOperation>({ ...options, name, send: (batch) => client.send(batch), sizeOf: operationBytes, ...(fallback && { fallback }) }) };
}

class RunOperations implements RunSink {
  private readonly begun = new WeakMap<TracedRun, Begun>();

  constructor(
    private readonly config: LangsmithConfig,
    private readonly host: LangsmithHost,
    private readonly outlets: readonly Outlet[],
  ) {}

  start(run: TracedRun): void {
    const places = this.outlets.map((outlet) => ({ outlet, place: runPlace(run, this.config.project, outlet.destination) }));
    const sampled = places.filter(({ place }) => isSampled(place.traceId, this.config.samplingRate ?? 1));
    if (sampled.length === 0) return;
    const [inputs, fields] = [inputsJson(run, this.config), fieldsOf(run, this.config, this.host)];
    const sent = sampled.map(({ outlet, place }) => ({ outlet, place, parcel: outlet.queue.push(posted(run, inputs, fields, place)) }));
    this.begun.set(run, { value: run.inputs, sent });
  }

  end(run: TracedRun): void {
    const begun = this.begun.get(run);
    if (!begun) return; // its trace isn't sampled
    const inputs = run.inputs === begun.value ? undefined : inputsJson(run, this.config); // of one that came in chunks
    let said: RunFields | undefined;
    const fields = (): RunFields => (said ??= fieldsOf(run, this.config, this.host)); // of one that is dropped nobody asks
    for (const { outlet, place, parcel } of begun.sent) {
      outlet.queue.amend(
        parcel,
        () => posted(run, inputs ?? inputsIn(parcel), fields(), place),
        () => patched(run, inputs ?? (this.config.inputsOnPatch ? inputsJson(run, this.config) : undefined), fields(), place),
      );
    }
  }
}

/** Of a run that waits, as they were told. They are kept nowhere else: there is no room for them once the run is dropped. */
const inputsIn = ({ item }: Parcel<RunOperation>): string => item?.fields[0]?.[1] ?? '{}';
