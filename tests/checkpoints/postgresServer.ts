import pg from 'pg';

const { PGHOST = '127.0.0.1', PGPORT = '5432', PGUSER = 'postgres', PGDATABASE = 'postgres' } = process.env;

/** A schema of a test's own on the machine's PostgreSQL, by the usual PG variables. */
export interface PostgresServer {
  readonly config: pg.PoolConfig;
  readonly schema: string;
  readonly pool: pg.Pool;
  readonly another: () => pg.Pool;
  readonly leave: () => Promise<void>;
}

/** The machine's PostgreSQL, or nothing where there is none: then it says so. */
export async function postgresServer(): Promise<PostgresServer | undefined> {
  const config = { host: PGHOST, port: Number(PGPORT), user: PGUSER, database: PGDATABASE, max: 8, connectionTimeoutMillis: 3_000, statement_timeout: 20_000 };
  const pools: pg.Pool[] = [];
  const another = () => {
    const pool = new pg.Pool(config);
    pools.push(pool);
    return pool;
  };
  const pool = another();
  const schema = `rivulet_test_${Math.random().toString(36).slice(2, 12)}`;
  const leave = async () => {
    await pool.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    await Promise.all(pools.map((each) => each.end()));
  };
  try {
    await pool.query('SELECT 1');
    return { config, schema, pool, another, leave };
  } catch (error) {
    await pool.end();
    console.warn(`No PostgreSQL at ${PGHOST}:${PGPORT} (${(error as Error).message}). Its tests are left out; those on PGlite run. Set PGHOST, PGPORT, PGUSER and PGPASSWORD to run it.`);
    return undefined;
  }
}
