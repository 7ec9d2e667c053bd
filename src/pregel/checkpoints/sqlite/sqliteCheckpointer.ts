import Database from 'libsql';
import { asyncScheduler, type Observable, type SchedulerLike } from 'rxjs';
import { pull } from '../../../core/demand/pull.js';
import { requireCount, requireMs } from '../../../core/errors/optionChecks.js';
import { attempt } from '../attempt.js';
import { BranchExistsError } from '../BranchExistsError.js';
import type {
  CheckpointHead, Checkpointer, Commit, HistoryOptions, Lease, LineAddress, PendingRow, PruneOptions, StoredCheckpoint,
} from '../Checkpointer.js';
import { checkPrune } from '../checkPrune.js';
import { LeaseLostError } from '../LeaseLostError.js';
import { StaleCheckpointError } from '../StaleCheckpointError.js';
import { storedHead, storedId, storedNumber, storedText } from '../storedHead.js';
import { storedKey } from '../storedKey.js';
import { ThreadBusyError } from '../ThreadBusyError.js';
import { UnknownCheckpointError } from '../UnknownCheckpointError.js';
import { SqliteConnection } from './SqliteConnection.js';
import type { SqliteDatabase } from './SqliteDatabase.js';
import { isDuplicate } from './sqliteError.js';
import { SqliteLines, type Place } from './SqliteLines.js';
import { pruneSqlite } from './pruneSqlite.js';

/** Settings of a store in a SQLite file. */
export interface SqliteCheckpointerOptions {
  /** How long to wait for another process that is writing; the whole program waits. Default: 5,000. */
  readonly busyTimeoutMs?: number;
  /** Its clock: leases, ages. Default: the platform's, the same for all processes of a machine. */
  readonly scheduler?: SchedulerLike;
}

/** A store in a SQLite file; `close` it after the last run. A database that was handed in stays open. */
export interface SqliteCheckpointer extends Checkpointer {
  close(): void;
}

/**
 * Keeps checkpoints in a SQLite file, for programs on one machine: several processes may share it. Every commit is on the disk when it
 * completes (WAL, `synchronous = FULL`). The file is opened, and its tables made, at first use.
 *
 * *Demand*: `history` waits for it. *Timing*: synchronous. *Errors*: those of `Checkpointer`.
 *
 * @example
 * ```ts
 * import { sqliteCheckpointer } from 'rivulet/sqlite';
 *
 * const store = sqliteCheckpointer(':memory:');
 * store.threads({ limit: 10 }).subscribe(({ thread }) => thread);
 * store.close();
 * ```
 *
 * @param database a path, or a database of libsql or better-sqlite3, on which WAL, `synchronous` and `busy_timeout` are set
 */
export function sqliteCheckpointer(
  database: string | SqliteDatabase,
  { busyTimeoutMs = 5_000, scheduler = asyncScheduler }: SqliteCheckpointerOptions = {},
): SqliteCheckpointer {
  requireMs('busyTimeoutMs', busyTimeoutMs);
  const owned = typeof database === 'string';
  return new SqliteStore(new SqliteConnection(() => (owned ? new Database(database) : database), Math.ceil(busyTimeoutMs), owned), scheduler);
}

const HISTORY_PAGE = 64;

class SqliteStore implements SqliteCheckpointer {
  private readonly lines: SqliteLines;

  constructor(
    private readonly database: SqliteConnection,
    private readonly clock: SchedulerLike,
  ) {
    this.lines = new SqliteLines(database);
  }

  close(): void {
    this.database.close();
  }

  acquire(thread: string, owner: string, leaseMs: number): Observable<Lease> {
    return this.writing(() => {
      if (this.heldByOther(thread, owner)) throw new ThreadBusyError(thread);
      return this.lend(thread, owner, leaseMs);
    });
  }

  renew(thread: string, owner: string, leaseMs: number): Observable<Lease> {
    return this.writing(() => {
      const held = this.database.one('SELECT owner FROM rivulet_lease WHERE thread = ?', storedKey(thread));
      if (held?.['owner'] !== storedKey(owner)) throw new LeaseLostError(thread, owner);
      return this.lend(thread, owner, leaseMs);
    });
  }

  release(thread: string, owner: string): Observable<never> {
    return this.writing(() => void this.database.run('DELETE FROM rivulet_lease WHERE thread = ? AND owner = ?', storedKey(thread), storedKey(owner)));
  }

