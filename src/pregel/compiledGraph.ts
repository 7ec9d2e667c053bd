import type { OperatorFunction } from 'rxjs';
import type { RunContext } from '../core/context/RunContext.js';
import { requireOneOf } from '../core/errors/optionChecks.js';
import { RivuletError } from '../core/errors/RivuletError.js';
import { flow, type Flow } from '../core/flow/flow.js';
import { last } from '../core/flow/fold.js';
import type { StartConfig } from '../core/flow/start.js';
import type { RunStream, StreamConfig } from '../core/flow/stream.js';
import { whole } from '../core/flow/whole.js';
import type { Checkpointer } from './checkpoints/Checkpointer.js';
import { resume, type Command } from './graph/command.js';
import type { GraphPlan } from './graph/GraphPlan.js';
import type { Channels, UpdateOf } from './graph/StateOf.js';
import { ChannelViews } from './engine/ChannelViews.js';
import type { Durability } from './engine/Home.js';
import { graphRun } from './engine/graphRun.js';
import { leasePolicy, type LeaseOptions } from './engine/LeasePolicy.js';
import type { Pauses } from './engine/pauseStep.js';
import { nestedCallOf, nestedHome, threadHome, type Keeps } from './engine/homes.js';
import { nestedRun, threadRun } from './engine/threadRun.js';
import { withChannels, type GraphRun } from './GraphRun.js';
import { graphStream, type GraphStreamConfig, type Streamed } from './graphStream.js';
import type { StreamMode } from './projections/streamMode.js';
import { noCheckpointer, promised, threadMethods, threadsOf, type ThreadConfig, type ThreadMethods } from './threadMethods.js';

export interface CompileOptions extends LeaseOptions {
  /**
   * Where its threads are kept. As a node of another graph it is kept where that is, each of its runs on its own, unless it says otherwise:
   * with `true` all its runs on a thread share one state, with a checkpointer they do so there, with `false` none is kept.
   */
  readonly checkpointer?: Checkpointer | boolean;
  /** Stops before, or after, these nodes ('*': all) for a person to look; `invoke(null, { thread })` goes on. */
  readonly interruptBefore?: readonly string[] | '*';
  readonly interruptAfter?: readonly string[] | '*';
  /** When a superstep is stored: before the next one starts (`sync`, the default), while it runs (`async`), or when the run ends (`exit`). */
  readonly durability?: Durability;
}

/** What a graph is run with: an update, a command, or nothing, to go on where the thread stopped. */
export type GraphInput<I> = I | Command<Partial<I>> | null | undefined;

/**
 * A graph that runs: a flow from an input to its state, after the input and after each superstep.
 *
 * `I` is what it is given, `S` what it returns, `C` its channels.
 */
export interface CompiledGraph<I, S, C extends Channels = Channels> extends Flow<GraphInput<I>, S>, ThreadMethods<S> {
  readonly plan: GraphPlan;
  /**
   * One run, pulled: a superstep runs only when somebody reads on. With a `mode`, what that shows in place of the state.
   *
   * @throws RivuletError `INVALID_OPTION` for a mode that isn't one
   *
   * @example
   * ```ts
   * import { lastValue } from 'rivulet/channels';
   * import { START, StateGraph } from 'rivulet/pregel';
   *
   * const graph = new StateGraph({ n: lastValue(0) }).addNode('inc', ({ n }) => ({ n: n + 1 })).addEdge(START, 'inc').compile();
   * for await (const [mode, value] of graph.stream({}, { mode: ['updates', 'values'] })) {
   *   if (mode === 'updates') Object.keys(value); // ['inc']
   *   else value.n; // 0, then 1
   * }
   * ```
   */
  stream<const M extends StreamMode | readonly StreamMode[], const G extends boolean = false>(
    input: GraphInput<I>,
    config: GraphStreamConfig<M> & { readonly subgraphs?: G },
  ): RunStream<Streamed<M, G, S, UpdateOf<C>>>;
  stream(input: GraphInput<I>, config?: StreamConfig | RunContext): RunStream<S>;
  /** One run that starts now: what a UI holds. */
  start(input: GraphInput<I>, config?: StartConfig | RunContext): GraphRun<S, C>;
  /**
   * Writes to the head, as if `asNode` had, and where that leads is due; without it, what is due stays due. The new checkpoint's id.
   * Given a `checkpointId` that isn't the head, it writes on a branch that begins there: `branch`, if that is new, else one of its
   * own, where `invoke(null, { thread, checkpointId })` goes on from the new checkpoint.
   */
  updateState(config: ThreadConfig, values: Partial<I>, asNode?: string): Promise<string>;
}

/** Makes a flow of a plan. */
export function compiledGraph<I, S, C extends Channels>(plan: GraphPlan, options: CompileOptions = {}): CompiledGraph<I, S, C> {
  const flowWith = (views?: ChannelViews): Flow<GraphInput<I>, S> =>
    flow<GraphInput<I>, S>(plan.name, graphStep(plan, options, views) as unknown as OperatorFunction<GraphInput<I>, S>, { fold: last(), kind: 'graph', capacity: 1, resume: (given) => (given ? (resume(given.answer) as GraphInput<I>) : null) });
  const graph = flowWith();
  const { stream } = graph;
  const thread = threadsOf(plan, options);
  const methods = {
    plan,
    ...threadMethods(plan, options, (state) => state),
    stream: (input: GraphInput<I>, config?: StreamConfig | RunContext) => (config && 'mode' in config ? graphStream(graph, input, config as GraphStreamConfig<StreamMode>) : stream(input, config)),
    start: (input: GraphInput<I>, config?: StartConfig | RunContext) => {
      const views = new ChannelViews(plan); // of this run alone
      return withChannels<S, C>(flowWith(views).start(input, config), views);
    },
    updateState: (config: ThreadConfig, values: Partial<I>, asNode?: string) => promised(() => thread(config).update(values, asNode, config.checkpointId)) as Promise<string>,
  };
  return Object.assign(graph, methods) as unknown as CompiledGraph<I, S, C>;
}

/**
 * A plan as an operator: runs once on its input, and emits its output after that and after each superstep.
 *
 * @param views shows its channels
 */
export function graphStep(plan: GraphPlan, options: CompileOptions, views?: ChannelViews): OperatorFunction<unknown, object> {
  const pauses: Pauses = { before: options.interruptBefore ?? [], after: options.interruptAfter ?? [] };
  const { checkpointer, durability = 'sync' } = options;
  requireOneOf('durability', durability, ['sync', 'async', 'exit']);
  const keeps: Keeps = { checkpointer, durability, lease: leasePolicy(options) };
  const canPause = pauses.before.length + pauses.after.length > 0;
  if (canPause && checkpointer === false) throw noCheckpointer(plan, 'stops before or after nodes, and');
  return whole((input: unknown, run) => {
    const within = nestedCallOf(run);
    const home = within ? nestedHome(keeps, run, within) : threadHome(keeps, run);
    if (!home) {
      if (canPause) throw noThread(plan);
      return graphRun(plan, input, run, within?.nesting, views);
    }
    const parts = { plan, pauses, home, views };
    return within ? nestedRun(parts, input, run, within) : threadRun(parts, input, run);
  });
}

function noThread({ name }: GraphPlan): RivuletError {
  return new RivuletError('NO_CHECKPOINTER', `graph '${name}' stops before or after nodes, and this run has no thread that it could go on with. Run it with { thread }`);
}
