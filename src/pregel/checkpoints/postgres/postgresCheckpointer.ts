import type { Observable } from 'rxjs';
import { pullAsync } from '../../../core/bridge/pullAsync.js';
import { requireCount, requireMs } from '../../../core/errors/optionChecks.js';
import { BranchExistsError } from '../BranchExistsError.js';
import type {
  ChannelEntry, CheckpointHead, Checkpointer, Commit, HistoryOptions, Lease, LineAddress, PendingRow, PruneOptions, StoredCheckpoint,
} from '../Checkpointer.js';
import { checkPrune } from '../checkPrune.js';
import { LeaseLostError } from '../LeaseLostError.js';
import { StaleCheckpointError } from '../StaleCheckpointError.js';
import { storedHead, storedId, storedNumber, storedText, type StoredRow } from '../storedHead.js';
import { storedKey } from '../storedKey.js';
import { ThreadBusyError } from '../ThreadBusyError.js';
import { UnknownCheckpointError } from '../UnknownCheckpointError.js';
import { ask, connectionOf, type PostgresConnection, type PostgresOptions } from './PostgresConnection.js';
import type { PostgresDatabase } from './PostgresDatabase.js';
import { isDuplicateCheckpoint } from './postgresError.js';

/**
 * Keeps checkpoints in PostgreSQL, for programs on many machines: whichever of them gets a thread, one at a time advances it. Every
 * operation is one statement, so that no lock is held while a client is waited for. The tables are made at first use.
 *
 * *Demand*: `history` and `threads` wait for it. *Timing*: the database's. *Errors*: those of `Checkpointer`.
 *
 * @example
 * ```ts no-run
 * import { postgresCheckpointer } from 'rivulet/postgres';
 * import pg from 'pg';
 *
 * const store = postgresCheckpointer(new pg.Pool({ statement_timeout: 10_000 }));
 * store.threads({ limit: 10 }).subscribe(({ thread }) => thread);
 * ```
 *
 * @param database a pool or a client of `pg`, or a PGlite; its encoding must be UTF8. It stays open
 */
export function postgresCheckpointer(database: PostgresDatabase, options: PostgresOptions = {}): Checkpointer {
  return new PostgresStore(connectionOf(database, options));
}

const HISTORY_PAGE = 64;
const TOP = 2_147_483_647;

class PostgresStore implements Checkpointer {
  constructor(private readonly database: PostgresConnection) {}

  acquire(thread: string, owner: string, leaseMs: number): Observable<Lease> {
    return ask(async () => {
      const row = await this.database.one(
        `INSERT INTO SCHEMA.lease AS l VALUES (SCHEMA.key_of($1), $2, SCHEMA.now_ms() + $3)
         ON CONFLICT (thread_key) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at
         WHERE l.owner = excluded.owner OR l.expires_at <= SCHEMA.now_ms() RETURNING l.expires_at`,
        [storedKey(thread), storedKey(owner), requireMs('leaseMs', leaseMs)],
      );
      if (!row) throw new ThreadBusyError(thread);
      return { thread, owner, expiresAt: storedNumber(row, 'expires_at') };
    });
  }

  renew(thread: string, owner: string, leaseMs: number): Observable<Lease> {
    return ask(async () => {
      const row = await this.database.one(
        'UPDATE SCHEMA.lease SET expires_at = SCHEMA.now_ms() + $3 WHERE thread_key = SCHEMA.key_of($1) AND owner = $2 RETURNING expires_at',
        [storedKey(thread), storedKey(owner), requireMs('leaseMs', leaseMs)],
      );
      if (!row) throw new LeaseLostError(thread, owner);
      return { thread, owner, expiresAt: storedNumber(row, 'expires_at') };
    });
  }

  release(thread: string, owner: string): Observable<never> {
    return ask(async () => {
      await this.database.rows('DELETE FROM SCHEMA.lease WHERE thread_key = SCHEMA.key_of($1) AND owner = $2', [storedKey(thread), storedKey(owner)]);
    });
  }

  commit(commit: Commit, owner: string): Observable<never> {
    return ask(async () => {
      const outcome = await this.tryCommit(commit, owner);
      if (outcome === 'LEASE_LOST') throw new LeaseLostError(commit.thread, owner);
      if (outcome !== 'DONE') throw new StaleCheckpointError(commit, commit.parentId);
    });
  }

  putPending(at: LineAddress, checkpointId: string, rows: readonly PendingRow[]): Observable<never> {
    return ask(async () => {
      const columns = [rows.map(({ taskId }) => storedKey(taskId)), rows.map(({ key }) => storedKey(key)), rows.map(({ json }) => json)];
      const found = await this.database.rows(
        `WITH home AS (SELECT l.id FROM SCHEMA.line l WHERE l.id = SCHEMA.line_of($1, $2, $3)), kept AS (
           INSERT INTO SCHEMA.pending (line, checkpoint, work, task, key, json)
           SELECT home.id, SCHEMA.key_of($4), SCHEMA.key_of(char_length(r.task) || ':' || r.task || r.key), r.task, r.key, r.json
           FROM home, unnest($5::text[], $6::text[], $7::text[]) WITH ORDINALITY AS r (task, key, json, number) ORDER BY r.number
           ON CONFLICT DO NOTHING)
         SELECT id FROM home`,
        [...addressOf(at), storedKey(checkpointId), ...columns],
      );
      if (found.length === 0) throw new UnknownCheckpointError(at, checkpointId);
    });
  }

