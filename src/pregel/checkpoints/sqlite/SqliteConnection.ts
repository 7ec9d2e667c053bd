import { StoreError } from '../StoreError.js';
import type { StoredRow } from '../storedHead.js';
import type { SqliteDatabase, SqliteStatement } from './SqliteDatabase.js';
import { sqliteError } from './sqliteError.js';
import { migrateSqlite } from './sqliteSchema.js';

/**
 * A database that is opened when it is first used, its prepared statements, and transactions. libsql doesn't reset a statement that
 * didn't come to its end, and then no transaction ends either. So they are run by `all` and `run`, never `get`; one that failed is
 * dropped; and what may find the database locked, BEGIN and COMMIT, isn't prepared.
 */
export class SqliteConnection {
  private database: SqliteDatabase | undefined;
  private statements = new Map<string, SqliteStatement>();
  private closed = false;

  constructor(
    private readonly open: () => SqliteDatabase,
    private readonly busyTimeoutMs: number,
    private readonly owned: boolean,
  ) {}

  all(sql: string, ...parameters: readonly unknown[]): readonly StoredRow[] {
    return this.prepared(sql, (statement) => statement.all(...parameters) as StoredRow[]);
  }

  one(sql: string, ...parameters: readonly unknown[]): StoredRow | undefined {
    return this.all(sql, ...parameters)[0];
  }

  run(sql: string, ...parameters: readonly unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint } {
    return this.prepared(sql, (statement) => statement.run(...parameters));
  }

  /** One writer at a time; all that `work` does is there afterwards, or nothing. */
  write<T>(work: () => T): T {
    return this.transaction('BEGIN IMMEDIATE', work);
  }

  /** What `work` reads is of one moment. */
  read<T>(work: () => T): T {
    return this.transaction('BEGIN', work);
  }

  close(): void {
    const { database } = this;
    this.closed = true;
    this.database = undefined;
    this.statements.clear();
    if (!this.owned || !database) return;
    quietly(database, 'PRAGMA wal_checkpoint(TRUNCATE)'); // all is in the one file now, unless another process reads
    database.close();
  }

  private transaction<T>(begin: string, work: () => T): T {
    try {
      return within(this.opened(), begin, work);
    } catch (error) {
      throw sqliteError(error);
    }
  }

  private prepared<T>(sql: string, use: (statement: SqliteStatement) => T): T {
    let statement = this.statements.get(sql);
    if (!statement) this.statements.set(sql, (statement = this.opened().prepare(sql)));
    try {
      return use(statement);
    } catch (error) {
      this.statements.delete(sql);
      throw error;
    }
  }

  private opened(): SqliteDatabase {
    if (this.closed) throw new StoreError('closed');
    if (this.database) return this.database;
    const database = this.open();
    try {
      database.exec(`PRAGMA busy_timeout = ${this.busyTimeoutMs}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`);
      within(database, 'BEGIN IMMEDIATE', () => migrateSqlite(database));
    } catch (error) {
      if (this.owned) database.close();
      throw error;
    }
    return (this.database = database);
  }
}

function within<T>(database: SqliteDatabase, begin: string, work: () => T): T {
  database.exec(begin);
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    quietly(database, 'ROLLBACK'); // on some errors, a full disk among them, SQLite has rolled back already
    throw error;
  }
}

/** Runs what may fail without consequence. */
function quietly(database: SqliteDatabase, sql: string): void {
  try {
    database.exec(sql);
  } catch {
    return;
  }
}
