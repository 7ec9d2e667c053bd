import type { RunEvent, RunEventType } from '../../core/events/RunEvent.js';

/** The names that lead to the graph that an event is of. What happens in a node bears the node's name as well. */
export function graphOf({ type, path }: RunEvent): readonly string[] {
  return OF_GRAPHS.has(type) ? path : path.slice(0, -1);
}

const OF_GRAPHS: ReadonlySet<RunEventType> = new Set(['step_start', 'state_update', 'checkpoint', 'interrupt', 'step_end', 'span_start', 'span_end'] as const);
