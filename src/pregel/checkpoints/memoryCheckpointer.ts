import { asyncScheduler, type Observable, type SchedulerLike } from 'rxjs';
import { pull } from '../../core/demand/pull.js';
import { requireCount, requireMs } from '../../core/errors/optionChecks.js';
import { attempt } from './attempt.js';
import { BranchExistsError } from './BranchExistsError.js';
import type {
  CheckpointHead, Checkpointer, Commit, HistoryOptions, Lease, LineAddress, PendingRow, PruneOptions, StoredCheckpoint,
} from './Checkpointer.js';
import { checkPrune } from './checkPrune.js';
import { LeaseLostError } from './LeaseLostError.js';
import { chainOf, MemoryLine } from './memory/MemoryLine.js';
import { MemoryThread } from './memory/MemoryThread.js';
import { StaleCheckpointError } from './StaleCheckpointError.js';
import { checkFormat } from './storedHead.js';
import { ThreadBusyError } from './ThreadBusyError.js';
import { UnknownCheckpointError } from './UnknownCheckpointError.js';

/** Settings of a store in memory. */
export interface MemoryCheckpointerOptions {
  /** Its clock: leases, ages. Default: the platform's, which a marble test makes virtual. */
  readonly scheduler?: SchedulerLike;
}

/** A store in memory; `bytes` says how much text it holds, as UTF-8. */
export interface MemoryCheckpointer extends Checkpointer {
  bytes(): number;
}

/**
 * Keeps checkpoints in this process, for tests, programs that end with their runs, and browsers.
 *
 * *Demand*: `history` and `threads` wait for it. *Timing*: synchronous. *Errors*: those of `Checkpointer`.
 *
 * @example
 * ```ts
 * import { memoryCheckpointer } from 'rivulet/pregel';
 *
 * const store = memoryCheckpointer();
 * store.threads({ limit: 10 }).subscribe(({ thread }) => thread);
 * ```
 */
export function memoryCheckpointer({ scheduler = asyncScheduler }: MemoryCheckpointerOptions = {}): MemoryCheckpointer {
  return new MemoryStore(scheduler);
}

class MemoryStore implements MemoryCheckpointer {
  private readonly kept = new Map<string, MemoryThread>();

  constructor(private readonly clock: SchedulerLike) {}

  acquire(thread: string, owner: string, leaseMs: number): Observable<Lease> {
    return attempt(() => {
      if (this.heldByOther(thread, owner)) throw new ThreadBusyError(thread);
      return this.lend(thread, owner, leaseMs);
    });
  }

  renew(thread: string, owner: string, leaseMs: number): Observable<Lease> {
    return attempt(() => {
      if (this.kept.get(thread)?.lease?.owner !== owner) throw new LeaseLostError(thread, owner);
      return this.lend(thread, owner, leaseMs);
    });
  }

  release(thread: string, owner: string): Observable<never> {
    return attempt(() => {
      const held = this.kept.get(thread);
      if (held?.lease?.owner !== owner) return;
      held.lease = undefined;
      if (held.lines.length === 0) this.kept.delete(thread);
    });
  }

  commit(commit: Commit, owner: string): Observable<never> {
    return attempt(() => {
      if (this.heldByOther(commit.thread, owner)) throw new LeaseLostError(commit.thread, owner);
      const at = this.kept.get(commit.thread)?.line(commit);
      if (at?.head?.head.id !== commit.parentId || at?.find(commit.id)) throw new StaleCheckpointError(commit, commit.parentId);
      const thread = this.threadOf(commit.thread);
      const line = at ?? thread.add(new MemoryLine(commit.namespace, commit.branch));
      thread.updatedAt = this.clock.now();
      line.append(commit, thread.updatedAt);
    });
  }

  putPending(at: LineAddress, checkpointId: string, rows: readonly PendingRow[]): Observable<never> {
    return attempt(() => {
      const line = this.kept.get(at.thread)?.line(at);
      if (!line) throw new UnknownCheckpointError(at, checkpointId);
      line.keepPending(checkpointId, rows);
    });
  }

