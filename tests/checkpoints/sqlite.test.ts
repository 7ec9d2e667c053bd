import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, describe, expect, test } from '@jest/globals';
import { sqliteCheckpointer, type SqliteCheckpointer, type SqliteCheckpointerOptions } from '../../src/pregel/checkpoints/sqlite/sqliteCheckpointer.js';
import type { SqliteDatabase } from '../../src/pregel/checkpoints/sqlite/SqliteDatabase.js';
import { checkpointerConformance } from '../../src/testing/checkpointerConformance.js';
import { temporaryFolder } from './temporaryFolder.js';
import { all, AT, commitOf, failureOf } from './work.js';

const folder = temporaryFolder();
const open = new Set<SqliteCheckpointer>();
const opened = (database: string | SqliteDatabase, options?: SqliteCheckpointerOptions) => {
  const store = sqliteCheckpointer(database, options);
  open.add(store);
  return store;
};
const file = (name: string) => join(folder.path, name);
const big = JSON.stringify('x'.repeat(400_000));

async function intact(store: SqliteCheckpointer, head: string): Promise<void> {
  expect(await all(store.load(AT, undefined, ['n', 'log']))).toMatchObject([{ id: head }]);
  expect((await all(store.history(AT))).at(0)?.id).toBe(head);
}

afterAll(() => {
  for (const store of open) store.close();
  folder.remove();
});

describe('sqliteCheckpointer', () => {
  const store = opened(file('shared.db'));
  for (const { name, run } of checkpointerConformance(() => store, { synchronous: true, reopen: () => opened(file('shared.db')) })) test(name, run);
});

