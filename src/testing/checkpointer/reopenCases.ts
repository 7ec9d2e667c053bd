import { assertEqual } from '../assertEqual.js';
import { CheckpointerProbe, type ConformanceCase } from './CheckpointerProbe.js';

/** What another handle on the same data sees: after a restart, or in another process. */
export const reopenCases: readonly ConformanceCase[] = [
  {
    name: 'K1 what was committed is there for another handle',
    run: async (probe) => {
      await probe.grow('c', 3);
      await probe.done(probe.store.fork(probe.at(), 'c2', 'left'));
      await probe.done(probe.store.putPending(probe.at(), 'c3', [{ taskId: 't', key: 'k', json: '1' }]));
      const other = await otherOf(probe);
      assertEqual(await other.texts(), await probe.texts());
      assertEqual((await other.load()).pending, [{ taskId: 't', key: 'k', json: '1' }]);
      assertEqual(await other.history(other.at('left')), ['c2', 'c1']);
      await other.grow('c', 1, { from: 4, parentId: 'c3' });
      assertEqual((await probe.load()).id, 'c4');
    },
  },
  {
    name: 'K1 leases and the fence hold between handles',
    run: async (probe) => {
      const other = await otherOf(probe);
      await probe.grow('c', 1);
      await probe.one(probe.store.acquire(probe.thread, 'a', 600_000));
      await probe.refused('THREAD_BUSY', other.store.acquire(probe.thread, 'b', 600_000));
      await probe.refused('LEASE_LOST', other.store.commit(probe.commitOf('c2', { parentId: 'c1' }), 'b'));
      await probe.done(other.store.release(probe.thread, 'a'));
      await probe.done(other.store.commit(probe.commitOf('c2', { parentId: 'c1' }), 'b'));
      await probe.refused('STALE_CHECKPOINT', probe.store.commit(probe.commitOf('d2', { parentId: 'c1' }), 'a'));
    },
  },
];

async function otherOf(probe: CheckpointerProbe): Promise<CheckpointerProbe> {
  const store = await probe.reopened();
  return Object.assign(new CheckpointerProbe(store, probe.reopened), { thread: probe.thread });
}
