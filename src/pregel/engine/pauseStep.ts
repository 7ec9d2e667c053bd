import { of, type Observable } from 'rxjs';
import { START } from '../graph/names.js';
import type { Checkpoint } from './Checkpoint.js';
import type { Position, StepResult } from './Superstep.js';
import type { Question, TaskWork } from './TaskWork.js';

/** Where a run stops for a person to look: before or after these nodes, or `'*'`, all. */
export interface Pauses {
  readonly before: readonly string[] | '*';
  readonly after: readonly string[] | '*';
}

/**
 * What is done in place of a superstep where a run pauses: it asks a person to go on, as an interrupt of no task. That is kept as
 * an interrupt is, so that a crash in between skips no pause. `undefined` where it doesn't pause, or was told to go on.
 */
export function pauseStep(pauses: Pauses, { checkpoint, pending }: Position): Observable<TaskWork | StepResult> | undefined {
  const before = named(pauses.before, checkpoint.due.map(({ node }) => node));
  const after = named(pauses.after, checkpoint.ran);
  if (before.length + after.length === 0) return undefined;
  const taskId = pauseTask(checkpoint);
  if (pending.get(taskId)?.answers.size) return undefined;
  const payload = { ...(before.length > 0 && { before }), ...(after.length > 0 && { after }) };
  return askedOf(taskId, { payload, pause: true });
}

/** Asks something that no task did. */
export function askedOf(taskId: string, question: Question): Observable<TaskWork | StepResult> {
  const id = `${taskId}#0`;
  const work: TaskWork = { type: 'task_work', kind: 'open', taskId, answered: 0, asked: new Map([[id, question]]) };
  const result: StepResult = { type: 'suspended', interrupts: [{ id, taskId, node: '', ...question }] };
  return of(work, result);
}

/** Of the tasks that are due, so that it stays the same where they do: after `updateState`, a person has looked. */
function pauseTask({ due }: Checkpoint): string {
  return `${due[0]?.id}/pause`;
}

function named(wanted: readonly string[] | '*', nodes: readonly string[]): readonly string[] {
  if (wanted.length === 0) return [];
  return [...new Set(nodes)].filter((node) => (wanted === '*' ? node !== START : wanted.includes(node)));
}
