import type { SchedulerLike } from 'rxjs';
import type { RunConfig } from '../../src/core/context/RunConfig.js';
import { rootContext } from '../../src/core/context/RunContext.js';
import type { Checkpointer, HistoryOptions } from '../../src/pregel/checkpoints/Checkpointer.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import type { CompiledGraph, CompileOptions, GraphInput } from '../../src/pregel/compiledGraph.js';
import { leasePolicy, type LeaseOptions } from '../../src/pregel/engine/LeasePolicy.js';
import type { StateSnapshot } from '../../src/pregel/engine/StateSnapshot.js';
import { Thread } from '../../src/pregel/engine/Thread.js';
import { resume } from '../../src/pregel/graph/command.js';
import { seededIds } from '../../src/testing/seededIds.js';
import { heard, type Heard } from './heard.js';

/** One thread of a graph, and all that can be done with it, in virtual time. */
export interface ThreadUnderTest<I, S> {
  readonly store: Checkpointer;
  readonly graph: CompiledGraph<I, S>;
  run(input: GraphInput<I>, config?: RunConfig): Heard<S>;
  resume(answer: unknown, config?: RunConfig): Heard<S>;
  state(branch?: string, checkpointId?: string): StateSnapshot<S>;
  history(branch?: string, options?: HistoryOptions): readonly StateSnapshot<S>[];
  /** The ids of what waits for an answer. */
  open(branch?: string): readonly string[];
  update(values: object, asNode?: string, branch?: string, checkpointId?: string): Heard<string>;
  fork(checkpointId: string, branch: string): Heard<string>;
}

/**
 * A graph on a store in memory, or the given one.
 *
 * @param process names whoever runs it, and its ids
 * @param lease how it meets a busy thread
 */
export function threadOf<I, S>(compile: (options: CompileOptions & { readonly checkpointer: Checkpointer }) => CompiledGraph<I, S>, scheduler: SchedulerLike, store: Checkpointer = memoryCheckpointer({ scheduler }), process = 'c', lease: LeaseOptions = {}): ThreadUnderTest<I, S> {
  const graph = compile({ checkpointer: store, ...lease });
  const config = { thread: 't', scheduler, ids: seededIds(process) };
  const thread = (branch: string): Thread<S> => new Thread<S>(graph.plan, store, { thread: 't', namespace: '', branch }, rootContext(config), leasePolicy(lease));
  const run = (input: GraphInput<I>, more?: RunConfig): Heard<S> => heard(graph.run(input, { ...config, ...more }));
  const state = (branch = 'main', checkpointId?: string): StateSnapshot<S> => {
    const { last, error } = heard(thread(branch).state(checkpointId));
    if (!last) throw error ?? new Error('the thread has no checkpoint');
    return last;
  };
  return {
    store,
    graph,
    run,
    resume: (answer, more) => run(resume(answer) as GraphInput<I>, more),
    state,
    history: (branch = 'main', options) => heard(thread(branch).history(options)).values,
    open: (branch) => state(branch).interrupts.map(({ id }) => id),
    update: (values, asNode, branch = 'main', checkpointId) => heard(thread(branch).update(values, asNode, checkpointId)),
    fork: (checkpointId, branch) => heard(thread('main').fork(checkpointId, branch)),
  };
}
