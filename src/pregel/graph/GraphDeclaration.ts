import type { Branch, NodePolicy } from './GraphPlan.js';
import type { FlowNodeOptions } from './NodeOptions.js';
import type { Channels } from './StateOf.js';

/** A node as it was added: a callback, a flow or a compiled graph. */
export interface NodeDeclaration {
  readonly name: string;
  readonly node: unknown;
  readonly options: FlowNodeOptions<string | readonly string[], string>;
}

export interface EdgeDeclaration {
  /** A list: runs once when all of them have run. */
  readonly from: string | readonly string[];
  readonly to: string;
}

export interface BranchDeclaration {
  readonly from: string;
  readonly branch: Branch;
}

/** What a builder was told, in order and unchecked. */
export interface GraphDeclaration {
  readonly channels: Channels;
  /** Which channels may be given, and which are returned; `undefined`: all. */
  readonly input: readonly string[] | undefined;
  readonly output: readonly string[] | undefined;
  readonly nodes: readonly NodeDeclaration[];
  readonly edges: readonly EdgeDeclaration[];
  readonly branches: readonly BranchDeclaration[];
  /** For nodes that don't say otherwise. */
  readonly defaults: NodePolicy;
}
