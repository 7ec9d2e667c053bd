import type { RunContext } from '../../core/context/RunContext.js';
import type { Command } from '../graph/command.js';
import type { Home } from './Home.js';
import type { OpenInterrupt, PendingTask } from './TaskWork.js';

/** The brand by which a task is known to one that graphs can run in, also from another copy of the library. */
export const NESTING: unique symbol = Symbol.for('rivulet.nesting') as never;

/** What a task lends to a graph that runs in it. */
export interface Nesting {
  readonly [NESTING]: true;
  readonly home: Home | undefined;
  /** What is known of the task: the answers to what graphs in it asked are the task's. */
  readonly prior: PendingTask | undefined;
  /**
   * Names what runs in the task, in the order in which it begins; the same on every pass.
   *
   * @param what is counted on its own. Default: graphs
   */
  nextCall(what?: string): string;
  /** What a graph waits for, the task waits for. */
  waitFor(interrupts: readonly OpenInterrupt[]): void;
  /** Ends the task with what a graph says to the one above it. */
  endWith(commands: readonly Command[]): void;
}

/** The task that a run is part of, if it is. */
export function nestingOf({ task }: RunContext): Nesting | undefined {
  return task && NESTING in task ? (task as unknown as Nesting) : undefined;
}

/** Which call of which task a graph's run is. */
export interface NestedCall {
  readonly nesting: Nesting;
  readonly call: string;
}
