import type { RunScope } from '../../core/context/RunScope.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { isCommand } from '../graph/command.js';
import type { Branch, Exits, GraphPlan, Strategy } from '../graph/GraphPlan.js';
import { END } from '../graph/names.js';
import { nearestName } from '../../core/errors/nearestName.js';
import { isSend, type Send } from '../graph/send.js';
import type { NodeWrite } from './writesOf.js';

/** Where a superstep leads: nodes, each once, and sends in the order they were emitted. */
export interface Routes {
  readonly nodes: Set<string>;
  readonly sends: Send[];
  /** Joins that a task took part in. */
  readonly arrivals: [join: number, node: string][];
  /** Nodes of which somebody is to choose one. */
  readonly choice: string[];
}

/** Adds where one finished task leads: its edges, its branches, and what its commands say. All of them count, unless the graph's strategy picks. */
export function route(plan: GraphPlan, from: string, exits: Exits, writes: readonly NodeWrite[], state: () => object, run: RunScope, routes: Routes): void {
  const picks = plan.strategy !== 'parallel';
  const own = picks ? { ...routes, nodes: new Set<string>() } : routes;
  for (const target of exits.targets) if (target !== END) own.nodes.add(target);
  for (const join of exits.joins) routes.arrivals.push([join, from]);
  for (const branch of exits.branches) take(plan, from, branchResult(from, branch, state(), run), branch.pathMap, own);
  let led = false;
  for (const write of writes) {
    if (!isCommand(write) || write.graph || write.goto === undefined) continue;
    take(plan, from, write.goto, undefined, routes);
    led = true;
  }
  if (picks && !led) pick(plan.strategy, [...own.nodes], routes); // a command has picked already
}

function pick(strategy: Strategy, successors: readonly string[], { nodes, choice }: Routes): void {
  const picked = strategy === 'pickFirst' ? successors.slice(0, 1) : strategy === 'pickLast' ? successors.slice(-1) : successors;
  for (const name of picked) nodes.add(name);
  if (picked.length > 1) choice.push(...picked);
}

function branchResult(from: string, branch: Branch, state: object, run: RunScope): unknown {
  const result = branch.route(state as never, run);
  if (result !== undefined && result !== null) return result;
  throw new RivuletError('INVALID_ROUTE', `the routing function of '${from}' returned ${String(result)}. Return a node's name, END, a send, or a list of them`, { path: [from] });
}

function take(plan: GraphPlan, from: string, target: unknown, pathMap: Branch['pathMap'], routes: Routes): void {
  if (Array.isArray(target)) return target.forEach((one: unknown) => take(plan, from, one, pathMap, routes));
  if (isSend(target)) {
    requireNode(plan, from, target.node);
    routes.sends.push(target);
    return;
  }
  const name = pathMap && Object.hasOwn(pathMap, String(target)) ? pathMap[String(target)] : target;
  if (name === END) return;
  requireNode(plan, from, name);
  routes.nodes.add(name);
}

function requireNode(plan: GraphPlan, from: string, name: unknown): asserts name is string {
  if (typeof name === 'string' && plan.nodes.has(name)) return;
  const meant = typeof name === 'string' ? nearestName(name, [...plan.nodes.keys()]) : undefined;
  throw new RivuletError('INVALID_ROUTE', `'${from}' leads to ${JSON.stringify(name)}, which is no node.${meant ? ` Did you mean '${meant}'?` : ''} The nodes are ${[...plan.nodes.keys()].join(', ')}`, { path: [from] });
}
