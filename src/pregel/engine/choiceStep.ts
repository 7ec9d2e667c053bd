import type { Observable } from 'rxjs';
import type { Checkpoint } from './Checkpoint.js';
import { askedOf } from './pauseStep.js';
import type { Position, StepResult } from './Superstep.js';
import type { TaskWork } from './TaskWork.js';

/**
 * What is done in place of a superstep where somebody is to choose which node goes on: it asks for the name of one, as an interrupt
 * of no task.
 */
export function choiceStep({ due, choice }: Checkpoint): Observable<TaskWork | StepResult> {
  return askedOf(choiceTask(due), { payload: { successors: choice }, schema: { enum: choice } });
}

/** The position without what wasn't chosen; `undefined` while nobody has. */
export function chosen({ checkpoint, pending }: Position): Position | undefined {
  const [answer] = pending.get(choiceTask(checkpoint.due))?.answers.values() ?? [];
  if (!answer || answer === 'expired') return undefined;
  const { due, choice } = checkpoint;
  return { checkpoint: checkpoint.with({ due: due.filter(({ node }) => node === answer.value || !choice.includes(node)), choice: [] }), pending };
}

function choiceTask([first]: Checkpoint['due']): string {
  return `${first?.id}/choice`;
}
