import { wireJson } from '../exporters/wireJson.js';
import type { TracedRun } from './TracedRun.js';

const FIELDS = [
  'id', 'traceId', 'parentId', 'name', 'kind', 'status', 'startTime', 'endTime', 'firstTokenTime', 'inputs', 'outputs', 'error',
  'project', 'attempt', 'thread', 'tags', 'metadata', 'usage', 'extra', 'events', 'executionOrder', 'dottedOrder',
] as const satisfies readonly (keyof TracedRun)[];

/** The members of a run as it is stored: of its JSON, what is between the braces. Each is made JSON for itself: one that can't be takes no other along. */
export function storedFields(run: TracedRun, names: readonly (keyof TracedRun)[] = FIELDS): string {
  return names.filter((name) => run[name] !== undefined).map((name) => `"${name}":${wireJson(run[name])}`).join(',');
}
