import { checkpoints, type StoredState } from './checkpoints.js';
import type { Projection } from './Projection.js';
import { tasks, type TaskEnd, type TaskStart } from './tasks.js';

/** What happened, in which superstep, and when. */
export type DebugEntry<S> = { readonly step: number; readonly at: number } & (
  | { readonly type: 'task'; readonly payload: TaskStart }
  | { readonly type: 'task_result'; readonly payload: TaskEnd }
  | { readonly type: 'checkpoint'; readonly payload: StoredState<S> }
);

/** `tasks` and `checkpoints` together, with their superstep and time. */
export function debug(): Projection<DebugEntry<object>> {
  const [task, checkpoint] = [tasks(), checkpoints()];
  return (event) => {
    const { at } = event;
    const began = task(event);
    if (began && 'step' in event) return { value: { step: event.step, at, ...('input' in began.value ? { type: 'task', payload: began.value } : { type: 'task_result', payload: began.value }) } };
    const stored = checkpoint(event);
    return stored && { value: { step: stored.value.step, at, type: 'checkpoint', payload: stored.value } };
  };
}
