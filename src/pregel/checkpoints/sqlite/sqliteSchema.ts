import { StoredError } from '../StoredError.js';
import type { SqliteDatabase } from './SqliteDatabase.js';

/** Each is applied once, in order; what is released is never changed. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE rivulet_line (
    id INTEGER PRIMARY KEY,
    thread TEXT NOT NULL,
    namespace TEXT NOT NULL,
    branch TEXT NOT NULL,
    parent INTEGER,
    fork_position INTEGER NOT NULL,
    head TEXT NOT NULL,
    position INTEGER NOT NULL,
    updated_at REAL NOT NULL,
    UNIQUE (thread, namespace, branch)
  );
  CREATE INDEX rivulet_line_parent ON rivulet_line (parent, fork_position) WHERE parent IS NOT NULL;

  CREATE TABLE rivulet_checkpoint (
    line INTEGER NOT NULL,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    parent_id TEXT,
    format INTEGER NOT NULL,
    step INTEGER NOT NULL,
    created_at REAL NOT NULL,
    stored_at REAL NOT NULL,
    source TEXT NOT NULL,
    metadata TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (line, position),
    UNIQUE (line, id)
  );

  CREATE TABLE rivulet_entry (
    line INTEGER NOT NULL,
    channel TEXT NOT NULL,
    position INTEGER NOT NULL,
    snapshot INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (line, channel, position)
  );

  CREATE TABLE rivulet_pending (
    line INTEGER NOT NULL,
    checkpoint TEXT NOT NULL,
    task TEXT NOT NULL,
    key TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (line, checkpoint, task, key)
  );

  CREATE TABLE rivulet_lease (
    thread TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    expires_at REAL NOT NULL
  );
  `,
];

/** Brings a database's tables up to this version, in the transaction it is called in. Errors: `STORED_NEWER`. */
export function migrateSqlite(database: SqliteDatabase): void {
  database.exec('CREATE TABLE IF NOT EXISTS rivulet_migration (version INTEGER NOT NULL PRIMARY KEY)');
  const [row] = database.prepare('SELECT coalesce(max(version), 0) AS version FROM rivulet_migration').all() as readonly { readonly version: number }[];
  const version = row?.version ?? 0;
  if (version > MIGRATIONS.length) throw new StoredError('STORED_NEWER', `the SQLite tables have version ${version}, and ${MIGRATIONS.length} is the newest known here`);
  for (const [i, migration] of MIGRATIONS.entries()) {
    if (i < version) continue;
    database.exec(migration);
    database.exec(`INSERT INTO rivulet_migration VALUES (${i + 1})`);
  }
}
