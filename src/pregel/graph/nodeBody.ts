import { isFlow, type Flow } from '../../core/flow/flow.js';
import type { NodeDeclaration } from './GraphDeclaration.js';
import type { GraphPlan, NodeBody, PlanNode } from './GraphPlan.js';
import { resultOf } from './resultOf.js';
import { sharedWrite } from './sharedWrite.js';
import type { Channels } from './StateOf.js';

/** What a node does, and with what. */
export type NodeWork = Pick<PlanNode, 'read' | 'body' | 'subgraph'>;

/** The plan of a node that is a compiled graph. */
export function subgraphOf(node: unknown): GraphPlan | undefined {
  return isFlow(node) && 'plan' in node ? (node.plan as GraphPlan) : undefined;
}

/** Makes a node of what was declared: a flow gets what it reads, and its result becomes an update. */
export function nodeWork({ node, options: { reads, writes } }: NodeDeclaration, channels: Channels): NodeWork {
  const subgraph = subgraphOf(node);
  const read = reads === undefined ? subgraph && pickOf([...subgraph.inputs].filter((name) => name in channels)) : readOf(reads);
  if (!isFlow(node)) return { read, body: node as NodeBody, subgraph };
  const write = writes === undefined ? subgraph && sharedWrite(subgraph, channels) : (result: unknown) => ({ [writes]: result });
  const body: NodeBody = (input, run) => resultOf(node as Flow<never, unknown, unknown>, input, run, (result) => (write ?? asItIs)(result as never, input));
  return { read, body, subgraph };
}

const asItIs = (result: unknown): unknown => result;

function readOf(reads: string | readonly string[]): (snapshot: object) => unknown {
  if (typeof reads !== 'string') return pickOf(reads);
  return (snapshot) => (snapshot as Readonly<Record<string, unknown>>)[reads];
}

/** Those of an object's fields that it has. */
function pickOf(names: readonly string[]): (whole: object) => object {
  return (whole) => Object.fromEntries(names.filter((name) => name in whole).map((name) => [name, (whole as Readonly<Record<string, unknown>>)[name]]));
}
