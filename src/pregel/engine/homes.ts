import type { RunScope } from '../../core/context/RunScope.js';
import type { Checkpointer } from '../checkpoints/Checkpointer.js';
import type { Durability, Home } from './Home.js';
import { LeaseHolder } from './LeaseHolder.js';
import type { LeasePolicy } from './LeasePolicy.js';
import { nestingOf, type NestedCall } from './Nesting.js';

/** What a compiled graph says of where its runs are kept. */
export interface Keeps {
  readonly checkpointer?: Checkpointer | boolean | undefined;
  readonly durability: Durability;
  readonly lease: LeasePolicy;
}

/** Which call of which task a run is, if it is one. */
export function nestedCallOf(run: RunScope): NestedCall | undefined {
  const nesting = nestingOf(run);
  return nesting && { nesting, call: nesting.nextCall() };
}

/** Where a run on a thread of its own is kept. */
export function threadHome({ checkpointer, durability, lease }: Keeps, run: RunScope, namespace = ''): Home | undefined {
  const { thread, branch } = run;
  if (typeof checkpointer !== 'object' || thread === undefined) return undefined;
  return { store: checkpointer, at: { thread, namespace, branch }, holder: new LeaseHolder(run.ids()), lease, durability };
}

/**
 * Where a run within a task is kept. By default it is on its own, found by the task and the call on every pass; a graph that keeps
 * one state for all its runs on a thread is found by its path.
 */
export function nestedHome(keeps: Keeps, run: RunScope, { nesting: { home }, call }: NestedCall): Home | undefined {
  const { checkpointer } = keeps;
  const beside = (namespace: string): Home | undefined => home && { ...home, at: { ...home.at, namespace } };
  if (checkpointer === false) return undefined;
  if (checkpointer === undefined) return beside(call);
  const path = pathNamespace(run.path);
  return checkpointer === true || checkpointer === home?.store ? beside(path) : threadHome(keeps, run, path);
}

/** The namespace of a graph that keeps one state, by the nodes that lead to it. No task's id looks like it. */
export function pathNamespace(path: readonly string[]): string {
  return JSON.stringify(path);
}
