import { PGlite } from '@electric-sql/pglite';
import { join } from 'node:path';
import Database from 'libsql';
import type { Checkpointer } from '../../src/pregel/checkpoints/Checkpointer.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import { postgresCheckpointer } from '../../src/pregel/checkpoints/postgres/postgresCheckpointer.js';
import { sqliteCheckpointer } from '../../src/pregel/checkpoints/sqlite/sqliteCheckpointer.js';
import { postgresServer } from './postgresServer.js';
import { temporaryFolder } from './temporaryFolder.js';

/** A store, for what must hold on each of the three. */
export interface EachStore {
  readonly name: string;
  readonly store: Checkpointer;
  /** Another process's handle on the same data. */
  readonly another: Checkpointer;
  /** Changes what is stored behind the store's back: `TABLE` stands before a table's name. Not in memory. */
  readonly tamper: ((sql: string) => Promise<unknown>) | undefined;
  readonly leave: () => unknown;
}

/** The store in memory, one in a SQLite file, one on PostgreSQL: the machine's, else PGlite. */
export async function everyStore(): Promise<readonly EachStore[]> {
  return [inMemory(), inFile(), await onPostgres()];
}

function inMemory(): EachStore {
  const store = memoryCheckpointer();
  return { name: 'memory', store, another: store, tamper: undefined, leave: () => undefined };
}

function inFile(): EachStore {
  const folder = temporaryFolder();
  const file = join(folder.path, 'each.db');
  const stores = [sqliteCheckpointer(file), sqliteCheckpointer(file)] as const;
  const tamper = async (sql: string): Promise<void> => {
    const database = new Database(file);
    database.exec(sql.replaceAll('TABLE', 'rivulet_'));
    database.close();
  };
  const leave = (): void => {
    for (const store of stores) store.close();
    folder.remove();
  };
  return { name: 'SQLite', store: stores[0], another: stores[1], tamper, leave };
}

async function onPostgres(): Promise<EachStore> {
  const server = await postgresServer();
  if (!server) {
    const database = await PGlite.create();
    const tamper = (sql: string): Promise<unknown> => database.exec(sql.replaceAll('TABLE', 'rivulet.'));
    return { name: 'PGlite', store: postgresCheckpointer(database), another: postgresCheckpointer(database), tamper, leave: () => database.close() };
  }
  const { pool, another, schema, leave } = server;
  const tamper = (sql: string): Promise<unknown> => pool.query(sql.replaceAll('TABLE', `${schema}.`));
  return { name: 'PostgreSQL', store: postgresCheckpointer(pool, { schema }), another: postgresCheckpointer(another(), { schema }), tamper, leave };
}
