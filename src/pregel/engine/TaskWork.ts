import type { JsonSchema } from '../../operators/models/ChatModel.js';
import type { NodeWrite } from './writesOf.js';

/** What an interrupt asks. */
export interface Question {
  readonly payload: unknown;
  /** What the answer must be. */
  readonly schema?: JsonSchema;
  /** When it stops waiting, in milliseconds on the run's scheduler. */
  readonly expiresAt?: number;
  /** A pause before or after nodes: nothing needs to be said to it. */
  readonly pause?: true;
}

/** An interrupt that waits for its answer. */
export interface OpenInterrupt extends Question {
  readonly id: string;
  readonly taskId: string;
  /** Who asks; `''` for a pause before or after nodes. */
  readonly node: string;
}

/** What came of an interrupt: its answer, or that nobody gave one in time. */
export type Answer = { readonly value: unknown } | 'expired';

/** What is known of a task before its superstep has committed: from this pass or an earlier one. */
export interface PendingTask {
  /** It finished: these are its writes, and what they lead to is said by this node (the task's own, or its error handler). */
  readonly finished: { readonly node: string; readonly writes: readonly NodeWrite[] } | undefined;
  /** Everything it ever asked, by id. */
  readonly asked: ReadonlyMap<string, Question>;
  /** What it asked last, and waits for. */
  readonly open: ReadonlySet<string>;
  /** Whether it asked with all the answers that there are: it need not run again. */
  readonly waits: boolean;
  readonly answers: ReadonlyMap<string, Answer>;
  readonly once: ReadonlyMap<string, unknown>;
}

/** By task id. */
export type PendingWork = ReadonlyMap<string, PendingTask>;

/** Nothing was done before. */
export const NO_PENDING: PendingWork = new Map();

/** Something of a task that must be kept before its superstep commits. */
export type TaskWork = { readonly type: 'task_work'; readonly taskId: string } & (
  | { readonly kind: 'writes'; readonly node: string; readonly writes: readonly NodeWrite[] }
  /** Asked in one pass. @property answered how many answers it had then */
  | { readonly kind: 'open'; readonly answered: number; readonly asked: ReadonlyMap<string, Question> }
  | { readonly kind: 'once'; readonly key: string; readonly value: unknown; readonly stored: () => void }
);
