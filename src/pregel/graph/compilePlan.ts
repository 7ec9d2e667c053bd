import type { CacheStore } from '../../core/flow/CacheStore.js';
import { MemoryCache } from '../../core/flow/MemoryCache.js';
import { retryDelay } from '../../core/flow/retryDelay.js';
import { checkOutline, type GraphReport } from './checkGraph.js';
import type { GraphDeclaration, NodeDeclaration } from './GraphDeclaration.js';
import { GraphError } from './GraphError.js';
import type { GraphPlan, PlanChannel, PlanNode, Strategy } from './GraphPlan.js';
import type { Migration } from './Migration.js';
import { migrationFindings } from './migrationFindings.js';
import { nodeWork } from './nodeBody.js';
import { outlineOf, type Leads, type Outline } from './outlineOf.js';
import type { Store } from '../stores/Store.js';
import { snapshotOf, type PlacedChannel } from './snapshotOf.js';

export interface PlanOptions {
  /** What traces, diagrams and a graph above call it. Default `'graph'`. */
  readonly name?: string;
  /** What runs where a node has several successors. Default `'parallel'`: all. */
  readonly strategy?: Strategy;
  /** What its nodes remember beyond their threads, as `run.store`. Default: the store of the graph that this one is a node of. */
  readonly store?: Store;
  /** Where the writes of nodes with a `cache` are kept, as JSON data. Default: in memory, the 1,000 that were used last. */
  readonly cache?: CacheStore<unknown>;
  /** How threads that an older graph stored are read: what nodes and channels are called now, what became of them. */
  readonly migrate?: Migration;
}

/** A plan, and what may be wrong with it. */
export interface CompiledPlan {
  readonly plan: GraphPlan;
  readonly report: GraphReport;
}

/**
 * Makes a plan of what a builder was told: the same of the same, always.
 *
 * @throws GraphError `INVALID_GRAPH`, with everything that is wrong
 */
export function compilePlan(declaration: GraphDeclaration, { name = 'graph', strategy = 'parallel', store, cache, migrate: migration }: PlanOptions = {}): CompiledPlan {
  const outline = outlineOf(declaration);
  const { start, joins } = outline;
  const report = checkOutline(declaration, outline, strategy);
  const errors = migration ? [...report.errors, ...migrationFindings(declaration, migration)] : report.errors;
  if (errors.length > 0) throw new GraphError(errors);
  const channels = Object.entries(declaration.channels).map(([channelName, channel]): PlanChannel => ({ name: channelName, channel }));
  const names = channels.map((channel) => channel.name);
  const positions = (of: (channel: PlanChannel) => unknown): readonly number[] => channels.flatMap((channel, at) => (of(channel) ? [at] : []));
  const placed = channels.map((channel, at): PlacedChannel => ({ ...channel, at }));
  const outputs = new Set(declaration.output ?? names);
  const snapshot = snapshotOf(placed);
  const nodes = planNodes(declaration, outline);
  const caches = [...nodes.values()].some(({ policy }) => policy.cache);
  const plan: GraphPlan = {
    ...{ name, strategy, channels, nodes, snapshot, outputs, store, migration },
    cache: cache ?? (caches ? new MemoryCache() : undefined),
    position: new Map(names.map((channelName, at) => [channelName, at])),
    joins,
    start: { targets: start.targets, branches: start.branches, joins: start.joins },
    inputs: new Set(declaration.input ?? names),
    output: outputs.size === names.length ? snapshot : snapshotOf(placed.filter((channel) => outputs.has(channel.name))),
    consuming: positions(({ channel }) => channel.consume),
    clearing: positions(({ channel }) => channel.untouched),
    finishing: positions(({ channel }) => channel.finish),
  };
  return { plan: Object.freeze(plan), report };
}

function planNodes({ nodes, channels }: GraphDeclaration, outline: Outline): ReadonlyMap<string, PlanNode> {
  const planned = (node: NodeDeclaration): PlanNode => {
    const { targets, branches, joins, ends, policy } = outline.nodes.get(node.name) as Leads;
    return { name: node.name, ...nodeWork(node, channels), targets, branches, joins, ends, policy, retryDelay: policy.retry && retryDelay(policy.retry) };
  };
  return new Map(nodes.map((node) => [node.name, planned(node)]));
}
