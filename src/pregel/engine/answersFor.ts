import { RivuletError } from '../../core/errors/RivuletError.js';
import { jsonSchemaValidator } from '../../operators/tools/jsonSchemaValidator.js';
import { AmbiguousResumeError } from './AmbiguousResumeError.js';
import { requireStorable } from './requireStorable.js';
import type { Position } from './Superstep.js';
import type { Answer, OpenInterrupt, PendingTask, PendingWork, Question } from './TaskWork.js';
import { UnknownInterruptError } from './UnknownInterruptError.js';

/** An answer, and the task that asked. */
export interface GivenAnswer {
  readonly taskId: string;
  readonly answer: Answer;
}

/** By interrupt. */
export type GivenAnswers = ReadonlyMap<string, GivenAnswer>;

/**
 * Which open interrupt gets which answer: by id, or a bare value for the only one.
 *
 * @throws RivuletError `AMBIGUOUS_RESUME`, `UNKNOWN_INTERRUPT`; `INVALID_INPUT` for an answer that isn't what was asked for,
 * `INVALID_UPDATE` for one that isn't JSON
 */
export function answersFor(resume: unknown, open: readonly OpenInterrupt[]): GivenAnswers {
  const given = new Map<string, GivenAnswer>();
  for (const [one, value] of matched(resume, open)) {
    requireStorable(value, `the answer to interrupt ${one.id}`);
    requireAsked(one, value);
    given.set(one.id, { taskId: one.taskId, answer: { value } });
  }
  return given;
}

function matched(resume: unknown, open: readonly OpenInterrupt[]): readonly (readonly [OpenInterrupt, unknown])[] {
  const ids = open.map(({ id }) => id);
  if (isById(resume, ids)) {
    return Object.entries(resume).map(([id, value]) => {
      const one = open.find((interrupt) => interrupt.id === id);
      if (!one) throw new UnknownInterruptError(id, ids);
      return [one, value];
    });
  }
  const [only, another] = open;
  if (!only || another) throw new AmbiguousResumeError(ids);
  return [[only, resume]];
}

function requireAsked({ id, schema }: OpenInterrupt, value: unknown): void {
  const { issues } = schema ? jsonSchemaValidator(schema)(value) : { issues: undefined };
  if (!issues) return;
  const found = issues.map(({ path, message }) => `${['answer', ...path].join('.')}: ${message}`).join('; ');
  throw new RivuletError('INVALID_INPUT', `interrupt ${id} can't take the answer: ${found}. Answer with what its schema says`);
}

/** What waits for an answer at a position. */
export function openInterrupts({ checkpoint, pending }: Position): readonly OpenInterrupt[] {
  if (pending.size === 0) return [];
  const nodes = new Map(checkpoint.due.map(({ id, node }) => [id, node]));
  return [...pending].flatMap(([taskId, task]) => {
    if (task.finished) return [];
    const node = nodes.get(taskId) ?? '';
    return [...task.open].map((id) => ({ id, taskId, node, ...(task.asked.get(id) as Question) }));
  });
}

/** What lets pauses go on. */
export function goOnAnswers(open: readonly OpenInterrupt[]): GivenAnswers {
  return new Map(open.filter(({ pause }) => pause).map(({ id, taskId }) => [id, { taskId, answer: { value: undefined } }]));
}

/** What a task was answered of what a graph within it asks. */
export function relayedAnswers(open: readonly OpenInterrupt[], prior: PendingTask | undefined): GivenAnswers {
  const known = open.flatMap(({ id, taskId }) => {
    const answer = prior?.answers.get(id);
    return answer ? [[id, { taskId, answer }] as const] : [];
  });
  return new Map(known);
}

/** Those of the open interrupts that nobody answered in time. */
export function expiredAnswers(open: readonly OpenInterrupt[], now: number): GivenAnswers {
  const expired = open.filter(({ expiresAt }) => expiresAt !== undefined && expiresAt <= now);
  return new Map(expired.map(({ id, taskId }) => [id, { taskId, answer: 'expired' }]));
}

/** What is known of the tasks once these answers are. */
export function withAnswers(pending: PendingWork, given: GivenAnswers): PendingWork {
  if (given.size === 0) return pending;
  const next = new Map(pending);
  for (const [id, { taskId, answer }] of given) {
    const task = next.get(taskId);
    if (task) next.set(taskId, { ...task, answers: new Map(task.answers).set(id, answer), open: without(task.open, id), waits: false });
  }
  return next;
}

const without = (ids: ReadonlySet<string>, id: string): ReadonlySet<string> => new Set([...ids].filter((one) => one !== id));

function isById(resume: unknown, open: readonly string[]): resume is Readonly<Record<string, unknown>> {
  if (typeof resume !== 'object' || resume === null || Array.isArray(resume)) return false;
  return Object.keys(resume).some((key) => open.includes(key) || LOOKS_LIKE_AN_ID.test(key));
}

/** CHECKPOINT/NODE#CALL */
const LOOKS_LIKE_AN_ID = /^\S+\/.+#.+$/;
