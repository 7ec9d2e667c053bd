import type { Channel } from '../../channels/Channel.js';
import type { RunScope } from '../../core/context/RunScope.js';
import type { CacheStore } from '../../core/flow/CacheStore.js';
import type { RetryDelay, RetryPolicy } from '../../core/flow/retryDelay.js';
import type { Store } from '../stores/Store.js';
import type { Migration } from './Migration.js';

/** A node's body: gets its input, returns updates, commands, a list of both, nothing, or a stream of them. */
export type NodeBody = (input: never, run: RunScope) => unknown;

/** A routing function, and where its results lead if they aren't nodes' names. */
export interface Branch {
  readonly route: (state: never, run: RunScope) => unknown;
  readonly pathMap: Readonly<Record<string, string>> | undefined;
}

export interface NodeTimeout {
  /** Of each attempt. */
  readonly runMs?: number;
  /** Without an emission or a heartbeat. */
  readonly idleMs?: number;
}

/** That a node's writes are used again for the same input. */
export interface NodeCache {
  /** What makes two inputs the same. Default: their JSON. */
  readonly key?: (input: never) => string;
  /** How long they may be used, on the run's scheduler. Default: as long as the cache has them. */
  readonly ttlMs?: number;
}

export interface NodePolicy {
  readonly retry?: RetryPolicy;
  readonly timeout?: NodeTimeout;
  readonly cache?: NodeCache;
  /** Waits until nothing else is due. */
  readonly defer?: boolean;
  /** The node that gets `{ input, error }` after the last attempt, in the same superstep. */
  readonly onError?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Where a node leads. */
export interface Exits {
  readonly targets: readonly string[];
  readonly branches: readonly Branch[];
  /** The joins it takes part in, by position. */
  readonly joins: readonly number[];
}

/**
 * What runs where a node's edges and branches lead to several nodes: all, one, or none until somebody says which, by resuming with a
 * name or with `command({ goto })`. Sends all run, and a command's `goto` has chosen already.
 */
export type Strategy = 'parallel' | 'pickFirst' | 'pickLast' | 'stopAtBranch';

export interface PlanNode extends Exits {
  readonly name: string;
  /** What it gets of the state; default: all. What a `send` gives it, it gets as it is. */
  readonly read: ((snapshot: object) => unknown) | undefined;
  readonly body: NodeBody;
  readonly policy: NodePolicy;
  /** Of `policy.retry`. */
  readonly retryDelay: RetryDelay | undefined;
  /** Where its commands may go. */
  readonly ends: readonly string[];
  /** The plan of the graph that it is. */
  readonly subgraph: GraphPlan | undefined;
}

/** `to` runs once when each of `from` has run. */
export interface Join {
  readonly from: readonly string[];
  readonly to: string;
}

export interface PlanChannel {
  readonly name: string;
  readonly channel: Channel<unknown, unknown>;
}

/** A compiled graph: triggers to nodes, channels by position. It holds declarations only, and no run's state. */
export interface GraphPlan {
  readonly name: string;
  readonly channels: readonly PlanChannel[];
  readonly position: ReadonlyMap<string, number>;
  readonly nodes: ReadonlyMap<string, PlanNode>;
  readonly joins: readonly Join[];
  readonly start: Exits;
  /** The channels that a run may be given, and those it returns. */
  readonly inputs: ReadonlySet<string>;
  readonly outputs: ReadonlySet<string>;
  readonly strategy: Strategy;
  /** What its nodes have as `run.store`; default: that of the graph around it. */
  readonly store: Store | undefined;
  /** Where the writes of its nodes are kept that have a cache. */
  readonly cache: CacheStore<unknown> | undefined;
  /** How threads of an older graph are read. */
  readonly migration: Migration | undefined;
  /** What a node reads of the channels' states. */
  readonly snapshot: (states: readonly unknown[]) => object;
  /** What a run returns of them: its output channels. */
  readonly output: (states: readonly unknown[]) => object;
  /** Which channels change when they were read for a superstep, when one doesn't write them, and when nothing else is due. */
  readonly consuming: readonly number[];
  readonly clearing: readonly number[];
  readonly finishing: readonly number[];
}

