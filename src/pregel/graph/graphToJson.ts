import type { Exits, GraphPlan, PlanChannel, PlanNode } from './GraphPlan.js';
import { END, START } from './names.js';

export interface ChannelJson {
  readonly name: string;
  readonly kind: string;
  /** A reducer's name, for instance. */
  readonly signature?: string;
  /** Whether a run may be given it, and whether it returns it. */
  readonly input: boolean;
  readonly output: boolean;
}

export interface NodeJson {
  readonly id: string;
  readonly kind: 'start' | 'node' | 'graph' | 'end';
  readonly defer?: true;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Of a node that is a graph. */
  readonly graph?: GraphJson;
}

export interface EdgeJson {
  readonly from: string;
  /** `null`: any node, as nothing says where it leads. */
  readonly to: string | null;
  /** `join`: when all with the same `join` have run; `command`: where the node's commands may go; `error`: its handler. */
  readonly kind: 'edge' | 'join' | 'conditional' | 'command' | 'error';
  /** What a routing function says to lead there. */
  readonly label?: string;
  readonly join?: number;
}

/** A graph's structure, for tools that show it. */
export interface GraphJson {
  readonly name: string;
  readonly channels: readonly ChannelJson[];
  readonly nodes: readonly NodeJson[];
  readonly edges: readonly EdgeJson[];
}

/**
 * Says what a graph is made of: channels, nodes, edges, graphs within, metadata. The same for the same graph, always.
 *
 * @example
 * ```ts
 * import { lastValue } from 'rivulet/channels';
 * import { graphToJson, START, StateGraph } from 'rivulet/pregel';
 *
 * const graph = new StateGraph({ n: lastValue(0) }).addNode('add', ({ n }) => ({ n: n + 1 })).addEdge(START, 'add').compile();
 * const { edges } = graphToJson(graph.plan); // [{ from: '__start__', to: 'add', kind: 'edge' }]
 * ```
 */
export function graphToJson(plan: GraphPlan): GraphJson {
  const edges = [...exitEdges(plan, START, plan.start, []), ...[...plan.nodes.values()].flatMap((node) => nodeEdges(plan, node))];
  const hasEnd = edges.some(({ to }) => to === END);
  const nodes: readonly NodeJson[] = [{ id: START, kind: 'start' }, ...[...plan.nodes.values()].map(nodeJson), ...(hasEnd ? [{ id: END, kind: 'end' } as const] : [])];
  return { name: plan.name, channels: plan.channels.map((channel) => channelJson(plan, channel)), nodes, edges };
}

function channelJson({ inputs, outputs }: GraphPlan, { name, channel: { kind, signature } }: PlanChannel): ChannelJson {
  return { name, kind, ...(signature !== undefined && { signature }), input: inputs.has(name), output: outputs.has(name) };
}

function nodeJson({ name, policy: { defer, metadata }, subgraph }: PlanNode): NodeJson {
  return { id: name, kind: subgraph ? 'graph' : 'node', ...(defer && { defer }), ...(metadata && { metadata }), ...(subgraph && { graph: graphToJson(subgraph) }) };
}

function nodeEdges(plan: GraphPlan, { name, ends, policy, ...exits }: PlanNode): readonly EdgeJson[] {
  const toHandler: readonly EdgeJson[] = policy.onError === undefined ? [] : [{ from: name, to: policy.onError, kind: 'error' }];
  return [...exitEdges(plan, name, exits, ends), ...toHandler];
}

function exitEdges({ joins }: GraphPlan, from: string, exits: Exits, ends: readonly string[]): readonly EdgeJson[] {
  const open = exits.branches.filter(({ pathMap }) => !pathMap);
  const mapped = exits.branches.flatMap(({ pathMap = {} }) => Object.entries(pathMap));
  return [
    ...exits.targets.map((to): EdgeJson => ({ from, to, kind: 'edge' })),
    ...exits.joins.flatMap((join): readonly EdgeJson[] => (joins[join] ? [{ from, to: joins[join].to, kind: 'join', join }] : [])),
    ...mapped.map(([label, to]): EdgeJson => ({ from, to, kind: 'conditional', ...(label !== to && { label }) })),
    ...ends.map((to): EdgeJson => ({ from, to, kind: open.length > 0 ? 'conditional' : 'command' })),
    ...(ends.length > 0 ? [] : open.map((): EdgeJson => ({ from, to: null, kind: 'conditional' }))),
  ];
}
