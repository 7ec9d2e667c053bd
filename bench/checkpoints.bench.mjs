// What a checkpoint costs: `npm run build:js && node bench/checkpoints.bench.mjs`. 1,000 supersteps that append a message of 400
// incompressible bytes each; every step takes turns with a bare INSERT of the same message into the same database, so that both
// see the same disk. Compare ratios, not figures between runs. PostgreSQL is found by the usual PG variables.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import pg from 'pg';
import { lastValueFrom, toArray } from 'rxjs';
import { CHECKPOINT_FORMAT, memoryCheckpointer } from 'rivulet/pregel';
import { postgresCheckpointer } from 'rivulet/postgres';
import { sqliteCheckpointer } from 'rivulet/sqlite';

const STEPS = 1_000;
const ROUNDS = 3;
const LIMITS = { ratio: 4, growth: 1.3, megabytes: 6, restoreMs: 25 };

const all = (work) => lastValueFrom(work.pipe(toArray()));
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const at = { thread: 'bench', namespace: '', branch: 'main' };
const early = (times) => times.slice(50, 150);
const late = (times) => times.slice(-100);

/** What the engine stores of a growing list: deltas, and a snapshot when those since the last outweigh it and are 50 at least. */
function appendOnly() {
  const items = [];
  let sinceSnapshot = { bytes: 0, count: 0 };
  let snapshotBytes = 0;
  return (message) => {
    items.push(message);
    const delta = JSON.stringify([message]);
    if (sinceSnapshot.count < 50 || sinceSnapshot.bytes < snapshotBytes) {
      sinceSnapshot = { bytes: sinceSnapshot.bytes + delta.length, count: sinceSnapshot.count + 1 };
      return { channel: 'messages', kind: 'delta', json: delta };
    }
    const json = JSON.stringify(items);
    snapshotBytes = json.length;
    sinceSnapshot = { bytes: 0, count: 0 };
    return { channel: 'messages', kind: 'snapshot', json };
  };
}

function commitOf(step, entries) {
  const metadata = { source: 'loop', step, runId: '0190a0b1-aaaa-7aaa-8aaa-000000000000', traceId: '0190a0b1-aaaa-7aaa-8aaa-000000000000' };
  const id = (n) => `0190a0b1-${String(n).padStart(12, '0')}`;
  const body = JSON.stringify({ due: [{ id: `task-${step}`, node: 'agent' }], arrived: {}, deferred: [] });
  return { ...at, format: CHECKPOINT_FORMAT, id: id(step), parentId: step === 0 ? undefined : id(step - 1), step, createdAt: Date.now(), metadata, body, entries };
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Each round is a thread of its own; the first warms up. */
async function measure(name, { store, insert, megabytes }) {
  const rounds = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const { ours, bare, loads } = await steps(store, insert);
    const restore = [];
    for (let i = 0; i < 20; i++) restore.push(await timed(() => restored(store)));
    rounds.push({ ours, bare, loads, restore, size: await megabytes() });
    await all(store.deleteThread(at.thread));
  }
  report(name, rounds.slice(1), rounds[0].size);
}

async function steps(store, insert) {
  const entryOf = appendOnly();
  const times = { ours: [], bare: [], loads: [] };
  for (let step = 0; step < STEPS; step++) {
    const message = randomBytes(300).toString('base64');
    if (insert) times.bare.push(await timed(() => insert(JSON.stringify(message))));
    const entries = [entryOf(message), { channel: 'turn', kind: 'snapshot', json: String(step) }];
    times.ours.push(await timed(() => all(store.commit(commitOf(step, entries), 'bench'))));
    times.loads.push(await timed(() => all(store.load(at, undefined, ['turn']))));
  }
  return times;
}

async function restored(store) {
  const [{ channels }] = await all(store.load(at, undefined, ['messages', 'turn']));
  return [...channels.values()].map((chain) => chain.map(({ json }) => JSON.parse(json)));
}

function report(name, rounds, size) {
  const of = (key, window = (times) => times) => median(rounds.flatMap((round) => window(round[key])));
  const growth = (key) => of(key, late) / of(key, early);
  const say = (label, value, unit, limit) => console.log(`  ${label.padEnd(34)}${value.toFixed(2)} ${unit}${limit === undefined ? '' : `  (limit ${limit}${value > limit ? ', EXCEEDED' : ''})`}`);
  console.log(name);
  say('a step, median', of('ours') * 1000, 'µs');
  if (rounds[0].bare.length > 0) {
    say('a bare INSERT, median', of('bare') * 1000, 'µs');
    say('step to INSERT', of('ours') / of('bare'), '×', LIMITS.ratio);
  }
  say('steps 900-1000 to steps 50-150', growth('ours'), '×', LIMITS.growth);
  say('a load of a last value, likewise', growth('loads'), '×', LIMITS.growth);
  say('storage of 1,000 steps', size, 'MB', LIMITS.megabytes);
  say('restore of 1,000 messages', of('restore'), 'ms', LIMITS.restoreMs);
}

async function inMemory() {
  const store = memoryCheckpointer();
  await measure('memory', { store, megabytes: () => store.bytes() / 1e6 });
}

async function inSqlite() {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-bench-'));
  const baseline = new Database(join(folder, 'bare.db'));
  baseline.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (id INTEGER PRIMARY KEY, json TEXT)');
  const statement = baseline.prepare('INSERT INTO bare (json) VALUES (?)');
  const path = join(folder, 'checkpoints.db');
  const database = new Database(path);
  const megabytes = () => {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return statSync(path).size / 1e6;
  };
  await measure('SQLite (libsql, WAL, synchronous FULL)', { store: sqliteCheckpointer(database), insert: (json) => statement.run(json), megabytes });
  database.close();
  baseline.close();
  rmSync(folder, { recursive: true, force: true });
}

async function inPostgres() {
  const { PGHOST = '127.0.0.1', PGUSER = 'postgres', PGDATABASE = 'postgres' } = process.env;
  const pool = new pg.Pool({ host: PGHOST, user: PGUSER, database: PGDATABASE, connectionTimeoutMillis: 3_000 });
  const schema = `rivulet_bench_${randomBytes(4).toString('hex')}`;
  try {
    await pool.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, json text)`);
  } catch (error) {
    console.log(`PostgreSQL: left out (${error.message})`);
    return pool.end();
  }
  const insert = (json) => pool.query(`INSERT INTO ${schema}.bare (json) VALUES ($1)`, [json]);
  const size = `SELECT sum(pg_total_relation_size(oid))::float8 AS bytes FROM pg_class WHERE relnamespace = '${schema}'::regnamespace AND relkind = 'r' AND relname <> 'bare'`;
  try {
    await measure('PostgreSQL (pg)', { store: postgresCheckpointer(pool, { schema }), insert, megabytes: async () => (await pool.query(size)).rows[0].bytes / 1e6 });
  } finally {
    await pool.query(`DROP SCHEMA ${schema} CASCADE`);
    await pool.end();
  }
}

await inMemory();
await inSqlite();
await inPostgres();
