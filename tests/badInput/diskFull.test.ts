import Database from 'libsql';
import { afterAll, describe, expect, test } from '@jest/globals';
import { lastValueFrom, toArray } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import { sqliteCheckpointer } from '../../src/pregel/checkpoints/sqlite/sqliteCheckpointer.js';
import type { CompiledGraph } from '../../src/pregel/compiledGraph.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { temporaryFolder } from '../checkpoints/temporaryFolder.js';

const STEPS = 40;
const PAGE = 'x'.repeat(4_000);

const folder = temporaryFolder();

afterAll(() => folder.remove());

describe('a disk that is full', () => {
  test('fails the run with STORE_FAILED; the checkpoint before is intact, and the run goes on from it once there is room', async () => {
    const database = new Database(`${folder.path}/full.db`);
    const store = sqliteCheckpointer(database);
    const ran: number[] = [];
    // `quick` finishes first, and needs room for its kept writes, too.
    const graph = new StateGraph({ pages: append<string>(), n: lastValue(0) })
      .addNode('begin', () => ({}))
      .addNode('quick', ({ n }) => void ran.push(n))
      .addNode('write', ({ n }) => ({ pages: PAGE, n: n + 1 }))
      .addEdge(START, 'begin').addEdge('begin', 'quick').addEdge('begin', 'write')
      .addConditionalEdges('write', ({ n }) => (n < STEPS ? ['write', 'quick'] : END))
      .compile({ checkpointer: store }) as CompiledGraph<object, { readonly pages: readonly string[]; readonly n: number }>;
    const config = { thread: 'growing', recursionLimit: STEPS + 1 };
    const end = async (): Promise<unknown> => graph.invoke(null, config).then(({ n, pages }) => ({ n, pages: pages.length }), (error: unknown) => error);

    await graph.updateState(config, {}, 'begin');
    database.exec('PRAGMA max_page_count = 45');
    expect(await end()).toMatchObject({ code: 'STORE_FAILED', reason: 'full', transient: false, cause: { code: 'SQLITE_FULL' } });
    const stopped = await graph.getState(config);
    expect([stopped?.values.pages.length, stopped?.next]).toEqual([stopped?.values.n, ['quick', 'write']]);
    expect(stopped?.values.n).toBeGreaterThan(5);
    expect(await end()).toMatchObject({ code: 'STORE_FAILED', reason: 'full' });
    expect(await graph.getState(config)).toEqual(stopped);

    database.exec('PRAGMA max_page_count = 10000');
    expect(await end()).toEqual({ n: STEPS, pages: STEPS });
    const history = await lastValueFrom(graph.getStateHistory(config).pipe(toArray()));
    expect(history.map(({ values }) => values.n)).toEqual(Array.from({ length: STEPS + 1 }, (_, i) => STEPS - i));
    expect(new Set(ran)).toEqual(new Set(Array.from({ length: STEPS }, (_, i) => i)));
    database.close();
  });
});
