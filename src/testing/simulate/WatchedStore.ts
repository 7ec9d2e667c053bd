import { defer, tap, type Observable } from 'rxjs';
import type { Checkpointer, Commit, LineAddress, PendingRow, StoredCheckpoint } from '../../pregel/checkpoints/Checkpointer.js';
import { AroundStore } from './AroundStore.js';
import type { World } from './World.js';

/** The process that is told. */
export interface StoreReader {
  readonly world: World;
  /** When it read the store last. */
  loadedAt: number;
}

/** What a process was told by its store: it may rely on that from then on. */
export class WatchedStore extends AroundStore {
  constructor(
    store: Checkpointer,
    private readonly process: StoreReader,
  ) {
    super(store);
  }

  override commit(commit: Commit, owner: string): Observable<never> {
    return super.commit(commit, owner).pipe(tap({ complete: () => this.process.world.acknowledged(commit) }));
  }

  override putPending(at: LineAddress, checkpointId: string, rows: readonly PendingRow[]): Observable<never> {
    const { process } = this;
    return defer(() => {
      const { loadedAt } = process;
      return super.putPending(at, checkpointId, rows).pipe(tap({ complete: () => process.world.kept(rows, loadedAt) }));
    });
  }

  override load(at: LineAddress, checkpointId: string | undefined, channels: readonly string[]): Observable<StoredCheckpoint> {
    return defer(() => {
      this.process.loadedAt = this.process.world.tick();
      return super.load(at, checkpointId, channels);
    });
  }

  protected around<T>(_operation: keyof Checkpointer, work: Observable<T>): Observable<T> {
    return work;
  }
}
