import type { Subscriber } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { askCache } from '../../core/flow/askCache.js';
import type { CacheStore } from '../../core/flow/CacheStore.js';
import { canonicalJson } from '../../core/flow/canonicalJson.js';
import { StoredError } from '../checkpoints/StoredError.js';
import { isCommand } from '../graph/command.js';
import type { GraphPlan, NodeCache, PlanNode } from '../graph/GraphPlan.js';
import { isStoredWrite, nodeWritesFromJson, nodeWritesToJson } from './nodeWritesJson.js';
import { writesOf, type NodeWrite } from './writesOf.js';

/** What a cache knows of one task: its node's writes for its input. A cache that fails is no reason for a task to: that is a `late_error`. */
export class CachedWrites {
  private key: string | undefined;

  private constructor(
    private readonly plan: GraphPlan,
    private readonly node: PlanNode,
    private readonly policy: NodeCache,
    private readonly cache: CacheStore<unknown>,
  ) {}

  /** For a task of a node that has a cache. */
  static of(plan: GraphPlan, node: PlanNode): CachedWrites | undefined {
    const { cache: policy } = node.policy;
    return policy && plan.cache ? new CachedWrites(plan, node, policy, plan.cache) : undefined;
  }

  /**
   * Goes on with what is kept for the input, if anything is.
   *
   * @throws RivuletError `INVALID_OPTION` for an input that has no key; what the node's `key` throws
   */
  find(input: unknown, subscriber: Subscriber<never>, run: RunContext, then: (writes: readonly NodeWrite[] | undefined) => void): void {
    const key = (this.key = this.keyOf(input));
    askCache(() => this.cache.get(key, run), subscriber, run, (kept) => then(kept && this.decoded(kept, run)));
  }

  /** Keeps what the task wrote, and goes on. */
  keep(writes: readonly NodeWrite[], subscriber: Subscriber<never>, run: RunContext, then: () => void): void {
    const { key, plan, cache, policy } = this;
    if (key === undefined || writes.some((write) => this.isUntracked(write))) return then();
    askCache(() => cache.set(key, JSON.parse(nodeWritesToJson(plan, writes)) as readonly unknown[], policy.ttlMs, run), subscriber, run, then);
  }

  private keyOf(input: unknown): string {
    const key: unknown = (this.policy.key ?? canonicalJson)(input as never);
    if (typeof key === 'string') return JSON.stringify([this.plan.name, this.node.name, key]);
    throw new RivuletError('INVALID_OPTION', `the cache key of node '${this.node.name}' is ${typeof key}. Its key callback must return a string`);
  }

  /** What was kept by another version of the graph, or by something else, is as good as nothing. */
  private decoded(kept: readonly unknown[], run: RunContext): readonly NodeWrite[] | undefined {
    try {
      if (!kept.every(isStoredWrite)) throw new StoredError('STORED_INVALID', `the cache of node '${this.node.name}' has something that no node wrote`);
      return writesOf(this.plan, this.node.name, nodeWritesFromJson(kept));
    } catch (error) {
      run.tell({ type: 'late_error', error });
      return undefined;
    }
  }

  /** Whether there is something in it that is never stored: without that a hit would not be the same. */
  private isUntracked(write: NodeWrite): boolean {
    const update = isCommand(write) ? (write.update as object | undefined) : write;
    const { channels, position } = this.plan;
    return Object.keys(update ?? {}).some((name) => channels[position.get(name) ?? -1]?.channel.untracked);
  }
}
