import pg from 'pg';
import { afterAll, describe, expect, test } from '@jest/globals';
import { postgresCheckpointer } from '../../src/pregel/checkpoints/postgres/postgresCheckpointer.js';
import { checkpointerConformance } from '../../src/testing/checkpointerConformance.js';
import { postgresServer, type PostgresServer } from './postgresServer.js';
import { all, AT, commitOf, failureOf } from './work.js';

const server = await postgresServer();

afterAll(async () => server?.leave());

if (server) describe('postgresCheckpointer on a server', () => onServer(server));
else test('without a PostgreSQL server, only PGlite is tested', () => undefined);

function onServer({ schema, pool, another }: PostgresServer): void {
  const store = postgresCheckpointer(pool, { schema });
  const reopen = () => postgresCheckpointer(another(), { schema });
  for (const { name, run } of checkpointerConformance(() => store, { reopen })) test(name, run);

  const threads = Array.from({ length: 9 }, (_, i) => ({ ...AT, thread: `on the server ${i}` }));
  const [racing, hung, rows, newer, pruned, forked, gone] = threads as [typeof AT, typeof AT, typeof AT, typeof AT, typeof AT, typeof AT, typeof AT];

  test('of processes that start at once, one makes the tables', async () => {
    const fresh = `${schema}_fresh`;
    const stores = Array.from({ length: 5 }, () => postgresCheckpointer(another(), { schema: fresh }));
    try {
      expect(await Promise.all(stores.map((each) => all(each.threads())))).toEqual([[], [], [], [], []]);
      expect((await pool.query(`SELECT version FROM ${fresh}.migration`)).rows).toEqual([{ version: 1 }, { version: 2 }]);
    } finally {
      await pool.query(`DROP SCHEMA IF EXISTS ${fresh} CASCADE`);
    }
  });

  test('K1 two processes that race through a thread leave one line of commits', async () => {
    const stores = [store, reopen()];
    let committed = 0;
    await Promise.all(
      stores.map(async (each, worker) => {
        for (let turn = 0; turn < 40; turn++) {
          const [head] = await all(each.load(racing, undefined, []));
          const failure = await failureOf(each.commit(commitOf(`w${worker}-${turn}`, head?.id, JSON.stringify(`w${worker}-${turn}`), racing), 'owner'));
          if ('emitted' in (failure as object)) committed += 1;
          else expect(failure).toMatchObject({ code: 'STALE_CHECKPOINT' });
        }
      }),
    );
    const heads = await all(store.history(racing));
    expect(heads).toHaveLength(committed);
    expect(heads.map(({ parentId }) => parentId)).toEqual([...heads.slice(1).map(({ id }) => id), undefined]);
    const [loaded] = await all(store.load(racing, undefined, ['log']));
    expect(loaded?.channels.get('log')?.map(({ json }) => JSON.parse(json) as unknown)).toEqual(heads.map(({ id }) => id).reverse());
  });

  test('a database that hangs is STORE_FAILED, and a commit that is made again is made once', async () => {
    const impatient = postgresCheckpointer(another(), { schema, timeoutMs: 150 });
    await all(store.commit(commitOf('c1', undefined, '1', hung), 'owner'));
    const other = await another().connect();
    await other.query(`BEGIN; LOCK TABLE ${schema}.line IN ACCESS EXCLUSIVE MODE`);
    expect(await failureOf(impatient.commit(commitOf('c2', 'c1', '2', hung), 'owner'))).toMatchObject({ code: 'STORE_FAILED', reason: 'timeout', transient: true });
    await other.query('ROLLBACK');
    other.release();
    // Whichever comes first, the one that hung or this one, the other is stale.
    await failureOf(store.commit(commitOf('c2', 'c1', '2', hung), 'owner'));
    expect((await all(store.load(hung, undefined, ['log'])))[0]).toMatchObject({ id: 'c2', channels: new Map([['log', [{ json: '1' }, { json: '2' }]]]) });
  });

  test('a database that is out of reach is STORE_FAILED, and tried again', async () => {
    const nowhere = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 2_000 });
    const lost = postgresCheckpointer({ query: (text, parameters) => (reachable ? pool : nowhere).query(text, parameters) }, { schema });
    let reachable = false;
    expect(await failureOf(lost.threads())).toMatchObject({ code: 'STORE_FAILED', reason: 'unreachable' });
    reachable = true;
    expect(await failureOf(lost.threads({ limit: 0 }))).toEqual({ emitted: [] });
    await nowhere.end();
    expect(await failureOf(postgresCheckpointer(nowhere, { schema }).threads())).toMatchObject({ code: 'STORE_FAILED', reason: 'closed' });
  });

  test('a statement that fails in its middle leaves nothing behind', async () => {
    await all(store.commit(commitOf('c1', undefined, '1', rows), 'owner'));
    const bad = commitOf('c2', 'c1', '2', { ...rows, entries: [{ channel: 'log', kind: 'delta', json: '2' }, { channel: 'log', kind: 'delta', json: 'again' }] });
    expect(await failureOf(store.commit(bad, 'owner'))).toMatchObject({ code: 'STORE_FAILED', reason: 'other', cause: { code: '23505' } });
    expect((await all(store.load(rows, undefined, ['log'])))[0]).toMatchObject({ id: 'c1', channels: new Map([['log', [{ json: '1' }]]]) });
  });

  test.each([
    [`UPDATE checkpoint SET metadata = '{'`, 'STORED_INVALID'],
    [`UPDATE checkpoint SET id = '"'`, 'STORED_INVALID'],
    [`UPDATE checkpoint SET format = 7`, 'STORED_NEWER'],
    [`DELETE FROM checkpoint`, 'STORED_INVALID'],
  ])('rows that no commit wrote are refused: %s', async (sql, code) => {
    const at = { ...rows, thread: sql };
    await all(store.commit(commitOf('c1', undefined, '1', at), 'owner'));
    await pool.query(`${sql.replace('checkpoint', `${schema}.checkpoint`)} WHERE line = (SELECT id FROM ${schema}.line WHERE thread = $1)`, [sql]);
    expect(await failureOf(store.load(at, undefined, ['log']))).toMatchObject({ code });
    await all(store.deleteThread(sql));
  });

  test('K9 a schema of a newer version is refused, and not changed', async () => {
    await all(store.commit(commitOf('c1', undefined, '1', newer), 'owner'));
    await pool.query(`INSERT INTO ${schema}.migration VALUES (1000)`);
    expect(await failureOf(reopen().commit(commitOf('c2', 'c1', '2', newer), 'owner'))).toMatchObject({ code: 'STORED_NEWER' });
    await pool.query(`DELETE FROM ${schema}.migration WHERE version = 1000`);
    expect((await all(store.load(newer, undefined, [])))[0]?.id).toBe('c1');
  });

  test('C10 a load reads what it emits, whatever the length of the history', async () => {
    const at = { ...rows, thread: 'a long history' };
    for (let i = 0; i < 300; i++) {
      const entries = [{ channel: 'last', kind: 'snapshot', json: '1' }, { channel: 'log', kind: i === 290 ? 'snapshot' : 'delta', json: '1' }] as const;
      await all(store.commit(commitOf(`c${i}`, i ? `c${i - 1}` : undefined, '', { ...at, entries }), 'owner'));
    }
    const client = await another().connect();
    await client.query('BEGIN');
    const [loaded] = await all(postgresCheckpointer(client, { schema }).load(at, undefined, ['last', 'log', 'never written']));
    const { rows: read } = await client.query<{ entries: number }>(`SELECT idx_tup_fetch::int + seq_tup_read::int AS entries FROM pg_stat_xact_user_tables WHERE schemaname = '${schema}' AND relname = 'entry'`);
    await client.query('COMMIT');
    client.release();
    expect([...(loaded?.channels.values() ?? [])].map(({ length }) => length)).toEqual([1, 10]);
    expect(read[0]?.entries).toBeLessThanOrEqual(2 * 11); // once to find the snapshot, once to read on from it
  });

  test('K7 prune gives back what nothing is made of any more, and deleteThread all', async () => {
    for (let i = 0; i < 30; i++) {
      const entries = [{ channel: 'last', kind: 'snapshot', json: '1' }, { channel: 'log', kind: i === 20 ? 'snapshot' : 'delta', json: '1' }] as const;
      await all(store.commit(commitOf(`c${i}`, i ? `c${i - 1}` : undefined, '', { ...pruned, entries }), 'owner'));
    }
    expect(await all(store.prune(pruned.thread, { keepLast: 1 }))).toEqual([29]);
    const line = `(SELECT id FROM ${schema}.line WHERE thread = '${pruned.thread}')`;
    const { rows: counts } = await pool.query(`SELECT count(*)::int AS entries FROM ${schema}.entry WHERE line = ${line} GROUP BY channel ORDER BY 1`);
    expect(counts).toEqual([{ entries: 1 }, { entries: 10 }]);
    const { rows: ids } = await pool.query<{ id: string }>(`SELECT id FROM ${schema}.line WHERE thread = $1`, [pruned.thread]);
    await all(store.putPending(pruned, 'c29', [{ taskId: 't', key: 'k', json: '1' }]));
    await all(store.deleteThread(pruned.thread));
    for (const table of ['checkpoint', 'entry', 'pending']) {
      expect((await pool.query(`SELECT FROM ${schema}.${table} WHERE line = $1`, [ids[0]?.id])).rows).toEqual([]);
    }
  });

  test('K7 of a prune and a fork at once, the fork holds or is refused', async () => {
    const other = reopen();
    for (let round = 0; round < 10; round++) {
      const at = { ...forked, thread: `${forked.thread} ${round}` };
      for (let i = 0; i < 6; i++) await all(store.commit(commitOf(`c${i}`, i ? `c${i - 1}` : undefined, String(i), at), 'owner'));
      const [outcome] = await Promise.all([failureOf(store.fork(at, 'c2', 'left')), all(other.prune(at.thread, { keepLast: 1 }))]);
      const left = await all(store.load({ ...at, branch: 'left' }, undefined, ['log']));
      if ('emitted' in (outcome as object)) expect(left[0]).toMatchObject({ id: 'c2', channels: new Map([['log', [{ json: '0' }, { json: '1' }, { json: '2' }]]]) });
      else expect([(outcome as { code?: string }).code, left]).toEqual(['UNKNOWN_CHECKPOINT', []]);
    }
  });

  test('K7 of a delete and commits at once, nothing is left without its line', async () => {
    const other = reopen();
    for (let round = 0; round < 10; round++) {
      await all(store.commit(commitOf('c0', undefined, '0', gone), 'owner'));
      await Promise.all([
        (async () => {
          for (let i = 1; i < 6; i++) await failureOf(store.commit(commitOf(`c${i}`, `c${i - 1}`, String(i), gone), 'owner'));
        })(),
        failureOf(store.putPending(gone, 'c1', [{ taskId: 't', key: 'k', json: '1' }])),
        all(other.deleteThread(gone.thread)),
      ]);
      await all(store.deleteThread(gone.thread));
      for (const table of ['checkpoint', 'entry', 'pending']) {
        expect((await pool.query(`SELECT FROM ${schema}.${table} t WHERE NOT EXISTS (SELECT FROM ${schema}.line l WHERE l.id = t.line)`)).rows).toHaveLength(0);
      }
    }
  });

  test('a schema is a plain name', () => {
    for (const name of ['', 'a"; DROP SCHEMA public; --', 'A', '1a', 'a'.repeat(64)]) expect(() => postgresCheckpointer(pool, { schema: name })).toThrow('INVALID_OPTION');
    expect(() => postgresCheckpointer(pool, { timeoutMs: 0 })).toThrow('timeoutMs');
  });
}
