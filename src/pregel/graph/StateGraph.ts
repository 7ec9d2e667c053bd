import { warnOnce } from '../../core/bridge/platform.js';
import type { Flow } from '../../core/flow/flow.js';
import { compiledGraph, type CompiledGraph, type CompileOptions } from '../compiledGraph.js';
import { checkGraph, type GraphReport } from './checkGraph.js';
import { compilePlan, type PlanOptions } from './compilePlan.js';
import type { GraphDeclaration } from './GraphDeclaration.js';
import type { NodePolicy } from './GraphPlan.js';
import type { END, START } from './names.js';
import type { CommandTargets, Missing, NodeFunction, NodeOutput, NodeResult, Reference, RouteFunction, UnknownChannel, WrittenKeys } from './NodeFunction.js';
import type { FlowNodeOptions, NodeOptions } from './NodeOptions.js';
import { isStateSchema, schemaChannels } from './schemaChannels.js';
import type { Send } from './send.js';
import { sequenceEntries, type SequenceArgs, type SequenceEntry, type SequenceNames, type SequenceTargets } from './sequenceEntries.js';
import type { ChannelName, Channels, ChannelsOf, StateOf, StateSpec, UpdateOf } from './StateOf.js';

export interface StateGraphOptions<I, O> {
  /** The channels that a run may be given. Default: all. */
  readonly input?: readonly I[];
  /** The channels that a run returns; the others are private. Default: all. */
  readonly output?: readonly O[];
}

/** What a graph's runs are given. */
export type InputOf<G> = G extends StateGraph<infer T, infer _N, infer _P, infer _D, infer I, infer _O> ? Pick<UpdateOf<T>, I & keyof UpdateOf<T>> : never;

/** What a graph's runs return. */
export type OutputOf<G> = G extends StateGraph<infer T, infer _N, infer _P, infer _D, infer _I, infer O> ? Pick<StateOf<T>, O & keyof StateOf<T>> : never;

type Known<T, R> = [Exclude<WrittenKeys<R>, ChannelName<T>>] extends [never] ? unknown : UnknownChannel<Exclude<WrittenKeys<R>, ChannelName<T>>>;
type Names<N> = keyof N & string;
type Sends<N> = { readonly [K in Names<N>]: Send<K, N[K]> }[Names<N>];
type OneTarget<N, P extends string> = P | typeof END | Sends<N>;
type Targets<N, P extends string> = OneTarget<N, P> | readonly OneTarget<N, P>[];
type Key = string | number | boolean;
/** Its name, if it can run on the state. That it may take a list for its own is no reason against: in development it is frozen. */
type OnState<T, A, M> = [StateOf<T>] extends [A] ? M : [Mutable<StateOf<T>>] extends [A] ? M : never;
type Mutable<S> = { [K in keyof S]: S[K] extends readonly unknown[] ? [...S[K]] : S[K] };
type Read<T, K> = K extends readonly (infer One)[] ? Pick<StateOf<T>, One & keyof StateOf<T>> : StateOf<T>[K & keyof StateOf<T>];
type Write<T, W> = [W] extends [never] ? NodeOutput<UpdateOf<T>> : UpdateOf<T>[W & keyof UpdateOf<T>];

/** What `compile` says besides that the plan is sound. */
export interface GraphCompileOptions extends CompileOptions, PlanOptions {}

/** `unknown`, or the type whose name says what is wrong. */
type Sound<Problem> = [Problem] extends [never] ? unknown : Problem;

/**
 * Builds a graph of nodes that read and write a state of channels, superstep by superstep. Calls are chained, so that each knows
 * the nodes before it: an unknown target, channel or argument is a compile error. Nothing is checked while it is built; `compile`
 * tells all that is wrong at once.
 *
 * `T` is how the state is declared, `N` what each node may be sent, `P` the nodes that run on the state, `D` what commands and
 * options refer to, `I` and `O` the channels that are given and returned.
 *
 * @example
 * ```ts
 * import { append, lastValue } from 'rivulet/channels';
 * import { END, START, StateGraph } from 'rivulet/pregel';
 *
 * const graph = new StateGraph({ draft: lastValue(''), notes: append<string>() })
 *   .addNode('write', ({ notes }) => ({ draft: `draft ${notes.length}` }))
 *   .addNode('review', ({ draft }) => ({ notes: `${draft} is too short` }))
 *   .addEdge(START, 'write')
 *   .addEdge('write', 'review')
 *   .addConditionalEdges('review', ({ notes }) => (notes.length < 3 ? 'write' : END))
 *   .compile();
 * const { draft } = await graph.invoke({}); // 'draft 2'
 * ```
 */
export class StateGraph<T extends StateSpec, N = unknown, P extends string = never, D = never, I extends ChannelName<T> = ChannelName<T>, O extends ChannelName<T> = ChannelName<T>> {
  /** What it was told so far. */
  readonly declaration: GraphDeclaration;
  private readonly nodes: GraphDeclaration['nodes'][number][] = [];
  private readonly edges: GraphDeclaration['edges'][number][] = [];
  private readonly branches: GraphDeclaration['branches'][number][] = [];

