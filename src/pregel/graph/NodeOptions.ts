import type { NodeCache, NodePolicy } from './GraphPlan.js';

/** How a node is run. `I`: what it takes; `E`: the nodes that it names. */
export interface NodeOptions<I = never, E extends string = string> extends Omit<NodePolicy, 'cache' | 'onError'> {
  readonly cache?: Omit<NodeCache, 'key'> & { readonly key?: (input: I) => string };
  /** The node that gets `{ input, error }` after the last attempt, in the same superstep. */
  readonly onError?: E;
  /** Where its commands may go, so that it is known what can be reached. */
  readonly ends?: readonly E[];
}

/** How a flow is run as a node. `K`: what it reads; `W`: what it writes. */
export interface FlowNodeOptions<K, W, I = never, E extends string = string> extends NodeOptions<I, E> {
  /** The channel whose value is the flow's input, or several, given as an object. Default: the whole state. */
  readonly reads?: K;
  /** The channel that the flow's result is written to. Default: the result is the update. */
  readonly writes?: W;
}