  load(at: LineAddress, checkpointId: string | undefined, channels: readonly string[]): Observable<StoredCheckpoint> {
    return attempt(() => {
      const thread = this.kept.get(at.thread);
      const own = thread?.line(at);
      const placed = checkpointId === undefined ? own?.head : thread?.find(at, checkpointId);
      if (!thread || !placed) return undefined;
      const { head, position, line } = placed;
      checkFormat(head.format, head.id);
      const chains = new Map(channels.map((channel) => [channel, chainOf(line, channel, position)]));
      for (const [channel, chain] of chains) if (chain.length === 0) chains.delete(channel);
      const reader = own && thread.findWithin(own, head.id) === placed ? own : line;
      return { ...head, channels: chains, pending: [...(reader.pending.get(head.id)?.values() ?? [])] };
    });
  }

  history(at: LineAddress, options: HistoryOptions = {}): Observable<CheckpointHead> {
    return pull({ [Symbol.iterator]: () => this.heads(at, options) });
  }

  fork(at: LineAddress, checkpointId: string, branch: string): Observable<never> {
    return attempt(() => {
      const thread = this.kept.get(at.thread);
      const origin = thread?.find(at, checkpointId);
      if (!thread || !origin) throw new UnknownCheckpointError(at, checkpointId);
      if (thread.line({ ...at, branch })) throw new BranchExistsError(at.thread, branch);
      thread.add(new MemoryLine(at.namespace, branch, origin));
    });
  }

  prune(thread: string, options: PruneOptions): Observable<number> {
    return attempt(() => {
      return (checkPrune(options) && this.kept.get(thread)?.prune(options, this.clock.now())) || 0;
    });
  }

  deleteThread(thread: string): Observable<never> {
    return attempt(() => void this.kept.delete(thread));
  }

  threads({ limit = Infinity }: { readonly limit?: number } = {}): Observable<{ readonly thread: string; readonly updatedAt: number }> {
    return pull({
      [Symbol.iterator]: () => {
        requireCount('limit', limit, { min: 0, infinite: true });
        const found = [...this.kept].filter(([, { lines }]) => lines.length > 0).map(([thread, { updatedAt }]) => ({ thread, updatedAt }));
        return found.sort((a, b) => b.updatedAt - a.updatedAt).slice(0, limit)[Symbol.iterator]();
      },
    });
  }

  bytes(): number {
    const encoder = new TextEncoder();
    let total = 0;
    for (const { lines } of this.kept.values()) for (const line of lines) for (const text of line.texts()) total += encoder.encode(text).length;
    return total;
  }

  private *heads(at: LineAddress, options: HistoryOptions): Generator<CheckpointHead> {
    requireCount('limit', options.limit ?? Infinity, { min: 0, infinite: true });
    const thread = this.kept.get(at.thread);
    const line = thread?.line(at);
    const start = options.before === undefined ? undefined : thread?.findWithin(line, options.before);
    if (options.before !== undefined && !start) throw new UnknownCheckpointError(at, options.before);
    if (!thread || !line) return;
    for (const { head } of thread.history(line, start?.position ?? Infinity, options)) {
      checkFormat(head.format, head.id);
      yield head;
    }
  }

  private heldByOther(thread: string, owner: string): boolean {
    const lease = this.kept.get(thread)?.lease;
    return lease !== undefined && lease.owner !== owner && lease.expiresAt > this.clock.now();
  }

  private lend(thread: string, owner: string, leaseMs: number): Lease {
    const lease = Object.freeze({ thread, owner, expiresAt: this.clock.now() + requireMs('leaseMs', leaseMs) });
    this.threadOf(thread).lease = lease;
    return lease;
  }

  private threadOf(name: string): MemoryThread {
    let thread = this.kept.get(name);
    if (!thread) this.kept.set(name, (thread = new MemoryThread()));
    return thread;
  }
}
