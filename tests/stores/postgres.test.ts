import pg from 'pg';
import { of, type Observable } from 'rxjs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { postgresStore } from '../../src/pregel/stores/postgres/postgresStore.js';
import { storeConformance } from '../../src/testing/storeConformance.js';
import { postgresServer, type PostgresServer } from '../checkpoints/postgresServer.js';
import { all, failureOf } from '../checkpoints/work.js';

const DAY_MS = 24 * 3_600_000;
const server = await postgresServer();

afterAll(async () => server?.leave());

if (server) describe('postgresStore on a server', () => onServer(server));
else test('without a PostgreSQL server, only PGlite is tested', () => undefined);

function onServer({ schema, pool, another }: PostgresServer): void {
  const store = postgresStore(pool, { schema });
  for (const { name, run } of storeConformance((options) => postgresStore(pool, { ...options, schema }))) test(name, run);

  /** Shortens what an item has left, and says afterwards how much it has. */
  const age = async (key: string) => pool.query(`UPDATE ${schema}.item SET expires_at = ${schema}.now_ms() + 60000 WHERE key = $1`, [key]);
  const leftOf = async (key: string) => (await pool.query<{ left: number }>(`SELECT expires_at - ${schema}.now_ms() AS left FROM ${schema}.item WHERE key = $1`, [key])).rows[0]?.left ?? NaN;

  test('G4 reading refreshes a time to live where the store or the call says so, and nothing else of the item', async () => {
    const refreshing = postgresStore(pool, { schema, refreshOnRead: true });
    const written = (await all(store.put(['refresh'], 'refreshed', { n: 1 }, { ttlMs: DAY_MS })))[0];
    const reads: readonly (() => Observable<unknown>)[] = [
      () => refreshing.get(['refresh'], 'refreshed'), () => refreshing.search(['refresh']),
      () => store.get(['refresh'], 'refreshed', { refreshTtl: true }), () => store.search(['refresh'], { refreshTtl: true }),
    ];
    for (const read of reads) {
      await age('refreshed');
      await all(read());
      expect(await leftOf('refreshed')).toBeGreaterThan(DAY_MS - 60_000);
    }
    const others: readonly (() => Observable<unknown>)[] = [() => store.get(['refresh'], 'refreshed'), () => refreshing.search(['refresh'], { refreshTtl: false }), () => refreshing.search(['refresh'], { limit: 0 })];
    for (const read of others) {
      await age('refreshed');
      await all(read());
      expect(await leftOf('refreshed')).toBeLessThanOrEqual(60_000);
    }
    expect(await all(store.get(['refresh'], 'refreshed'))).toEqual([written]);
  });

  test('G4 a write clears away 32 of what has expired, those of longest ago first, and their vectors', async () => {
    for (let n = 0; n < 40; n++) await all(store.put(['expired'], `e${n}`, {}, { ttlMs: DAY_MS }));
    await pool.query(`INSERT INTO ${schema}.item_vector SELECT id, 'model', '{1}' FROM ${schema}.item WHERE key LIKE 'e%'`);
    await pool.query(`UPDATE ${schema}.item SET expires_at = substr(key, 2)::int WHERE key LIKE 'e%'`);
    await all(store.put(['expired'], 'fresh', {}));
    expect((await pool.query(`SELECT key FROM ${schema}.item WHERE key LIKE 'e%' ORDER BY expires_at`)).rows.map(({ key }: { key: string }) => key)).toEqual(Array.from({ length: 8 }, (_, n) => `e${n + 32}`));
    expect((await pool.query(`SELECT FROM ${schema}.item_vector WHERE model = 'model'`)).rows).toHaveLength(8);
  });

  test('writes, sweeps and refreshing reads of the same items at once wait for no one in a circle', async () => {
    const stores = Array.from({ length: 4 }, () => postgresStore(another(), { schema, ttlMs: 2, refreshOnRead: true }));
    const outcomes = stores.map(async (each, worker) => {
      for (let turn = 0; turn < 40; turn++) {
        await all(each.put(['busy'], `k${(turn * 7 + worker) % 5}`, { turn }));
        await all(each.search(['busy']));
        await all(each.delete(['busy'], `k${(turn + worker) % 5}`));
      }
    });
    await expect(Promise.all(outcomes)).resolves.toHaveLength(4);
  });

  test('a database that hangs, is gone or was damaged is a typed error', async () => {
    const impatient = postgresStore(another(), { schema, timeoutMs: 150 });
    const other = await another().connect();
    await all(store.put(['hung'], 'k', {}));
    await other.query(`BEGIN; LOCK TABLE ${schema}.item IN ACCESS EXCLUSIVE MODE`);
    expect(await failureOf(impatient.get(['hung'], 'k'))).toMatchObject({ code: 'STORE_FAILED', reason: 'timeout', transient: true });
    await other.query('ROLLBACK');
    other.release();
    for (const damaged of ['7', '[1]', 'null']) {
      await pool.query(`UPDATE ${schema}.item SET value = '${damaged}' WHERE key = 'k' AND namespace = '{hung}'`);
      expect(await failureOf(store.get(['hung'], 'k'))).toMatchObject({ code: 'STORED_INVALID' });
    }
    await all(store.delete(['hung'], 'k'));
    const nowhere = new pg.Pool({ host: '127.0.0.1', port: 1 });
    expect(await failureOf(postgresStore(nowhere).get(['a'], 'k'))).toMatchObject({ code: 'STORE_FAILED', reason: 'unreachable' });
    expect(() => postgresStore(pool, { schema: 'A' })).toThrow('INVALID_OPTION');
    expect(() => postgresStore(pool, { ttlMs: 0 })).toThrow('ttlMs');
  });

  test('G4 what another model embedded is not compared', async () => {
    const model = (id: string) => ({ id, embed: (texts: readonly string[]) => of(texts.map(() => [1, 0])) });
    const [one, other] = ['one', 'other'].map((id) => postgresStore(pool, { schema, index: { embed: model(id) } }));
    await all(one!.put(['models'], 'k', { text: 'x' }));
    expect(await all(one!.search(['models'], { query: 'x' }))).toMatchObject([[{ key: 'k', score: 1 }]]);
    expect(await all(other!.search(['models'], { query: 'x' }))).toEqual([[]]);
  });
}
