import { assertEqual } from '../assertEqual.js';
import { delta, snapshot, type ConformanceCase } from './CheckpointerProbe.js';

const DAY_MS = 86_400_000;

/** What is removed, and what isn't. */
export const retentionCases: readonly ConformanceCase[] = [
  {
    name: 'K7 prune keeps the newest, and they load as before',
    run: async (probe) => {
      await probe.grow('c', 10);
      const before = [await probe.texts(), await probe.texts(probe.at(), 'c9')];
      assertEqual(await probe.one(probe.store.prune(probe.thread, { keepLast: 2 })), 8);
      assertEqual(await probe.history(), ['c10', 'c9']);
      assertEqual([await probe.texts(), await probe.texts(probe.at(), 'c9')], before);
      await probe.done(probe.store.load(probe.at(), 'c8', ['n']));
      await probe.refused('UNKNOWN_CHECKPOINT', probe.store.fork(probe.at(), 'c8', 'left'));
      assertEqual(await probe.one(probe.store.prune(probe.thread, { keepLast: 2 })), 0);
      await probe.grow('c', 1, { from: 11, parentId: 'c10' });
      assertEqual((await probe.texts())['log']?.length, 11);
    },
  },
  {
    name: 'K7 prune keeps the heads, whatever it is told',
    run: async (probe) => {
      await probe.grow('c', 4);
      await probe.grow('sub', 2, { namespace: 'sub' });
      await probe.done(probe.store.fork(probe.at(), 'c2', 'left'));
      assertEqual(await probe.one(probe.store.prune(probe.thread, { keepLast: 0 })), 3);
      assertEqual([await probe.history(), await probe.history(probe.at('left')), await probe.history(probe.at('main', 'sub'))], [['c4', 'c2'], ['c2'], ['sub2']]);
      assertEqual(await probe.texts(probe.at('left')), { n: ['2'], log: ['"c1"', '"c2"'] });
      assertEqual(await probe.texts(), { n: ['4'], log: ['"c1"', '"c2"', '"c3"', '"c4"'] });
    },
  },
  {
    name: 'K7 prune counts a branch back over where it was forked',
    run: async (probe) => {
      await probe.grow('c', 6);
      await probe.done(probe.store.fork(probe.at(), 'c3', 'left'));
      await probe.grow('l', 1, { branch: 'left', from: 4, parentId: 'c3' });
      assertEqual(await probe.one(probe.store.prune(probe.thread, { keepLast: 3 })), 1);
      assertEqual(await probe.history(), ['c6', 'c5', 'c4', 'c3', 'c2']);
      assertEqual(await probe.history(probe.at('left')), ['l4', 'c3', 'c2']);
      assertEqual(await probe.texts(probe.at('left')), { n: ['4'], log: ['"c1"', '"c2"', '"c3"', '"l4"'] });
    },
  },
  {
    name: 'K7 prune by age keeps what is younger, and with both limits what either keeps',
    run: async (probe) => {
      await probe.grow('c', 5);
      const prune = async (options: Parameters<typeof probe.store.prune>[1]) => probe.one(probe.store.prune(probe.thread, options));
      assertEqual(await prune({}), 0);
      assertEqual(await prune({ maxAgeMs: DAY_MS }), 0);
      assertEqual(await prune({ maxAgeMs: DAY_MS, keepLast: 1 }), 0);
      assertEqual(await prune({ maxAgeMs: 0, keepLast: 3 }), 2);
      assertEqual(await prune({ maxAgeMs: 0 }), 2);
      assertEqual(await probe.history(), ['c5']);
      assertEqual((await probe.texts())['log']?.length, 5);
      for (const options of [{ keepLast: -1 }, { keepLast: 1.5 }, { maxAgeMs: -1 }]) await probe.refused('INVALID_OPTION', probe.store.prune(probe.thread, options));
    },
  },
  {
    name: 'K7 prune leaves snapshots that deltas stand on, over branches too',
    run: async (probe) => {
      await probe.commit('c1', { entries: [snapshot('log', [1]), snapshot('n', 1)] });
      await probe.commit('c2', { parentId: 'c1', entries: [delta('log', '[2]')] });
      await probe.done(probe.store.fork(probe.at(), 'c2', 'left'));
      await probe.commit('c3', { parentId: 'c2', entries: [snapshot('log', [1, 2]), delta('other', '1')] });
      await probe.commit('c4', { parentId: 'c3', entries: [delta('other', '2')] });
      await probe.commit('l3', { branch: 'left', parentId: 'c2', entries: [delta('log', '[3]')] });
      await probe.commit('l4', { branch: 'left', parentId: 'l3' });
      await probe.one(probe.store.prune(probe.thread, { keepLast: 1 }));
      assertEqual([await probe.history(), await probe.history(probe.at('left'))], [['c4'], ['l4']]);
      assertEqual(await probe.texts(probe.at(), undefined, ['log', 'n', 'other']), { log: ['[1,2]'], n: ['1'], other: ['1', '2'] });
      assertEqual(await probe.texts(probe.at('left'), undefined, ['log', 'n', 'other']), { log: ['[1]', '[2]', '[3]'], n: ['1'] });
    },
  },
  {
    name: 'K7 deleteThread removes every branch and namespace, and nobody else\'s',
    run: async (probe) => {
      const others = [`${probe.thread}2`, `${probe.thread}%`, `${probe.thread}*`, probe.thread.toUpperCase(), `_${probe.thread.slice(1)}`];
      for (const thread of others) await probe.commit('c1', { thread, entries: [snapshot('n', thread)] });
      await probe.grow('c', 3);
      await probe.grow('sub', 2, { namespace: 'sub' });
      await probe.done(probe.store.fork(probe.at(), 'c1', 'left'));
      await probe.done(probe.store.putPending(probe.at(), 'c3', [{ taskId: 't', key: 'k', json: '1' }]));
      await probe.one(probe.store.acquire(probe.thread, 'a', DAY_MS));
      await probe.done(probe.store.deleteThread(probe.thread));
      for (const at of [probe.at(), probe.at('left'), probe.at('main', 'sub')]) await probe.done(probe.store.load(at, undefined, ['n']));
      await probe.refused('LEASE_LOST', probe.store.renew(probe.thread, 'a', DAY_MS));
      await probe.refused('STALE_CHECKPOINT', probe.store.commit(probe.commitOf('c4', { parentId: 'c3' }), 'a'));
      for (const thread of others) assertEqual(await probe.texts({ ...probe.at(), thread }), { n: [JSON.stringify(thread)] });
      await probe.commit('c1', { entries: [snapshot('n', 'anew')] });
      const { pending, channels } = await probe.load(probe.at(), 'c1');
      assertEqual([pending, channels.get('n')?.length, channels.has('log')], [[], 1, false]);
      for (const thread of others) await probe.done(probe.store.deleteThread(thread));
    },
  },
  {
    name: 'K7 prune leaves other threads alone',
    run: async (probe) => {
      const thread = `${probe.thread}%`;
      await probe.grow('c', 3);
      await probe.grow('c', 3, { thread });
      await probe.one(probe.store.prune(thread, { keepLast: 1 }));
      assertEqual((await probe.history()).length, 3);
      await probe.done(probe.store.deleteThread(thread));
    },
  },
  {
    name: 'threads are listed, the one committed to last first',
    run: async (probe) => {
      const names = [`${probe.thread} a`, `${probe.thread} b`];
      for (const thread of names) await probe.commit('c1', { thread });
      const [first] = await probe.all(probe.store.threads({ limit: 1 }));
      const found = (await probe.all(probe.store.threads())).filter(({ thread }) => names.includes(thread));
      assertEqual(found.map(({ thread }) => thread).sort(), names);
      assertEqual(found.every(({ updatedAt }) => typeof updatedAt === 'number' && updatedAt <= (first?.updatedAt ?? 0)), true);
      assertEqual(await probe.all(probe.store.threads({ limit: 0 })), []);
      for (const thread of names) await probe.done(probe.store.deleteThread(thread));
    },
  },
];
