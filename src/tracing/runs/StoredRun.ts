import { wireJson } from '../exporters/wireJson.js';
import type { TracedRun } from './TracedRun.js';

/** The version of the lines in a trace file. Another number means that a reader of this one would misread it. */
export const TRACE_FORMAT = 1;

/** A run as a line of a trace file: NDJSON, a line when it begins and one when it has ended, of which the last counts. */
export type StoredRun = { readonly format: typeof TRACE_FORMAT } & TracedRun;

const FIELDS = [
  'id', 'traceId', 'parentId', 'name', 'kind', 'status', 'startTime', 'endTime', 'firstTokenTime', 'inputs', 'outputs', 'error',
  'attempt', 'thread', 'tags', 'metadata', 'usage', 'extra', 'events', 'executionOrder', 'dottedOrder',
] as const satisfies readonly (keyof TracedRun)[];

/** A run as a line. Each field is made JSON for itself: one that can't be takes no other along. */
export function storedLine(run: TracedRun): string {
  const fields = FIELDS.filter((name) => run[name] !== undefined).map((name) => `"${name}":${wireJson(run[name])}`);
  return `{"format":${TRACE_FORMAT},${fields.join(',')}}\n`;
}
