import { assertEqual } from '../assertEqual.js';
import { delta, snapshot, textsOf, type ConformanceCase } from './CheckpointerProbe.js';

const WRITERS = 8;

/** What a commit stores, and when it is refused. */
export const commitCases: readonly ConformanceCase[] = [
  {
    name: 'K1 a commit is loaded as it was made',
    run: async (probe) => {
      const commit = probe.commitOf('c1', { step: -1, createdAt: 12.5, metadata: { source: 'input', step: -1, runId: 'r', traceId: 't' }, entries: [snapshot('a', { x: [1] }), delta('b', '[2]')] });
      await probe.done(probe.store.commit(commit, 'owner'));
      const { channels, pending, ...head } = await probe.load(probe.at(), undefined, ['a', 'b', 'never written']);
      const { entries, ...expected } = commit;
      assertEqual(head, expected);
      assertEqual([...channels], entries.map((entry) => [entry.channel, [entry]]));
      assertEqual(pending, []);
      assertEqual(await probe.all(probe.store.history(probe.at())), [expected]);
    },
  },
  {
    name: 'K1 only the channels that are wanted are loaded',
    run: async (probe) => {
      await probe.commit('c1', { entries: [snapshot('a', 1), snapshot('b', 2)] });
      assertEqual(await probe.texts(probe.at(), undefined, ['b']), { b: ['2'] });
      assertEqual(await probe.texts(probe.at(), undefined, []), {});
    },
  },
  {
    name: 'where nothing is, nothing is found, and that is no error',
    run: async (probe) => {
      const { store, thread } = probe;
      await probe.done(store.load(probe.at(), undefined, ['a']));
      await probe.done(store.load(probe.at(), 'c1', ['a']));
      await probe.done(store.history(probe.at()));
      await probe.refused('UNKNOWN_CHECKPOINT', store.history(probe.at(), { before: 'c1' }));
      await probe.done(store.release(thread, 'owner'));
      await probe.done(store.deleteThread(thread));
      assertEqual(await probe.all(store.prune(thread, { keepLast: 1 })), [0]);
    },
  },
  {
    name: 'every method is cold',
    run: async (probe) => {
      const commit = probe.store.commit(probe.commitOf('c1'), 'owner');
      probe.store.acquire(probe.thread, 'other', 60_000);
      await probe.done(probe.store.load(probe.at(), undefined, []));
      await probe.done(commit);
      await probe.refused('STALE_CHECKPOINT', commit);
    },
  },
  {
    name: 'a channel that did not change is loaded as it was written last',
    run: async (probe) => {
      await probe.commit('c1', { entries: [snapshot('a', 1), snapshot('b', 1)] });
      await probe.commit('c2', { parentId: 'c1', step: 1, entries: [snapshot('b', 2)] });
      await probe.commit('c3', { parentId: 'c2', step: 2 });
      assertEqual(await probe.texts(probe.at(), undefined, ['a', 'b']), { a: ['1'], b: ['2'] });
      assertEqual(await probe.texts(probe.at(), 'c1', ['a', 'b']), { a: ['1'], b: ['1'] });
    },
  },
  {
    name: 'C10 a channel is its last snapshot and the deltas since, oldest first',
    run: async (probe) => {
      const written = [delta('log', '1'), delta('log', '2'), snapshot('log', [1, 2]), delta('log', '3'), delta('log', '4'), snapshot('log', [1, 2, 3, 4])];
      for (const [i, entry] of written.entries()) await probe.commit(`c${i}`, { parentId: i ? `c${i - 1}` : undefined, step: i, entries: [entry] });
      const loaded = await Promise.all(written.map(async (_, i) => (await probe.load(probe.at(), `c${i}`)).channels.get('log')));
      const [d1, d2, s2, d3, d4, s4] = written;
      assertEqual(loaded, [[d1], [d1, d2], [s2], [s2, d3], [s2, d3, d4], [s4]]);
    },
  },
  {
    name: 'K1 a second commit on one parent is refused, and nothing of it is there',
    run: async (probe) => {
      await probe.grow('c', 2);
      const late = { step: 9, entries: [snapshot('n', 'late'), delta('log', '"late"')] };
      for (const parentId of [undefined, 'c1', 'nobody']) {
        await probe.refused('STALE_CHECKPOINT', probe.store.commit(probe.commitOf('late', { ...late, parentId }), 'owner'));
      }
      await probe.refused('STALE_CHECKPOINT', probe.store.commit(probe.commitOf('late', { ...late, branch: 'other', parentId: 'c2' }), 'owner'));
      await probe.done(probe.store.load(probe.at(), 'late', []));
      assertEqual(await probe.history(), ['c2', 'c1']);
      await probe.grow('c', 1, { from: 3, parentId: 'c2' });
      assertEqual(await probe.texts(), { n: ['3'], log: ['"c1"', '"c2"', '"c3"'] });
    },
  },
  {
    name: 'K1 a commit is not made twice',
    run: async (probe) => {
      await probe.grow('c', 2);
      await probe.refused('STALE_CHECKPOINT', probe.store.commit(probe.commitOf('c2', { parentId: 'c1' }), 'owner'));
      await probe.refused('STALE_CHECKPOINT', probe.store.commit(probe.commitOf('c1', { parentId: 'c2', entries: [snapshot('n', 'again')] }), 'owner'));
      assertEqual(await probe.texts(), { n: ['2'], log: ['"c1"', '"c2"'] });
      assertEqual((await probe.load()).id, 'c2');
    },
  },
  {
    name: 'K1 of writers on one parent at once, exactly one succeeds',
    run: async (probe) => {
      const handles = [probe.store, await probe.reopened()];
      for (const parentId of [undefined, 'winner']) {
        const outcomes = await Promise.all(
          Array.from({ length: WRITERS }, async (_, i) => {
            const commit = probe.commitOf(`${parentId ?? 'first'} ${i}`, { parentId, entries: [snapshot('n', i), delta('log', String(i))] });
            return probe.outcome((handles[i % 2] ?? probe.store).commit(commit, 'owner'));
          }),
        );
        assertEqual([...outcomes].sort(), [...Array<string>(WRITERS - 1).fill('STALE_CHECKPOINT'), 'done'].sort());
        const winner = outcomes.indexOf('done');
        const head = await probe.load();
        assertEqual([head.id, textsOf(head)['n']], [`${parentId ?? 'first'} ${winner}`, [String(winner)]]);
        if (parentId === undefined) await probe.commit('winner', { parentId: head.id });
      }
    },
  },
  {
    name: 'F7 a commit whose subscriber leaves is made whole or not at all',
    run: async (probe) => {
      const commit = probe.commitOf('c1', { entries: [snapshot('n', 1)] });
      probe.store.commit(commit, 'owner').subscribe().unsubscribe();
      const outcome = await probe.outcome(probe.store.commit(commit, 'owner'));
      assertEqual(['done', 'STALE_CHECKPOINT'].includes(outcome), true);
      assertEqual(await probe.texts(), { n: ['1'] });
    },
  },
  {
    name: 'namespaces of one thread have heads of their own',
    run: async (probe) => {
      await probe.grow('c', 2);
      await probe.grow('sub', 3, { namespace: 'node:1' });
      assertEqual(await probe.history(), ['c2', 'c1']);
      assertEqual(await probe.history(probe.at('main', 'node:1')), ['sub3', 'sub2', 'sub1']);
      await probe.done(probe.store.load(probe.at(), 'sub1', []));
    },
  },
  {
    name: 'K9 a checkpoint of a newer format is refused, and the others are read',
    run: async (probe) => {
      await probe.grow('c', 1);
      await probe.commit('newer', { parentId: 'c1', format: 1_000_000 });
      await probe.refused('STORED_NEWER', probe.store.load(probe.at(), undefined, []));
      await probe.refused('STORED_NEWER', probe.store.history(probe.at()));
      assertEqual((await probe.load(probe.at(), 'c1')).id, 'c1');
    },
  },
];
