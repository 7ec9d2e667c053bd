import { assertEqual } from '../assertEqual.js';
import type { ConformanceCase } from './CheckpointerProbe.js';

const LONG_MS = 600_000;

/** Who may work on a thread, and what of its work is kept until the commit. */
export const leaseCases: readonly ConformanceCase[] = [
  {
    name: 'K1 a thread has one owner at a time',
    run: async (probe) => {
      const { store, thread } = probe;
      const lease = await probe.one(store.acquire(thread, 'a', LONG_MS));
      assertEqual([lease.thread, lease.owner], [thread, 'a']);
      await probe.refused('THREAD_BUSY', store.acquire(thread, 'b', LONG_MS));
      await probe.refused('LEASE_LOST', store.renew(thread, 'b', LONG_MS));
      const again = await probe.one(store.acquire(thread, 'a', LONG_MS));
      const renewed = await probe.one(store.renew(thread, 'a', 2 * LONG_MS));
      assertEqual([again.expiresAt >= lease.expiresAt, renewed.expiresAt > again.expiresAt], [true, true]);
      await probe.done(store.release(thread, 'b'));
      await probe.refused('THREAD_BUSY', store.acquire(thread, 'b', LONG_MS));
      await probe.done(store.release(thread, 'a'));
      await probe.refused('LEASE_LOST', store.renew(thread, 'a', LONG_MS));
      await probe.one(store.acquire(thread, 'b', LONG_MS));
      await probe.done(store.release(thread, 'b'));
    },
  },
  {
    name: 'K1 an expired lease is held until another takes it over',
    run: async (probe) => {
      const { store, thread } = probe;
      await probe.one(store.acquire(thread, 'a', 0));
      await probe.one(store.renew(thread, 'a', 0));
      await probe.one(store.acquire(thread, 'b', LONG_MS));
      await probe.refused('LEASE_LOST', store.renew(thread, 'a', LONG_MS));
      await probe.done(store.release(thread, 'a'));
      await probe.refused('THREAD_BUSY', store.acquire(thread, 'a', LONG_MS));
    },
  },
  {
    name: 'K1 of owners who want a thread at once, exactly one gets it',
    run: async (probe) => {
      const outcomes = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(async (owner) => probe.outcome(probe.store.acquire(probe.thread, owner, LONG_MS))));
      assertEqual(outcomes.sort(), [...Array<string>(5).fill('THREAD_BUSY'), 'done']);
    },
  },
  {
    name: 'K1 while another holds the thread a commit is LEASE_LOST; when nobody does it is made',
    run: async (probe) => {
      const { store, thread } = probe;
      await probe.one(store.acquire(thread, 'a', LONG_MS));
      await probe.refused('LEASE_LOST', store.commit(probe.commitOf('c1'), 'b'));
      await probe.done(store.load(probe.at(), undefined, []));
      await probe.done(store.commit(probe.commitOf('c1'), 'a'));
      await probe.one(store.renew(thread, 'a', 0));
      await probe.done(store.commit(probe.commitOf('c2', { parentId: 'c1' }), 'b'));
      await probe.done(store.release(thread, 'a'));
      await probe.done(store.commit(probe.commitOf('c3', { parentId: 'c2' }), 'b'));
      assertEqual(await probe.history(), ['c3', 'c2', 'c1']);
    },
  },
  {
    name: 'K1 the lease of a thread is no other thread\'s',
    run: async (probe) => {
      await probe.one(probe.store.acquire(`${probe.thread}%`, 'a', LONG_MS));
      await probe.commit('c1');
      await probe.one(probe.store.acquire(probe.thread, 'b', LONG_MS));
      await probe.done(probe.store.deleteThread(`${probe.thread}%`));
    },
  },
  {
    name: 'a lease that can\'t be meant is INVALID_OPTION',
    run: async (probe) => {
      for (const leaseMs of [-1, NaN, Infinity]) await probe.refused('INVALID_OPTION', probe.store.acquire(probe.thread, 'a', leaseMs));
      await probe.one(probe.store.acquire(probe.thread, 'b', 0));
    },
  },
  {
    name: 'K3 work is kept under its checkpoint, in order, and the first of a key stays',
    run: async (probe) => {
      const row = (taskId: string, key: string, json: string) => ({ taskId, key, json });
      await probe.grow('c', 1);
      await probe.done(probe.store.putPending(probe.at(), 'c1', [row('t2', 'writes', '[1]'), row('t1', 'open:x', '{"ask":true}')]));
      await probe.done(probe.store.putPending(probe.at(), 'c1', [row('t1', 'open:x', '"later"'), row('t1', 'writes', '[2]'), row('t1', 'writes', '[3]')]));
      const kept = [row('t2', 'writes', '[1]'), row('t1', 'open:x', '{"ask":true}'), row('t1', 'writes', '[2]')];
      assertEqual((await probe.load()).pending, kept);
      assertEqual((await probe.load(probe.at(), 'c1')).pending, kept);
      await probe.done(probe.store.putPending(probe.at(), 'c1', []));
    },
  },
  {
    name: 'K3 a commit takes the work of its parent along, but not what came early for itself',
    run: async (probe) => {
      await probe.grow('c', 1);
      await probe.done(probe.store.putPending(probe.at(), 'c1', [{ taskId: 't1', key: 'writes', json: '[1]' }]));
      await probe.done(probe.store.putPending(probe.at(), 'c2', [{ taskId: 't2', key: 'writes', json: '[2]' }]));
      await probe.refused('STALE_CHECKPOINT', probe.store.commit(probe.commitOf('c9', { parentId: 'c0' }), 'owner'));
      assertEqual((await probe.load()).pending.length, 1);
      await probe.grow('c', 1, { from: 2, parentId: 'c1' });
      assertEqual((await probe.load(probe.at(), 'c1')).pending, []);
      assertEqual((await probe.load()).pending, [{ taskId: 't2', key: 'writes', json: '[2]' }]);
    },
  },
  {
    name: 'K3 there is no work on a branch that isn\'t there',
    run: async (probe) => {
      const rows = [{ taskId: 't1', key: 'writes', json: '[1]' }];
      await probe.refused('UNKNOWN_CHECKPOINT', probe.store.putPending(probe.at(), 'c1', rows));
      await probe.grow('c', 1);
      await probe.refused('UNKNOWN_CHECKPOINT', probe.store.putPending(probe.at('other'), 'c1', rows));
    },
  },
];
