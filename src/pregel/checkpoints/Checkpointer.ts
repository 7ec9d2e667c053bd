import type { Observable } from 'rxjs';

/** The version of what the engine stores in a commit. A newer one is refused when read; an older one the engine migrates. */
export const CHECKPOINT_FORMAT = 1;

/** A lane of a thread's history: the root graph's is `''`, a subgraph's the path of the task it runs in. */
export interface LineAddress {
  readonly thread: string;
  readonly namespace: string;
  readonly branch: string;
}

/** Where a commit came from. */
export type CheckpointSource = 'input' | 'loop' | 'update' | 'fork';

export interface CheckpointMetadata {
  readonly source: CheckpointSource;
  readonly step: number;
  readonly runId: string;
  readonly traceId: string;
}

/** What a channel's state is stored as: all of it, or the writes of one superstep on top of what was there. */
export interface ChannelEntry {
  readonly channel: string;
  readonly kind: 'snapshot' | 'delta';
  readonly json: string;
}

/** One superstep's outcome. `body` is the engine's: due tasks, joins and the shape of the graph, as JSON. */
export interface Commit extends LineAddress {
  readonly format: number;
  readonly id: string;
  /** The head this was made on; `undefined` for the first of its branch. */
  readonly parentId: string | undefined;
  readonly step: number;
  /** Milliseconds on the run's scheduler. */
  readonly createdAt: number;
  readonly metadata: CheckpointMetadata;
  readonly body: string;
  /** Of the channels that changed, one each, and no others. */
  readonly entries: readonly ChannelEntry[];
}

/** A commit without its entries. Its `branch` is the one it was made on, also where a fork of that leads to it. */
export type CheckpointHead = Omit<Commit, 'entries'>;

/** Work of a checkpoint's tasks that isn't in a commit yet: `key` says what of (`writes`, `open:ID`, `answer:ID`, `once:KEY`). */
export interface PendingRow {
  readonly taskId: string;
  readonly key: string;
  readonly json: string;
}

/** A checkpoint as stored. */
export interface StoredCheckpoint extends CheckpointHead {
  /** Each channel's last snapshot, if it has one, and the deltas since, oldest first; no channel that was never written. */
  readonly channels: ReadonlyMap<string, readonly ChannelEntry[]>;
  /** In the order they came. */
  readonly pending: readonly PendingRow[];
}

export interface HistoryOptions {
  /** At most so many, newest first. Default: all. */
  readonly limit?: number;
  /** Only those older than this checkpoint of the branch's history. Errors: `UNKNOWN_CHECKPOINT`. */
  readonly before?: string;
  readonly source?: CheckpointSource;
}

export interface Lease {
  readonly thread: string;
  readonly owner: string;
  /** On the store's own clock. */
  readonly expiresAt: number;
}

export interface PruneOptions {
  /** Keeps the last so many commits in the history of each branch, the heads in any case. */
  readonly keepLast?: number;
  /** Keeps what is younger, on the store's clock. With both, it keeps what either keeps; with neither, everything. */
  readonly maxAgeMs?: number;
}

/**
 * Where checkpoints are kept. Every method is cold: it does its work when subscribed to, once, emits at most what it says, and
 * completes; a synchronous store completes synchronously. Stored text is JSON that the engine wrote: a store never looks
 * into it. Ids are any strings. `checkpointerConformance` of `rivulet/testing` holds a store to all of this.
 *
 * *Errors*, of every method: `STORE_FAILED` when the store can't, and then it holds what it held before; `STORED_INVALID` for
 * what it can't read; `STORED_NEWER` for what a newer version wrote.
 */
export interface Checkpointer {
  /**
   * Takes the lease of a thread for `owner`, who may hold it already, or takes it over once it has expired.
   * Errors: `THREAD_BUSY`.
   */
  acquire(thread: string, owner: string, leaseMs: number): Observable<Lease>;
  /** Holds on to a lease, also to one that has expired if nobody took it over. Errors: `LEASE_LOST`. */
  renew(thread: string, owner: string, leaseMs: number): Observable<Lease>;
  /** Gives the lease back; one that is lost already is no error. */
  release(thread: string, owner: string): Observable<never>;
  /**
   * Stores a superstep in one transaction, if `parentId` is the head of its branch, which then is `id`; else nothing is written.
   * The branch's pending rows go with it, but for those under `id`. A branch that isn't there begins with a commit without a parent.
   * Errors: `LEASE_LOST` when another owner holds the lease, which is looked at first; `STALE_CHECKPOINT`, also for an `id` that
   * the branch has already: so a commit whose outcome is unknown may be made again, and is never made twice.
   */
  commit(commit: Commit, owner: string): Observable<never>;
  /**
   * Keeps a task's work under a checkpoint of a branch, until the branch's next commit; a row that is there already stays as it is.
   * Forks have their own. Errors: `UNKNOWN_CHECKPOINT` when there is no such branch.
   */
  putPending(at: LineAddress, checkpointId: string, rows: readonly PendingRow[]): Observable<never>;
  /**
   * The head of a branch, or the checkpoint with this id, from the branch's history or else from another branch: emits one, or none.
   * Its cost grows with what it emits, not with the history.
   * @param channels whose entries are wanted
   */
  load(at: LineAddress, checkpointId: string | undefined, channels: readonly string[]): Observable<StoredCheckpoint>;
  /** Newest first, from the head of the branch back through the branches it was forked from. */
  history(at: LineAddress, options?: HistoryOptions): Observable<CheckpointHead>;
  /** Makes a branch whose head is a checkpoint that is there, without its pending rows. Errors: `UNKNOWN_CHECKPOINT`, `BRANCH_EXISTS`. */
  fork(at: LineAddress, checkpointId: string, branch: string): Observable<never>;
  /** Removes old checkpoints, and of their entries all but what those that stay are made of. Emits how many. */
  prune(thread: string, options: PruneOptions): Observable<number>;
  /** Removes a thread in all namespaces and branches, its lease too, and nobody else's. */
  deleteThread(thread: string): Observable<never>;
  /** The threads there are, newest commit first, on the store's clock. They are read at once: give a limit. */
  threads(options?: { readonly limit?: number }): Observable<{ readonly thread: string; readonly updatedAt: number }>;
}
