// The process that is killed: `node crashChild.mjs ORDER`. It begins a thread, or goes on with it where it finds it.
import Database from 'libsql';
import type { PoolConfig } from 'pg';
import { tap } from 'rxjs';
import type { Checkpointer } from '../../src/pregel/checkpoints/Checkpointer.js';
import { postgresCheckpointer } from '../../src/pregel/checkpoints/postgres/postgresCheckpointer.js';
import { sqliteCheckpointer } from '../../src/pregel/checkpoints/sqlite/sqliteCheckpointer.js';
import { CRASH_INPUT, crashGraph, SUPERSTEPS } from './crashGraph.js';
import { dyingPostgres, dyingSqlite, StatementCount, type Death } from './dyingDatabase.js';
import { SideLog } from './SideLog.js';

/** What a process is told. */
export interface CrashOrder {
  readonly store: { readonly sqlite: string } | { readonly postgres: PoolConfig; readonly schema: string };
  readonly thread: string;
  readonly sideLog: string;
  readonly death?: Death;
}

/** What it says when it came to its end. */
export interface CrashResult {
  readonly statements: number;
  readonly milliseconds: number;
}

/** So long a process that died is waited for. */
const LEASE_MS = 100;

const order = JSON.parse(process.argv[2] ?? '') as CrashOrder;
const log = new SideLog(order.sideLog);
const kill = (): void => void process.kill(process.pid, 'SIGKILL');
const statements = new StatementCount(order.death, (inCommit) => {
  log.write({ at: 'dying', inCommit });
  if ('sqlite' in order.store || order.death?.moment === 'before') kill();
  else setTimeout(kill, 1); // the statement is on its way by then
});

/** Says what was read of the thread: what the engine goes on from. */
function telling(store: Checkpointer): Checkpointer {
  return Object.assign(Object.create(store) as Checkpointer, {
    load: (...args: Parameters<Checkpointer['load']>) => {
      let read: { readonly head: string | undefined; readonly kept: readonly string[] } = { head: undefined, kept: [] };
      return store.load(...args).pipe(tap({
        next: ({ id, pending }) => (read = { head: id, kept: pending.filter(({ key }) => key === 'writes').map(({ taskId }) => taskId) }),
        complete: () => log.write({ at: 'load', ...read }),
      }));
    },
  });
}

async function opened(): Promise<{ readonly store: Checkpointer; readonly close: () => Promise<void> }> {
  if ('sqlite' in order.store) {
    const database = new Database(order.store.sqlite);
    return { store: sqliteCheckpointer(dyingSqlite(database, statements)), close: async () => void database.close() };
  }
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ ...order.store.postgres, max: 2 });
  return { store: postgresCheckpointer(dyingPostgres(pool, statements), { schema: order.store.schema }), close: () => pool.end() };
}

log.write({ at: 'process' });
const { store, close } = await opened();
const graph = crashGraph({ checkpointer: telling(store), concurrentRuns: 'queue', leaseMs: LEASE_MS, busyTimeoutMs: 100 * LEASE_MS }, (at, task) => log.write({ at, task }));

process.stdout.write('running\n');
const began = performance.now();
const { thread } = order;
const begun = await graph.getState({ thread });
await graph.invoke(begun ? null : CRASH_INPUT, { thread, recursionLimit: SUPERSTEPS });
const result: CrashResult = { statements: statements.count, milliseconds: performance.now() - began };
await close();
log.close();
process.stdout.write(`${JSON.stringify(result)}\n`);
