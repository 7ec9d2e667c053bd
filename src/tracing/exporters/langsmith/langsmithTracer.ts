import type { ExportingTracer } from '../exportingTracer.js';
import { langsmithExporter } from './langsmithExporter.js';
import type { LangsmithOptions } from './langsmithOptions.js';

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
  return langsmithExporter(options, {});
}
