import { endlessCycles } from './endlessCycles.js';
import { edgeFindings } from './edgeFindings.js';
import type { GraphDeclaration } from './GraphDeclaration.js';
import type { Finding } from './GraphError.js';
import type { Strategy } from './GraphPlan.js';
import { nameFindings } from './nameFindings.js';
import { optionFindings } from './optionFindings.js';
import { outlineOf, type Outline } from './outlineOf.js';
import { reachableNodes } from './reachableNodes.js';

/** What a look at a whole graph finds. */
export interface GraphReport {
  /** It can't be compiled with these. */
  readonly errors: readonly Finding[];
  /** It can, but is unlikely to do what is meant. */
  readonly warnings: readonly Finding[];
}

/** All that is wrong with a graph, and what may be. */
export function checkGraph(declaration: GraphDeclaration, strategy?: Strategy): GraphReport {
  return checkOutline(declaration, outlineOf(declaration), strategy);
}

/** As `checkGraph`, of an outline made already. */
export function checkOutline(declaration: GraphDeclaration, outline: Outline, strategy?: Strategy): GraphReport {
  const reached = reachableNodes(outline);
  const errors = [...nameFindings(declaration), ...edgeFindings(declaration), ...optionFindings(declaration), ...entryFindings(outline, reached)];
  const warnings = errors.length === 0 ? endlessCycles(outline, reached, strategy).map(endless) : [];
  return { errors, warnings };
}

function entryFindings({ start, nodes }: Outline, reached: ReadonlySet<string>): readonly Finding[] {
  if (start.targets.length === 0 && start.branches.length === 0) {
    return [{ code: 'no_entry', message: 'Nothing leads from START, so no node would ever run: add addEdge(START, …) to the first.' }];
  }
  const unreached = [...nodes.keys()].filter((name) => !reached.has(name));
  return unreached.map((node) => ({
    code: 'unreachable_node',
    node,
    message: `Nothing leads to node '${node}': add an edge to it, name it in a pathMap, or in the 'ends' of the node whose command goes there.`,
  }));
}

function endless(cycle: readonly string[]): Finding {
  const [node = ''] = cycle;
  const which = cycle.length === 1 ? `Node '${node}' always leads back to itself` : `Nodes ${cycle.map((name) => `'${name}'`).join(', ')} always lead back to one another`;
  return { code: 'endless_cycle', node, message: `${which}, until an interrupt, an error or the recursion limit ends the run: an edge is always taken, whatever a branch beside it says. Replace one by a conditional edge that may lead out.` };
}
