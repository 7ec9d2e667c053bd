import pg from 'pg';
import type { Checkpointer } from '../../src/pregel/checkpoints/Checkpointer.js';
import { postgresCheckpointer } from '../../src/pregel/checkpoints/postgres/postgresCheckpointer.js';
import { sqliteCheckpointer } from '../../src/pregel/checkpoints/sqlite/sqliteCheckpointer.js';
import { postgresServer } from '../checkpoints/postgresServer.js';
import type { CrashOrder } from './crashChild.js';
import { ownPostgres } from './ownPostgres.js';

/** Where the runs of a soak are stored. */
export interface CrashStore {
  readonly name: string;
  readonly synchronous: boolean;
  /** @param file for a store that needs one */
  readonly orderOf: (file: string) => CrashOrder['store'];
  readonly open: (order: CrashOrder['store']) => { readonly checkpointer: Checkpointer; readonly close: () => Promise<void> };
  readonly leave: () => Promise<void>;
}

/** A SQLite file for each run. */
export const sqliteCrashStore: CrashStore = {
  name: 'SQLite',
  synchronous: true,
  orderOf: (file) => ({ sqlite: file }),
  open: (order) => {
    const checkpointer = sqliteCheckpointer('sqlite' in order ? order.sqlite : '');
    return { checkpointer, close: async () => checkpointer.close() };
  },
  leave: async () => undefined,
};

/** A PostgreSQL server that is started for it; else, as it says, the machine's. Nothing where there is neither. */
export async function postgresCrashStore(): Promise<CrashStore | undefined> {
  const own = await ownPostgres();
  if (own) return onPostgres('PostgreSQL', own.config, 'crash', own.stop);
  const standing = await postgresServer();
  if (!standing) return undefined;
  console.warn("No initdb and postgres that could be started: the machine's server is used.");
  return onPostgres("PostgreSQL (the machine's)", standing.config, standing.schema, standing.leave);
}

function onPostgres(name: string, config: pg.PoolConfig, schema: string, stop: () => Promise<void>): CrashStore {
  const pool = new pg.Pool({ ...config, max: 2 });
  pool.on('error', () => undefined); // a server that stops tells those that are just leaving
  return {
    name,
    synchronous: false,
    orderOf: () => ({ postgres: config, schema }),
    open: () => ({ checkpointer: postgresCheckpointer(pool, { schema }), close: async () => undefined }),
    leave: async () => {
      await pool.end();
      await stop();
    },
  };
}
