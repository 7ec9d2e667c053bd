import type { PendingRow } from '../checkpoints/Checkpointer.js';
import type { GraphPlan } from '../graph/GraphPlan.js';
import type { GivenAnswers } from './answersFor.js';
import { isStoredWrite, nameNow, nodeWritesFromJson, nodeWritesToJson, renamedWrites, writesAny, type Names, type StoredWrite } from './nodeWritesJson.js';
import { fromStored, isRecord } from './fromStored.js';
import type { Answer, PendingTask, PendingWork, Question, TaskWork } from './TaskWork.js';

/** What is known of a task, as a store keeps it. */
export function rowOf(plan: GraphPlan, work: TaskWork): PendingRow {
  const { taskId } = work;
  switch (work.kind) {
    case 'writes':
      return { taskId, key: 'writes', json: `[${JSON.stringify(work.node)},${nodeWritesToJson(plan, work.writes)}]` };
    case 'open':
      return { taskId, key: `open:${work.answered}`, json: JSON.stringify([...work.asked]) };
    case 'once':
      return { taskId, key: `once:${work.key}`, json: toJson(work.value) };
  }
}

/** Answers, as a store keeps them. */
export function answerRows(given: GivenAnswers): readonly PendingRow[] {
  return [...given].map(([id, { taskId, answer }]) => ({ taskId, key: `answer:${id}`, json: answer === 'expired' ? 'null' : toJson(answer.value) }));
}

/** What is known of each task, from what a store kept. Errors: `STORED_INVALID`. */
export function pendingOf(rows: readonly PendingRow[]): PendingWork {
  const tasks = new Map<string, GrowingTask>();
  for (const row of rows) {
    let task = tasks.get(row.taskId);
    if (!task) tasks.set(row.taskId, (task = new GrowingTask()));
    task.add(row);
  }
  return tasks;
}

/**
 * The same work, of a graph whose nodes and channels have other names now. What was written to a channel that was something else
 * can't be said any more: that is left out, and the task runs again.
 */
export function renamedRow(row: PendingRow, nodes: Names, channels: Names, converted: ReadonlySet<string>): readonly PendingRow[] {
  if (row.key !== 'writes') return [row];
  const [node, writes] = fromStored(row.json, `the work of task ${row.taskId}`, isFinished);
  if (writesAny(writes, converted)) return [];
  return [{ ...row, json: JSON.stringify([nameNow(nodes, node), renamedWrites(writes, nodes, channels)]) }];
}

class GrowingTask implements PendingTask {
  finished: PendingTask['finished'];
  readonly asked = new Map<string, Question>();
  readonly answers = new Map<string, Answer>();
  readonly once = new Map<string, unknown>();
  private answered = -1;
  private last: readonly string[] = [];

  get waits(): boolean {
    return this.answered === this.answers.size;
  }

  get open(): ReadonlySet<string> {
    return new Set(this.last.filter((id) => !this.answers.has(id)));
  }

  add({ taskId, key, json }: PendingRow): void {
    const colon = key.indexOf(':');
    const [kind, name] = colon < 0 ? [key, ''] : [key.slice(0, colon), key.slice(colon + 1)];
    const what = `the work of task ${taskId}`;
    if (kind === 'writes') this.finished = finishedOf(json, what);
    else if (kind === 'open') this.ask(Number(name), fromStored(json, what, isPairs) as readonly (readonly [string, Question])[]);
    else if (kind === 'answer') this.answers.set(name, answerOf(json, what));
    else if (kind === 'once') this.once.set(name, fromStored(json, what, Array.isArray)[0]);
  }

  private ask(answered: number, asked: readonly (readonly [string, Question])[]): void {
    for (const [id, question] of asked) this.asked.set(id, question);
    if (answered < this.answered) return;
    this.answered = answered;
    this.last = asked.map(([id]) => id);
  }
}

function finishedOf(json: string, what: string): PendingTask['finished'] {
  const [node, writes] = fromStored(json, what, isFinished);
  return { node, writes: nodeWritesFromJson(writes) };
}

const isFinished = (value: unknown): value is [string, StoredWrite[]] => Array.isArray(value) && typeof value[0] === 'string' && Array.isArray(value[1]) && value[1].every(isStoredWrite);

function answerOf(json: string, what: string): Answer {
  const stored = fromStored(json, what, (value): value is unknown[] | null => value === null || Array.isArray(value));
  return stored === null ? 'expired' : { value: stored[0] };
}

const isPairs = (value: unknown): value is unknown[] => Array.isArray(value) && value.every((pair) => Array.isArray(pair) && typeof pair[0] === 'string' && isRecord(pair[1]));

// A value may be undefined, which JSON has no word for: a list of none.
const toJson = (value: unknown): string => JSON.stringify(value === undefined ? [] : [value]);
