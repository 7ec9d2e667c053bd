import type { BeginType, RunEvent } from '../../core/events/RunEvent.js';

/** The events that end a run. */
export type EndType = 'run_end' | 'run_error' | 'span_end' | 'node_end' | 'node_error';

/** Whether a run begins with it. */
export function beginsRun(event: RunEvent): event is RunEvent<BeginType> {
  return event.type === 'run_start' || event.type === 'span_start' || event.type === 'node_start';
}

/** Whether a run ends with it. */
export function endsRun(event: RunEvent): event is RunEvent<EndType> {
  return event.type === 'span_end' || event.type === 'node_end' || event.type === 'run_end' || event.type === 'run_error' || event.type === 'node_error';
}
