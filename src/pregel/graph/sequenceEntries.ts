import type { Fold } from '../../core/flow/fold.js';
import type { EdgeDeclaration, NodeDeclaration } from './GraphDeclaration.js';
import type { CommandTargets, NodeFunction, NodeOutput, NodeResult } from './NodeFunction.js';
import type { NodeOptions } from './NodeOptions.js';
import type { StateOf, StateSpec, UpdateOf } from './StateOf.js';

/** A flow as it looks to a sequence: without its call signature, which would hide a callback's. */
interface FlowOnState<I, R> {
  readonly fold: Fold<never, R>;
  run(input: I): unknown;
}

/** A node's name, the node, which runs on the state, and how it is run. */
export type SequenceEntry<T extends StateSpec> = readonly [
  name: string,
  node: NodeFunction<StateOf<T>, NodeResult<UpdateOf<T>>> | FlowOnState<StateOf<T>, NodeOutput<UpdateOf<T>>>,
  options?: NodeOptions<StateOf<T>>,
];

type Entry = readonly [string, unknown, unknown?];

/** What each node of a sequence may be sent: what it runs on. */
export type SequenceArgs<L extends readonly Entry[]> = { readonly [One in L[number] as One[0]]: InputOfNode<One[1]> };

type InputOfNode<F> = F extends { run(input: infer I): unknown; readonly fold: unknown } ? I : F extends (input: infer A, ...rest: never) => unknown ? A : unknown;

/** The names of a sequence's nodes. */
export type SequenceNames<L extends readonly Entry[]> = L[number][0];

/** Where the commands of a sequence's nodes go. */
export type SequenceTargets<L extends readonly Entry[]> = L[number][1] extends infer F ? (F extends (...args: never) => infer R ? CommandTargets<R> : never) : never;

/** The nodes of a sequence, and the edges between them. */
export function sequenceEntries(entries: readonly Entry[]): { readonly nodes: readonly NodeDeclaration[]; readonly edges: readonly EdgeDeclaration[] } {
  const nodes = entries.map(([name, node, options = {}]): NodeDeclaration => ({ name, node, options: options as NodeDeclaration['options'] }));
  const edges = nodes.slice(1).map(({ name }, at): EdgeDeclaration => ({ from: nodes[at]?.name ?? '', to: name }));
  return { nodes, edges };
}
