import { assertEqual } from '../assertEqual.js';
import { delta, snapshot, type ConformanceCase } from './CheckpointerProbe.js';

/** Branches: each reads its own, on top of what it was forked from. */
export const forkCases: readonly ConformanceCase[] = [
  {
    name: 'K2 two forks of one checkpoint read only their own values',
    run: async (probe) => {
      await probe.grow('c', 3);
      await probe.done(probe.store.fork(probe.at(), 'c2', 'left'));
      await probe.done(probe.store.fork(probe.at(), 'c2', 'right'));
      await probe.grow('l', 2, { branch: 'left', from: 3, parentId: 'c2' });
      await probe.grow('r', 1, { branch: 'right', from: 3, parentId: 'c2' });
      await probe.grow('c', 1, { from: 4, parentId: 'c3' });
      assertEqual(await probe.texts(), { n: ['4'], log: ['"c1"', '"c2"', '"c3"', '"c4"'] });
      assertEqual(await probe.texts(probe.at('left')), { n: ['4'], log: ['"c1"', '"c2"', '"l3"', '"l4"'] });
      assertEqual(await probe.texts(probe.at('right')), { n: ['3'], log: ['"c1"', '"c2"', '"r3"'] });
      assertEqual(await probe.texts(probe.at('left'), 'c1'), { n: ['1'], log: ['"c1"'] });
    },
  },
  {
    name: 'K2 a fork is what it was forked from until it is committed to',
    run: async (probe) => {
      await probe.grow('c', 3);
      await probe.done(probe.store.fork(probe.at(), 'c2', 'left'));
      const { pending, ...head } = await probe.load(probe.at('left'));
      assertEqual([head.id, head.branch, pending], ['c2', 'main', []]);
      assertEqual(await probe.history(probe.at('left')), ['c2', 'c1']);
      await probe.refused('STALE_CHECKPOINT', probe.store.commit(probe.commitOf('l4', { branch: 'left', parentId: 'c3' }), 'owner'));
    },
  },
  {
    name: 'C10 deltas of a fork stand on the snapshot of what it was forked from',
    run: async (probe) => {
      await probe.commit('c1', { entries: [snapshot('log', [1])] });
      await probe.commit('c2', { parentId: 'c1', entries: [delta('log', '[2]')] });
      await probe.commit('c3', { parentId: 'c2', entries: [snapshot('log', 'not the fork\'s')] });
      await probe.done(probe.store.fork(probe.at(), 'c2', 'a'));
      await probe.commit('a3', { branch: 'a', parentId: 'c2', entries: [delta('log', '[3]')] });
      await probe.done(probe.store.fork(probe.at('a'), 'a3', 'b'));
      await probe.commit('a4', { branch: 'a', parentId: 'a3', entries: [delta('log', '[4]')] });
      await probe.commit('b4', { branch: 'b', parentId: 'a3', entries: [delta('log', '[5]')] });
      assertEqual(await probe.texts(probe.at('b')), { log: ['[1]', '[2]', '[3]', '[5]'] });
      assertEqual(await probe.history(probe.at('b')), ['b4', 'a3', 'c2', 'c1']);
      await probe.commit('b5', { branch: 'b', parentId: 'b4', entries: [snapshot('log', 'whole')] });
      assertEqual(await probe.texts(probe.at('b')), { log: ['"whole"'] });
    },
  },
  {
    name: 'K2 the work of a fork is its own',
    run: async (probe) => {
      const row = { taskId: 't', key: 'writes', json: '[1]' };
      await probe.grow('c', 2);
      await probe.done(probe.store.putPending(probe.at(), 'c2', [row]));
      await probe.done(probe.store.fork(probe.at(), 'c2', 'left'));
      assertEqual((await probe.load(probe.at('left'))).pending, []);
      await probe.done(probe.store.putPending(probe.at('left'), 'c2', [{ ...row, json: '[2]' }]));
      assertEqual((await probe.load()).pending, [row]);
      await probe.grow('c', 1, { from: 3, parentId: 'c2' });
      await probe.done(probe.store.putPending(probe.at(), 'c3', [row]));
      assertEqual((await probe.load(probe.at('left'), 'c3')).pending, [row]);
      await probe.grow('l', 1, { branch: 'left', from: 3, parentId: 'c2' });
      assertEqual((await probe.load()).pending, [row]);
      assertEqual((await probe.load(probe.at('left'), 'c2')).pending, []);
    },
  },
  {
    name: 'K6 a fork needs a checkpoint that is there and a name that isn\'t',
    run: async (probe) => {
      await probe.refused('UNKNOWN_CHECKPOINT', probe.store.fork(probe.at(), 'c1', 'left'));
      await probe.grow('c', 1);
      await probe.refused('UNKNOWN_CHECKPOINT', probe.store.fork(probe.at(), 'c9', 'left'));
      await probe.refused('BRANCH_EXISTS', probe.store.fork(probe.at(), 'c1', 'main'));
      await probe.done(probe.store.fork(probe.at(), 'c1', 'left'));
      await probe.refused('BRANCH_EXISTS', probe.store.fork(probe.at(), 'c1', 'left'));
      assertEqual(await probe.history(probe.at('left')), ['c1']);
    },
  },
  {
    name: 'K6 a checkpoint is found by its id in whatever branch it is, one\'s own first',
    run: async (probe) => {
      await probe.grow('c', 2);
      await probe.done(probe.store.fork(probe.at(), 'c1', 'left'));
      await probe.done(probe.store.fork(probe.at(), 'c1', 'right'));
      for (const branch of ['left', 'right']) await probe.commit('same id', { branch, parentId: 'c1', entries: [snapshot('n', branch)] });
      assertEqual(await probe.texts(probe.at('right'), 'same id'), { n: ['"right"'], log: ['"c1"'] });
      assertEqual(await probe.texts(probe.at('left'), 'same id'), { n: ['"left"'], log: ['"c1"'] });
      assertEqual((await probe.load(probe.at('left'), 'c2')).id, 'c2');
      assertEqual((await probe.load(probe.at('nowhere'), 'c2')).branch, 'main');
      for (const [from, id, fork, history] of [['left', 'c2', 'far', ['c2', 'c1']], ['right', 'same id', 'near', ['same id', 'c1']]] as const) {
        await probe.done(probe.store.fork(probe.at(from), id, fork));
        assertEqual(await probe.history(probe.at(fork)), history);
      }
      assertEqual(await probe.texts(probe.at('near')), { n: ['"right"'], log: ['"c1"'] });
    },
  },
  {
    name: 'K6 history runs back through the branches, by limit, before and source',
    run: async (probe) => {
      await probe.commit('in', { metadata: { source: 'input', step: 0, runId: 'r', traceId: 't' } });
      await probe.grow('c', 3, { parentId: 'in' });
      await probe.done(probe.store.fork(probe.at(), 'c2', 'left'));
      await probe.grow('l', 2, { branch: 'left', parentId: 'c2', from: 3 });
      const left = probe.at('left');
      assertEqual(await probe.history(left), ['l4', 'l3', 'c2', 'c1', 'in']);
      assertEqual(await probe.history(left, { limit: 3 }), ['l4', 'l3', 'c2']);
      assertEqual(await probe.history(left, { limit: 0 }), []);
      assertEqual(await probe.history(left, { before: 'l4', limit: 2 }), ['l3', 'c2']);
      assertEqual(await probe.history(left, { before: 'c2' }), ['c1', 'in']);
      assertEqual(await probe.history(left, { before: 'in' }), []);
      assertEqual(await probe.history(left, { source: 'input' }), ['in']);
      assertEqual(await probe.history(left, { source: 'update' }), []);
      for (const before of ['c3', 'nobody']) await probe.refused('UNKNOWN_CHECKPOINT', probe.store.history(left, { before }));
      await probe.refused('INVALID_OPTION', probe.store.history(left, { limit: -1 }));
      const branches = (await probe.all(probe.store.history(left))).map(({ branch }) => branch);
      assertEqual(branches, ['left', 'left', 'main', 'main', 'main']);
    },
  },
  {
    name: 'K6 a long history comes whole and in order, and can be left in the middle',
    run: async (probe) => {
      await probe.grow('c', 300);
      assertEqual(await probe.history(), Array.from({ length: 300 }, (_, i) => `c${300 - i}`));
      assertEqual((await probe.history(probe.at(), { before: 'c201', limit: 101 })).at(-1), 'c100');
      const some: string[] = [];
      await new Promise<void>((resolve, reject) => {
        const reading = probe.store.history(probe.at()).subscribe({
          next: ({ id }) => {
            if (some.push(id) < 3) return;
            queueMicrotask(() => reading.unsubscribe());
            resolve();
          },
          error: reject,
        });
      });
      assertEqual(some.slice(0, 3), ['c300', 'c299', 'c298']);
    },
  },
];