  load(at: LineAddress, checkpointId: string | undefined, channels: readonly string[]): Observable<StoredCheckpoint> {
    return ask(async () => {
      const rows = await this.database.rows('SELECT * FROM SCHEMA.load_checkpoint($1, $2, $3, $4, $5)', [
        ...addressOf(at), checkpointId === undefined ? null : storedKey(checkpointId), [...new Set(channels)].map(storedKey),
      ]);
      return rows.length === 0 ? undefined : checkpointOf(at, rows);
    });
  }

  history(at: LineAddress, options: HistoryOptions = {}): Observable<CheckpointHead> {
    return pullAsync({ [Symbol.asyncIterator]: () => this.heads(at, options) });
  }

  fork(at: LineAddress, checkpointId: string, branch: string): Observable<never> {
    return ask(async () => {
      const row = await this.database.one('SELECT SCHEMA.fork_branch($1, $2, $3, $4, $5) AS outcome', [...addressOf(at), storedKey(checkpointId), storedKey(branch)]);
      if (row?.['outcome'] === 'UNKNOWN_CHECKPOINT') throw new UnknownCheckpointError(at, checkpointId);
      if (row?.['outcome'] === 'BRANCH_EXISTS') throw new BranchExistsError(at.thread, branch);
    });
  }

  prune(thread: string, options: PruneOptions): Observable<number> {
    return ask(async () => {
      if (!checkPrune(options)) return 0;
      const row = await this.database.one('SELECT SCHEMA.prune_thread($1, $2, $3) AS removed', [storedKey(thread), Math.max(options.keepLast ?? 0, 1), options.maxAgeMs ?? null]);
      return storedNumber(row ?? {}, 'removed');
    });
  }

  deleteThread(thread: string): Observable<never> {
    return ask(async () => {
      await this.database.rows('SELECT SCHEMA.delete_thread($1)', [storedKey(thread)]);
    });
  }

  threads({ limit }: { readonly limit?: number } = {}): Observable<{ readonly thread: string; readonly updatedAt: number }> {
    return pullAsync({ [Symbol.asyncIterator]: () => this.listed(atMost(limit)) });
  }

  private async tryCommit(commit: Commit, owner: string): Promise<unknown> {
    const { id, parentId, format, step, createdAt, metadata, body, entries } = commit;
    try {
      const row = await this.database.one('SELECT SCHEMA.commit_checkpoint($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS outcome', [
        ...addressOf(commit), storedKey(owner), storedKey(id), parentId === undefined ? null : storedKey(parentId), format, step, createdAt, metadata.source,
        JSON.stringify(metadata), body,
        entries.map(({ channel }) => storedKey(channel)), entries.map(({ kind }) => kind === 'snapshot'), entries.map(({ json }) => json),
      ]);
      return row?.['outcome'];
    } catch (error) {
      if (isDuplicateCheckpoint(error)) return 'STALE_CHECKPOINT';
      throw error;
    }
  }

  private async *heads(at: LineAddress, { limit, before, source }: HistoryOptions): AsyncGenerator<CheckpointHead> {
    let left = atMost(limit) ?? Infinity;
    let below = before === undefined ? TOP : await this.placeOf(at, before);
    while (left > 0) {
      const count = Math.min(left, HISTORY_PAGE);
      const page = await this.database.rows('SELECT * FROM SCHEMA.history_page($1, $2, $3, $4, $5, $6)', [...addressOf(at), source ?? null, below, count]);
      for (const row of page) yield storedHead(at.thread, at.namespace, row);
      if (page.length < count) return;
      left -= page.length;
      below = storedNumber(page.at(-1) ?? {}, 'place');
    }
  }

  private async placeOf(at: LineAddress, before: string): Promise<number> {
    const row = await this.database.one('SELECT place FROM SCHEMA.place_of($1, $2, $3, $4) WHERE within', [...addressOf(at), storedKey(before)]);
    if (!row) throw new UnknownCheckpointError(at, before);
    return storedNumber(row, 'place');
  }

  private async *listed(limit: number | null): AsyncGenerator<{ readonly thread: string; readonly updatedAt: number }> {
    const rows = await this.database.rows('SELECT thread, max(updated_at) AS updated_at FROM SCHEMA.line GROUP BY thread ORDER BY 2 DESC LIMIT $1', [limit]);
    for (const row of rows) yield { thread: storedId(row, 'thread'), updatedAt: storedNumber(row, 'updated_at') };
  }
}

const addressOf = ({ thread, namespace, branch }: LineAddress): readonly string[] => [storedKey(thread), storedKey(namespace), storedKey(branch)];

function atMost(limit: number | undefined): number | null {
  return limit === undefined || limit === Infinity ? null : requireCount('limit', limit, { min: 0 });
}

/** A checkpoint from its parts: the head first, then entries, then pending work. */
function checkpointOf(at: LineAddress, [first, ...rows]: readonly StoredRow[]): StoredCheckpoint {
  const head = storedHead(at.thread, at.namespace, { ...(JSON.parse(storedText(first ?? {}, 'content')) as StoredRow), branch: first?.['name'] });
  const channels = new Map<string, ChannelEntry[]>();
  const pending: PendingRow[] = [];
  for (const row of rows) {
    const name = storedId(row, 'name');
    const json = storedText(row, 'content');
    if (row['part'] === 'pending') {
      pending.push({ taskId: name, key: storedId(row, 'label'), json });
      continue;
    }
    const entry = { channel: name, kind: row['label'] === 'snapshot' ? 'snapshot' : 'delta', json } as const;
    const chain = channels.get(name);
    if (chain) chain.push(entry);
    else channels.set(name, [entry]);
  }
  return { ...head, channels, pending };
}
