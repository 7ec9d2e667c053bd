import { storedFields } from './storedFields.js';
import type { TracedRun } from './TracedRun.js';

/** The version of the lines in a trace file. Another number means that a reader of this one would misread it. */
export const TRACE_FORMAT = 1;

/** A run as a line of a trace file: NDJSON, a line when it begins and one when it has ended, of which the last counts. */
export type StoredRun = { readonly format: typeof TRACE_FORMAT } & TracedRun;

/** A run as a line. */
export function storedLine(run: TracedRun): string {
  return `{"format":${TRACE_FORMAT},${storedFields(run)}}\n`;
}
