import type { GraphDeclaration, NodeDeclaration } from './GraphDeclaration.js';
import type { Branch, Exits, Join, NodePolicy } from './GraphPlan.js';
import { END, START } from './names.js';

/** Where a node may lead, by what leads there. */
export interface Leads extends Exits {
  /** What each of its branches may say; `undefined`: any node. */
  readonly choices: readonly (readonly string[] | undefined)[];
  /** Where its commands may go. */
  readonly ends: readonly string[];
  readonly policy: NodePolicy;
}

/** A graph's structure, checked or not: names may be unknown. */
export interface Outline {
  readonly start: Leads;
  /** Of several nodes with one name, the first. */
  readonly nodes: ReadonlyMap<string, Leads>;
  readonly joins: readonly Join[];
}

/** The structure that was declared. What is said twice counts once, and a join of one node, or to END, isn't one. */
export function outlineOf(declaration: GraphDeclaration): Outline {
  const { targets, joins } = edgesBySource(declaration.edges);
  const joinsOf = new Map<string, Set<number>>();
  joins.forEach(({ from }, at) => from.forEach((name) => addTo(joinsOf, name, at)));
  const branchesOf = new Map<string, Set<Branch>>();
  for (const { from, branch } of declaration.branches) addTo(branchesOf, from, branch);

  const leads = (name: string, ends: readonly string[] | undefined, policy: NodePolicy): Leads => {
    const branches = [...(branchesOf.get(name) ?? [])];
    return {
      targets: [...(targets.get(name) ?? [])],
      joins: [...(joinsOf.get(name) ?? [])],
      branches,
      choices: branches.map(({ pathMap }) => (pathMap ? [...new Set(Object.values(pathMap))] : ends)),
      ends: ends ?? [],
      policy,
    };
  };
  const nodes = new Map<string, Leads>();
  for (const node of declaration.nodes) if (!nodes.has(node.name)) nodes.set(node.name, leads(node.name, node.options.ends, policyOf(node, declaration.defaults)));
  return { start: leads(START, undefined, {}), nodes, joins };
}

function edgesBySource(edges: GraphDeclaration['edges']): { readonly targets: ReadonlyMap<string, ReadonlySet<string>>; readonly joins: readonly Join[] } {
  const targets = new Map<string, Set<string>>();
  const joins = new Map<string, Join>();
  for (const { from, to } of edges) {
    const sources = typeof from === 'string' ? [from] : [...new Set(from)];
    const key = JSON.stringify([[...sources].sort(), to]);
    if (sources.length === 1) addTo(targets, sources[0] as string, to);
    else if (to !== END && !joins.has(key)) joins.set(key, { from: sources, to });
  }
  return { targets, joins: [...joins.values()] };
}

function addTo<V>(sets: Map<string, Set<V>>, key: string, value: V): void {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}

/** Its own options over the defaults. A handler doesn't handle itself. */
function policyOf({ name, options }: NodeDeclaration, { onError, ...defaults }: NodePolicy): NodePolicy {
  const { reads: _reads, writes: _writes, ends: _ends, ...own } = options;
  return {
    ...defaults,
    ...(onError !== undefined && onError !== name && { onError }),
    ...own,
    ...(defaults.metadata && own.metadata && { metadata: { ...defaults.metadata, ...own.metadata } }),
  };
}