describe('a SQLite file', () => {
  test('K1 is written through to the disk, and read while it is written', async () => {
    const database = new Database(file('pragmas.db'));
    const store = opened(database);
    await all(store.commit(commitOf('c1', undefined), 'owner'));
    expect(database.prepare('PRAGMA journal_mode').all()).toEqual([{ journal_mode: 'wal' }]);
    expect(database.prepare('SELECT synchronous FROM pragma_synchronous').all()).toEqual([{ synchronous: 2 }]);
    store.close();
    expect(database.prepare('SELECT id FROM rivulet_checkpoint').all()).toEqual([{ id: 'c1' }]);
    database.close();
  });

  test('K1 holds what was committed when it is opened anew', async () => {
    const first = opened(file('anew.db'));
    await all(first.commit(commitOf('c1', undefined), 'owner'));
    first.close();
    expect(await failureOf(first.load(AT, undefined, []))).toMatchObject({ code: 'STORE_FAILED', reason: 'closed', transient: false });
    const second = opened(file('anew.db'));
    await all(second.commit(commitOf('c2', 'c1', '2'), 'owner'));
    expect(await all(second.load(AT, undefined, ['log']))).toMatchObject([{ id: 'c2', channels: new Map([['log', [{ json: '1' }, { json: '2' }]]]) }]);
  });

  test('that is full is STORE_FAILED, and holds what it held', async () => {
    const database = new Database(file('full.db'));
    const store = opened(database);
    await all(store.commit(commitOf('c1', undefined), 'owner'));
    database.exec('PRAGMA max_page_count = 60');
    expect(await failureOf(store.commit(commitOf('c2', 'c1', big), 'owner'))).toMatchObject({ code: 'STORE_FAILED', reason: 'full', cause: { code: 'SQLITE_FULL' } });
    expect(await failureOf(store.putPending(AT, 'c1', [{ taskId: 't', key: 'k', json: big }]))).toMatchObject({ reason: 'full' });
    await intact(store, 'c1');
    database.exec('PRAGMA max_page_count = 100000');
    await all(store.commit(commitOf('c2', 'c1', big), 'owner'));
    await intact(store, 'c2');
  });

  test('a commit that fails in its middle leaves nothing behind', async () => {
    const database = new Database(file('middle.db'));
    const store = opened(database);
    await all(store.commit(commitOf('c1', undefined), 'owner'));
    await all(store.putPending(AT, 'c1', [{ taskId: 't', key: 'k', json: '1' }]));
    database.exec("CREATE TRIGGER refuse BEFORE INSERT ON rivulet_entry WHEN new.channel = 'n' BEGIN SELECT RAISE(ABORT, 'no'); END");
    expect(await failureOf(store.commit(commitOf('c2', 'c1'), 'owner'))).toMatchObject({ code: 'STORE_FAILED', reason: 'other' });
    expect(await failureOf(store.commit(commitOf('x1', undefined, '1', { branch: 'x' }), 'owner'))).toMatchObject({ code: 'STORE_FAILED' });
    database.exec('DROP TRIGGER refuse');
    expect(await all(store.load(AT, undefined, ['log']))).toMatchObject([{ id: 'c1', pending: [{ taskId: 't' }], channels: new Map([['log', [{ json: '1' }]]]) }]);
    expect(await all(store.load({ ...AT, branch: 'x' }, undefined, []))).toEqual([]);
    await all(store.commit(commitOf('c2', 'c1', '2'), 'owner'));
    expect(await all(store.load(AT, undefined, ['log']))).toMatchObject([{ channels: new Map([['log', [{ json: '1' }, { json: '2' }]]]) }]);
  });

  test('that another process writes is waited for, then STORE_FAILED', async () => {
    const store = opened(file('locked.db'), { busyTimeoutMs: 30 });
    await all(store.commit(commitOf('c1', undefined), 'owner'));
    const other = new Database(file('locked.db'));
    other.exec('BEGIN IMMEDIATE');
    expect(await failureOf(store.commit(commitOf('c2', 'c1'), 'owner'))).toMatchObject({ code: 'STORE_FAILED', reason: 'locked', transient: true });
    await intact(store, 'c1');
    other.exec('ROLLBACK');
    other.close();
    await all(store.commit(commitOf('c2', 'c1'), 'owner'));
  });

  test('that is none is STORED_INVALID, and stays as it is', async () => {
    writeFileSync(file('text.db'), 'this is not a database. '.repeat(400));
    expect(await failureOf(opened(file('text.db')).load(AT, undefined, []))).toMatchObject({ code: 'STORED_INVALID', name: 'StoredError' });
    expect(readFileSync(file('text.db'), 'utf8')).toContain('this is not a database');
  });

  test('that is damaged is STORED_INVALID', async () => {
    const store = opened(file('whole.db'));
    for (let i = 0; i < 50; i++) await all(store.commit(commitOf(`c${i}`, i ? `c${i - 1}` : undefined, JSON.stringify('x'.repeat(5_000))), 'owner'));
    store.close();
    copyFileSync(file('whole.db'), file('damaged.db'));
    const bytes = readFileSync(file('damaged.db'));
    for (let page = 10; page * 4096 < statSync(file('damaged.db')).size; page++) bytes.fill(0xa5, page * 4096, page * 4096 + 512);
    writeFileSync(file('damaged.db'), bytes);
    const damaged = opened(file('damaged.db'));
    expect(await failureOf(damaged.load(AT, undefined, ['log']))).toMatchObject({ code: 'STORED_INVALID' });
  });

  test.each([
    ["UPDATE rivulet_checkpoint SET metadata = '{'", 'STORED_INVALID'],
    ["UPDATE rivulet_checkpoint SET metadata = '[]'", 'STORED_INVALID'],
    ["UPDATE rivulet_checkpoint SET body = x'00'", 'STORED_INVALID'],
    ["UPDATE rivulet_checkpoint SET id = '\"'", 'STORED_INVALID'],
    ["UPDATE rivulet_checkpoint SET step = 'many'", 'STORED_INVALID'],
    ['UPDATE rivulet_entry SET json = x\'00\'', 'STORED_INVALID'],
    ['DELETE FROM rivulet_checkpoint', 'STORED_INVALID'],
    ['UPDATE rivulet_checkpoint SET format = 7', 'STORED_NEWER'],
  ])('rows that no commit wrote are refused: %s', async (sql, code) => {
    const database = new Database(':memory:');
    const store = opened(database);
    await all(store.commit(commitOf('c1', undefined), 'owner'));
    database.exec(sql);
    expect(await failureOf(store.load(AT, undefined, ['log']))).toMatchObject({ code });
    database.close();
  });

  test('K9 of a newer version is refused, and not changed', async () => {
    const store = opened(file('newer.db'));
    await all(store.commit(commitOf('c1', undefined), 'owner'));
    store.close();
    const database = new Database(file('newer.db'));
    database.exec('INSERT INTO rivulet_migration VALUES (1000)');
    expect(await failureOf(opened(database).commit(commitOf('c2', 'c1'), 'owner'))).toMatchObject({ code: 'STORED_NEWER' });
    expect(database.prepare('SELECT id FROM rivulet_checkpoint').all()).toEqual([{ id: 'c1' }]);
    database.close();
  });

  test('that can not be opened is STORE_FAILED, down the stream', async () => {
    const store = opened(join(folder.path, 'no such folder', 'x.db'));
    expect(await failureOf(store.threads())).toMatchObject({ code: 'STORE_FAILED', reason: 'unreachable' });
    expect(() => sqliteCheckpointer('x.db', { busyTimeoutMs: -1 })).toThrow('busyTimeoutMs');
  });

  test('K7 prune gives back what nothing is made of any more', async () => {
    const database = new Database(':memory:');
    const store = opened(database);
    for (let i = 0; i < 50; i++) {
      const entries = [{ channel: 'last', kind: 'snapshot', json: '1' }, { channel: 'log', kind: i === 40 ? 'snapshot' : 'delta', json: '1' }] as const;
      await all(store.commit(commitOf(`c${i}`, i ? `c${i - 1}` : undefined, '', { entries }), 'owner'));
    }
    expect(await all(store.prune(AT.thread, { keepLast: 1 }))).toEqual([49]);
    expect(database.prepare('SELECT channel, count(*) AS entries FROM rivulet_entry GROUP BY channel ORDER BY channel').all()).toEqual([{ channel: 'last', entries: 1 }, { channel: 'log', entries: 10 }]);
    await all(store.deleteThread(AT.thread));
    for (const table of ['line', 'checkpoint', 'entry', 'pending', 'lease']) expect(database.prepare(`SELECT * FROM rivulet_${table}`).all()).toEqual([]);
    database.close();
  });

  test('a consumer may work on the store while it is told of it', async () => {
    const store = opened(':memory:');
    await all(store.commit(commitOf('c1', undefined), 'owner'));
    const heads: string[] = [];
    store.load(AT, undefined, []).subscribe(({ id }) => store.commit(commitOf('c2', id), 'owner').subscribe());
    store.history(AT).subscribe(({ id }) => {
      heads.push(id);
      if (heads.length === 1) store.prune(AT.thread, { keepLast: 1 }).subscribe();
    });
    expect(heads.slice(0, 1)).toEqual(['c2']);
    expect((await all(store.history(AT))).map(({ id }) => id)).toEqual(['c2']);
  });
});