  commit(commit: Commit, owner: string): Observable<never> {
    return this.writing(() => {
      if (this.heldByOther(commit.thread, owner)) throw new LeaseLostError(commit.thread, owner);
      const { line, position } = this.advance(commit);
      this.insertCheckpoint(line, position, commit);
      for (const { channel, kind, json } of commit.entries) {
        this.database.run('INSERT INTO rivulet_entry VALUES (?, ?, ?, ?, ?)', line, storedKey(channel), position, kind === 'snapshot' ? 1 : 0, json);
      }
      this.database.run('DELETE FROM rivulet_pending WHERE line = ? AND checkpoint <> ?', line, storedKey(commit.id));
    });
  }

  putPending(at: LineAddress, checkpointId: string, rows: readonly PendingRow[]): Observable<never> {
    return this.writing(() => {
      const line = this.lines.line(at);
      if (!line) throw new UnknownCheckpointError(at, checkpointId);
      for (const { taskId, key, json } of rows) {
        this.database.run('INSERT OR IGNORE INTO rivulet_pending VALUES (?, ?, ?, ?, ?)', line['id'], storedKey(checkpointId), storedKey(taskId), storedKey(key), json);
      }
    });
  }

  load(at: LineAddress, checkpointId: string | undefined, channels: readonly string[]): Observable<StoredCheckpoint> {
    return this.reading(() => {
      const own = this.lines.line(at);
      if (checkpointId === undefined) return own && this.loadAt(at, this.lines.head(own), own['id'], channels);
      const within = own && this.lines.within(this.lines.stretches(own), checkpointId);
      const place = within ?? this.lines.anywhere(at, checkpointId);
      return place && this.loadAt(at, place, within ? own?.['id'] : place.stretches[0]?.line, channels);
    });
  }

  history(at: LineAddress, options: HistoryOptions = {}): Observable<CheckpointHead> {
    return pull({ [Symbol.iterator]: () => this.heads(at, options) });
  }

  fork(at: LineAddress, checkpointId: string, branch: string): Observable<never> {
    return this.writing(() => {
      const place = this.find(at, checkpointId);
      if (!place) throw new UnknownCheckpointError(at, checkpointId);
      if (this.lines.line({ ...at, branch })) throw new BranchExistsError(at.thread, branch);
      this.insertLine({ ...at, branch }, checkpointId, place.position, place.stretches[0]?.line);
    });
  }

  prune(thread: string, options: PruneOptions): Observable<number> {
    return this.writing(() => (checkPrune(options) ? pruneSqlite(this.database, storedKey(thread), options, this.clock.now()) : 0));
  }

  deleteThread(thread: string): Observable<never> {
    return this.writing(() => {
      const key = storedKey(thread);
      for (const table of ['checkpoint', 'entry', 'pending']) {
        this.database.run(`DELETE FROM rivulet_${table} WHERE line IN (SELECT id FROM rivulet_line WHERE thread = ?)`, key);
      }
      for (const table of ['line', 'lease']) this.database.run(`DELETE FROM rivulet_${table} WHERE thread = ?`, key);
    });
  }

  threads({ limit }: { readonly limit?: number } = {}): Observable<{ readonly thread: string; readonly updatedAt: number }> {
    return pull({
      [Symbol.iterator]: () => {
        const rows = this.database.read(() => {
          return this.database.all('SELECT thread, max(updated_at) AS updated_at FROM rivulet_line GROUP BY thread ORDER BY 2 DESC LIMIT ?', atMost(limit, -1));
        });
        return rows.map((row) => ({ thread: storedId(row, 'thread'), updatedAt: storedNumber(row, 'updated_at') }))[Symbol.iterator]();
      },
    });
  }

  private writing<T>(work: () => T): Observable<Exclude<T, undefined | void>> {
    return attempt(() => this.database.write(work));
  }

  private reading<T>(work: () => T): Observable<Exclude<T, undefined | void>> {
    return attempt(() => this.database.read(work));
  }

  private heldByOther(thread: string, owner: string): boolean {
    const held = this.database.one('SELECT owner FROM rivulet_lease WHERE thread = ? AND expires_at > ?', storedKey(thread), this.clock.now());
    return held !== undefined && held['owner'] !== storedKey(owner);
  }

  private lend(thread: string, owner: string, leaseMs: number): Lease {
    const expiresAt = this.clock.now() + requireMs('leaseMs', leaseMs);
    this.database.run('INSERT OR REPLACE INTO rivulet_lease VALUES (?, ?, ?)', storedKey(thread), storedKey(owner), expiresAt);
    return { thread, owner, expiresAt };
  }

