import type { Observable } from 'rxjs';
import type { Checkpointer, CheckpointHead, Commit, HistoryOptions, Lease, LineAddress, PendingRow, PruneOptions, StoredCheckpoint } from '../../pregel/checkpoints/Checkpointer.js';

/** A store whose every operation goes through `around`. */
export abstract class AroundStore implements Checkpointer {
  constructor(protected readonly inner: Checkpointer) {}

  /** @param work does it when it is subscribed to */
  protected abstract around<T>(operation: keyof Checkpointer, work: Observable<T>): Observable<T>;

  acquire(thread: string, owner: string, leaseMs: number): Observable<Lease> {
    return this.around('acquire', this.inner.acquire(thread, owner, leaseMs));
  }
  renew(thread: string, owner: string, leaseMs: number): Observable<Lease> {
    return this.around('renew', this.inner.renew(thread, owner, leaseMs));
  }
  release(thread: string, owner: string): Observable<never> {
    return this.around('release', this.inner.release(thread, owner));
  }
  commit(commit: Commit, owner: string): Observable<never> {
    return this.around('commit', this.inner.commit(commit, owner));
  }
  putPending(at: LineAddress, checkpointId: string, rows: readonly PendingRow[]): Observable<never> {
    return this.around('putPending', this.inner.putPending(at, checkpointId, rows));
  }
  load(at: LineAddress, checkpointId: string | undefined, channels: readonly string[]): Observable<StoredCheckpoint> {
    return this.around('load', this.inner.load(at, checkpointId, channels));
  }
  history(at: LineAddress, options?: HistoryOptions): Observable<CheckpointHead> {
    return this.around('history', this.inner.history(at, options));
  }
  fork(at: LineAddress, checkpointId: string, branch: string): Observable<never> {
    return this.around('fork', this.inner.fork(at, checkpointId, branch));
  }
  prune(thread: string, options: PruneOptions): Observable<number> {
    return this.around('prune', this.inner.prune(thread, options));
  }
  deleteThread(thread: string): Observable<never> {
    return this.around('deleteThread', this.inner.deleteThread(thread));
  }
  threads(options?: { readonly limit?: number }): Observable<{ readonly thread: string; readonly updatedAt: number }> {
    return this.around('threads', this.inner.threads(options));
  }
}