  /**
   * @param spec channels, or a schema of an object such as zod's
   * @throws RivuletError `INVALID_OPTION` for a schema that is asynchronous
   */
  constructor(
    readonly spec: T,
    { input, output }: StateGraphOptions<I, O> = {},
  ) {
    const channels = (isStateSchema(spec) ? schemaChannels(spec) : spec) as Channels;
    const { nodes, edges, branches } = this;
    this.declaration = { channels, input, output, nodes, edges, branches, defaults: {} };
  }

  /**
   * Adds a node: a callback, a flow, or a compiled graph, which shares the channels of the same name. A flow's chunks are no
   * writes: its result is written when it is done.
   */
  addNode<const M extends string, O2, R extends Write<T, W>, const K extends ChannelName<T> | readonly ChannelName<T>[], const W extends ChannelName<T> = never, const E extends string = never>(
    name: M,
    node: Flow<Read<T, K>, O2, R>,
    options: FlowNodeOptions<K, W, NoInfer<Read<T, K>>, E> & { readonly reads: K },
  ): StateGraph<T, N & Record<M, Read<T, K>>, P | M, D | CommandTargets<R> | Reference<E>, I, O>;
  addNode<const M extends string, A, O2, R extends Write<T, W>, const W extends ChannelName<T> = never, const E extends string = never>(
    name: M,
    node: Flow<A, O2, R>,
    options?: FlowNodeOptions<never, W, NoInfer<A>, E>,
  ): StateGraph<T, N & Record<M, A>, P | OnState<T, A, M>, D | CommandTargets<R> | Reference<E>, I, O>;
  addNode<const M extends string, R extends NodeResult<UpdateOf<T>>, A = StateOf<T>, const E extends string = never>(
    name: M,
    node: NodeFunction<A, R & Known<T, R>>,
    options?: NodeOptions<NoInfer<A>, E>,
  ): StateGraph<T, N & Record<M, A>, P | OnState<T, A, M>, D | CommandTargets<R> | Reference<E>, I, O>;
  addNode(name: string, node: unknown, options: GraphDeclaration['nodes'][number]['options'] = {}): unknown {
    this.nodes.push({ name, node, options });
    return this;
  }

  /** Runs `to` after `from`; after a list, once, when all of it has run. */
  addEdge(from: Names<N> | typeof START | readonly Names<N>[], to: P | typeof END): this {
    this.edges.push({ from, to });
    return this;
  }

  /**
   * Runs what `route` says after `from`: a node's name, `END`, a send, or a list of them.
   *
   * @param pathMap where its results lead, if they aren't names; as a list, the names it may say, so that it is known what can
   * be reached
   */
  addConditionalEdges(from: Names<N> | typeof START, route: RouteFunction<StateOf<T>, Targets<N, P>>, pathMap?: readonly (Names<N> | typeof END)[]): this;
  addConditionalEdges<const K extends Key>(from: Names<N> | typeof START, route: RouteFunction<StateOf<T>, K | readonly K[]>, pathMap: { readonly [Result in `${K}`]: P | typeof END } & Readonly<Record<string, P | typeof END>>): this;
  addConditionalEdges(from: string, route: RouteFunction<never, unknown>, pathMap?: readonly string[] | Readonly<Record<string, string>>): this {
    this.branches.push({ from, branch: { route, pathMap: namedPaths(pathMap) } });
    return this;
  }

  /** Adds nodes that run one after the other. What leads to the first and where the last leads is said by edges. */
  addSequence<const L extends readonly SequenceEntry<T>[]>(entries: L): StateGraph<T, N & SequenceArgs<L>, P | SequenceNames<L>, D | SequenceTargets<L>, I, O> {
    const { nodes, edges } = sequenceEntries(entries);
    this.nodes.push(...nodes);
    this.edges.push(...edges);
    return this as never;
  }

  /** Says how nodes are run that don't say so themselves. */
  setNodeDefaults(policy: NodePolicy): this {
    Object.assign(this.declaration.defaults, policy);
    return this;
  }

  /** All that is wrong with it, and what may be. */
  check(): GraphReport {
    return checkGraph(this.declaration);
  }

  /**
   * Makes a flow of it, which keeps its threads with the checkpointer it is given. What `check` warns of is said in development.
   *
   * @throws GraphError `INVALID_GRAPH`, with everything that is wrong
   */
  compile(this: this & Sound<Missing<N, P, D>>, options: GraphCompileOptions = {}): CompiledGraph<Pick<UpdateOf<T>, I>, Pick<StateOf<T>, O>, ChannelsOf<T>> {
    const { plan, report } = compilePlan(this.declaration, options);
    for (const { message } of report.warnings) warnOnce(`graph '${plan.name}' compiles, but: ${message}`);
    return compiledGraph(plan, options);
  }
}

function namedPaths(pathMap: readonly string[] | Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> | undefined {
  if (pathMap === undefined) return undefined;
  const paths = Array.isArray(pathMap) ? (pathMap as readonly string[]).map((name) => [name, name] as const) : Object.entries(pathMap as Readonly<Record<string, string>>);
  return Object.freeze(Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(paths)));
}