  /** The fence: moves the head of the branch on from the commit's parent, and from nothing else. */
  private advance(commit: Commit): { readonly line: number; readonly position: number } {
    const row = this.lines.line(commit);
    if ((row && storedId(row, 'head')) !== commit.parentId) throw new StaleCheckpointError(commit, commit.parentId);
    if (!row) return { line: this.insertLine(commit, commit.id, 1, undefined), position: 1 };
    const line = storedNumber(row, 'id');
    const position = storedNumber(row, 'position') + 1;
    this.database.run('UPDATE rivulet_line SET head = ?, position = ?, updated_at = ? WHERE id = ?', storedKey(commit.id), position, this.clock.now(), line);
    return { line, position };
  }

  private insertLine({ thread, namespace, branch }: LineAddress, head: string, position: number, parent: number | undefined): number {
    const { lastInsertRowid } = this.database.run(
      'INSERT INTO rivulet_line (thread, namespace, branch, parent, fork_position, head, position, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      storedKey(thread), storedKey(namespace), storedKey(branch), parent ?? null, parent === undefined ? 0 : position, storedKey(head), position, this.clock.now(),
    );
    return Number(lastInsertRowid);
  }

  private insertCheckpoint(line: number, position: number, commit: Commit): void {
    const { id, parentId, format, step, createdAt, metadata, body } = commit;
    try {
      this.database.run(
        'INSERT INTO rivulet_checkpoint VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        line, position, storedKey(id), parentId === undefined ? null : storedKey(parentId), format, step, createdAt, this.clock.now(), metadata.source,
        JSON.stringify(metadata), body,
      );
    } catch (error) {
      throw isDuplicate(error) ? new StaleCheckpointError(commit, parentId) : error;
    }
  }

  private find(at: LineAddress, id: string): Place | undefined {
    const own = this.lines.line(at);
    return (own && this.lines.within(this.lines.stretches(own), id)) ?? this.lines.anywhere(at, id);
  }

  /** @param reader the line whose pending work is wanted */
  private loadAt(at: LineAddress, place: Place, reader: unknown, channels: readonly string[]): StoredCheckpoint {
    const [home] = place.stretches;
    const row = this.database.one('SELECT * FROM rivulet_checkpoint WHERE line = ? AND position = ?', home?.line, place.position);
    const head = storedHead(at.thread, at.namespace, { ...row, branch: home?.branch });
    const chains = channels.map((channel) => [channel, this.lines.chain(channel, place)] as const).filter(([, chain]) => chain.length > 0);
    const pending = this.database.all('SELECT task, key, json FROM rivulet_pending WHERE line = ? AND checkpoint = ? ORDER BY rowid', reader, storedKey(head.id));
    const rows = pending.map((entry) => ({ taskId: storedId(entry, 'task'), key: storedId(entry, 'key'), json: storedText(entry, 'json') }));
    return { ...head, channels: new Map(chains), pending: rows };
  }

  private *heads(at: LineAddress, { limit, before, source }: HistoryOptions): Generator<CheckpointHead> {
    let left = atMost(limit, Infinity);
    const from = this.database.read(() => this.startOf(at, before));
    for (const [i, { line, branch, upTo }] of (from?.stretches ?? []).entries()) {
      let below = i === 0 ? (from?.position ?? 0) : upTo + 1;
      while (left > 0) {
        const page = this.page(line, below, source, Math.min(left, HISTORY_PAGE));
        for (const row of page) yield storedHead(at.thread, at.namespace, { ...row, branch });
        left -= page.length;
        if (page.length < HISTORY_PAGE) break;
        below = storedNumber(page.at(-1) ?? {}, 'position');
      }
    }
  }

  /** Where a history begins, above its first checkpoint. */
  private startOf(at: LineAddress, before: string | undefined): Place | undefined {
    const own = this.lines.line(at);
    const stretches = own ? this.lines.stretches(own) : [];
    if (before === undefined) return own && { position: storedNumber(own, 'position') + 1, stretches };
    const place = this.lines.within(stretches, before);
    if (!place) throw new UnknownCheckpointError(at, before);
    return place;
  }

  private page(line: number, below: number, source: string | undefined, count: number): ReturnType<SqliteConnection['all']> {
    return this.database.read(() =>
      source === undefined
        ? this.database.all('SELECT * FROM rivulet_checkpoint WHERE line = ? AND position < ? ORDER BY position DESC LIMIT ?', line, below, count)
        : this.database.all('SELECT * FROM rivulet_checkpoint WHERE line = ? AND position < ? AND source = ? ORDER BY position DESC LIMIT ?', line, below, source, count),
    );
  }
}

function atMost(limit: number | undefined, unlimited: number): number {
  return limit === undefined || limit === Infinity ? unlimited : requireCount('limit', limit, { min: 0 });
}
