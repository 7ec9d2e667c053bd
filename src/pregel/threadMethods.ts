import { map, type Observable } from 'rxjs';
import { foldToPromise } from '../core/bridge/foldToPromise.js';
import type { RunConfig } from '../core/context/RunConfig.js';
import { rootContext, type RunContext } from '../core/context/RunContext.js';
import { RivuletError } from '../core/errors/RivuletError.js';
import type { Checkpointer, HistoryOptions, LineAddress } from './checkpoints/Checkpointer.js';
import { leasePolicy, type LeaseOptions } from './engine/LeasePolicy.js';
import type { StateSnapshot } from './engine/StateSnapshot.js';
import { Thread } from './engine/Thread.js';
import type { GraphPlan } from './graph/GraphPlan.js';
import { lastOrNone } from './lastOrNone.js';

/** Which thread, branch and checkpoint is meant. */
export interface ThreadConfig extends Pick<RunConfig, 'scheduler' | 'ids' | 'random'> {
  readonly thread: string;
  readonly branch?: string;
  readonly checkpointId?: string;
}

/** What can be done with the threads of a graph besides running it; `S` is what their states are shown as. */
export interface ThreadMethods<S> {
  /**
   * A thread at its head or an older checkpoint; `undefined` for a new one. With `subgraphs` its tasks bear the states of the graphs
   * that run in them. Rejects with `NO_CHECKPOINTER`.
   */
  getState(config: ThreadConfig & { readonly subgraphs?: boolean }): Promise<StateSnapshot<S> | undefined>;
  /** Newest first, through the branches it was forked from. */
  getStateHistory(config: ThreadConfig, options?: HistoryOptions): Observable<StateSnapshot<S>>;
  /** Makes a branch that begins at a checkpoint: `invoke(input, { thread, branch })` goes on there. */
  fork(config: ThreadConfig & { readonly checkpointId: string }, branch: string): Promise<string>;
}

/** Where a graph's threads are kept, and how they are met when they are busy. */
interface Kept extends LeaseOptions {
  readonly checkpointer?: Checkpointer | boolean;
}

/**
 * The methods of a plan's threads.
 *
 * @param shown what a state is shown as
 */
export function threadMethods<S>(plan: GraphPlan, options: Kept, shown: (state: object) => S): ThreadMethods<S> {
  const thread = threadsOf(plan, options);
  const showing = map((snapshot: StateSnapshot<object>): StateSnapshot<S> => ({ ...snapshot, values: shown(snapshot.values) }));
  return {
    getState: (config) => promised(() => thread(config).state(config.checkpointId, config.subgraphs).pipe(showing)),
    getStateHistory: (config, history) => thread(config).history(history).pipe(showing),
    fork: (config, branch) => promised(() => thread(config).fork(config.checkpointId, branch)) as Promise<string>,
  };
}

/** The threads of a plan; what asks for one where there is no checkpointer throws `NO_CHECKPOINTER`. */
export function threadsOf(plan: GraphPlan, options: Kept): (config: ThreadConfig) => Thread<object> {
  const lease = leasePolicy(options);
  return (config) => {
    const { checkpointer } = options;
    if (typeof checkpointer === 'object') return new Thread<object>(plan, checkpointer, lineOf(config), contextOf(config), lease);
    throw noCheckpointer(plan, 'has no threads:');
  };
}

/** The one value of `work`, or `undefined` if it brings none. */
export function promised<T>(work: () => Observable<T>): Promise<T | undefined> {
  return foldToPromise(lastOrNone<T>(), undefined, (subscriber) => work().subscribe(subscriber));
}

/** What is asked of a graph without a store. */
export function noCheckpointer({ name }: GraphPlan, what: string): RivuletError {
  return new RivuletError('NO_CHECKPOINTER', `graph '${name}' ${what} it has no checkpointer. Compile it with one: compile({ checkpointer: memoryCheckpointer() })`);
}

function contextOf({ scheduler, ids, random }: ThreadConfig): RunContext {
  return rootContext({ ...(scheduler && { scheduler }), ...(ids && { ids }), ...(random && { random }) });
}

function lineOf({ thread, branch = 'main' }: ThreadConfig): LineAddress {
  return { thread, namespace: '', branch };
}
