import type { ExportingTracer } from '../exporters/exportingTracer.js';
import { langsmithTracer as inBackground } from '../exporters/langsmith/langsmithTracer.js';
import type { LangsmithOptions } from '../exporters/langsmith/langsmithOptions.js';
import { flushOnExit } from './flushOnExit.js';

/**
 * Sends runs to LangSmith, or to a server that speaks as it does: each when it begins and when it ends, or once, if it ends soon.
 * Values are read when they are told, so that what becomes of them later doesn't show in a trace. What is left is sent when the
 * process ends: see `flushOnExit`.
 *
 * *Timing*: in the background, on the `scheduler` of its options. *Errors*: none reach the program; runs that can't be sent are
 * counted and reported.
 *
 * @throws RivuletError `INVALID_OPTION`
 */
export function langsmithTracer(options: LangsmithOptions = {}): ExportingTracer {
  return flushOnExit(inBackground(options));
}
