import { openInterrupts } from './answersFor.js';
import type { CheckpointMetadata } from '../checkpoints/Checkpointer.js';
import type { PastInterrupt } from './storedBody.js';
import type { OpenInterrupt } from './TaskWork.js';
import type { Loaded } from './ThreadLine.js';

/** A task that is due. */
export interface TaskSnapshot {
  readonly id: string;
  readonly node: string;
  /** What it waits for. */
  readonly interrupts: readonly OpenInterrupt[];
  /** Of a node that is a graph, how far that came: with `getState({ thread, subgraphs: true })`. */
  readonly graph?: StateSnapshot<unknown>;
}

/** A thread at one checkpoint, for people and programs that look at it. */
export interface StateSnapshot<S> {
  readonly values: S;
  /** The nodes that are due. */
  readonly next: readonly string[];
  readonly tasks: readonly TaskSnapshot[];
  readonly checkpointId: string;
  readonly parentId: string | undefined;
  readonly step: number;
  readonly createdAt: number;
  readonly metadata: CheckpointMetadata;
  /** What waits for an answer. */
  readonly interrupts: readonly OpenInterrupt[];
  /** What was asked on the way here from the checkpoint before, and what came of it. */
  readonly past: readonly PastInterrupt[];
}

/** What is to be seen of a checkpoint. */
export function stateSnapshot<S>(loaded: Loaded): StateSnapshot<S> {
  const { checkpoint, createdAt, metadata, past } = loaded;
  const { id, parentId, step, due, state } = checkpoint;
  const interrupts = openInterrupts(loaded);
  const tasks = due.map((task): TaskSnapshot => ({ id: task.id, node: task.node, interrupts: interrupts.filter(({ taskId }) => taskId === task.id) }));
  return { values: state as S, next: due.map(({ node }) => node), tasks, checkpointId: id, parentId, step, createdAt, metadata, interrupts, past };
}
