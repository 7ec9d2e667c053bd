import { defaultIfEmpty, defer, delay, EMPTY, map, mergeMap, toArray, type Observable } from 'rxjs';
import { describe, expect, test } from '@jest/globals';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import type { Checkpointer, Commit, StoredCheckpoint } from '../../src/pregel/checkpoints/Checkpointer.js';
import { checkpointerConformance } from '../../src/testing/checkpointerConformance.js';

/** A store with a defect: the good one, but for some of its methods. */
type Defect = (store: Checkpointer) => Partial<Checkpointer>;

const changed = (loaded: Observable<StoredCheckpoint>, change: (checkpoint: StoredCheckpoint) => Partial<StoredCheckpoint>) =>
  loaded.pipe(map((checkpoint) => ({ ...checkpoint, ...change(checkpoint) })));

/** Commits on whatever is the head. */
const onTop = (store: Checkpointer, commit: Commit, owner: string) =>
  store.load(commit, undefined, []).pipe(defaultIfEmpty(undefined), mergeMap((head) => store.commit({ ...commit, parentId: head?.id }, owner)));

const DEFECTS: Readonly<Record<string, Defect>> = {
  'no fence': (store) => ({ commit: (commit, owner) => onTop(store, commit, owner) }),
  'a check that is not atomic': (store) => ({
    commit: (commit, owner) =>
      store.load(commit, undefined, []).pipe(
        defaultIfEmpty(undefined),
        delay(1),
        mergeMap((seen) => (seen?.id === commit.parentId ? onTop(store, commit, owner) : store.commit(commit, owner))),
      ),
  }),
  'commits whoever holds the lease': (store) => ({ commit: (commit) => store.commit(commit, 'a') }),
  eager: (store) => ({
    commit: (commit, owner) => {
      let failure: unknown;
      store.commit(commit, owner).subscribe({ error: (error) => (failure = error) });
      return defer(() => {
        if (failure) throw failure;
        return EMPTY;
      });
    },
  }),
  'forks that read the parent branch': (store) => ({ load: (at, id, channels) => store.load(id === undefined ? { ...at, branch: 'main' } : at, id, channels) }),
  'values by step, whatever the branch': (store) => {
    const byStep = new Map<string, string>();
    return {
      commit: (commit, owner) => {
        for (const { channel, json } of commit.entries) byStep.set(`${commit.thread}/${commit.step}/${channel}`, json);
        return store.commit(commit, owner);
      },
      load: (at, id, channels) =>
        changed(store.load(at, id, channels), ({ thread, step, channels: loaded }) => ({
          channels: new Map([...loaded].map(([channel, chain]) => [channel, chain.map((entry, i) => (i < chain.length - 1 ? entry : { ...entry, json: byStep.get(`${thread}/${step}/${channel}`) ?? entry.json }))])),
        })),
    };
  },
  'deltas newest first': (store) => ({
    load: (at, id, channels) => changed(store.load(at, id, channels), ({ channels: loaded }) => ({ channels: new Map([...loaded].map(([channel, chain]) => [channel, [...chain].reverse()])) })),
  }),
  'a last value for a chain': (store) => ({
    load: (at, id, channels) => changed(store.load(at, id, channels), ({ channels: loaded }) => ({ channels: new Map([...loaded].map(([channel, chain]) => [channel, chain.slice(-1)])) })),
  }),
  'work that is lost': () => ({ putPending: () => EMPTY }),
  'work that is seen by forks': (store) => ({ putPending: (at, id, rows) => store.putPending({ ...at, branch: 'main' }, id, rows) }),
  'history oldest first': (store) => ({ history: (at, options) => store.history(at, options).pipe(toArray(), mergeMap((heads) => heads.reverse())) }),
  'history without its older branches': (store) => ({
    history: (at, options) => store.history(at, options).pipe(toArray(), mergeMap((heads) => heads.filter(({ branch }) => branch === at.branch))),
  }),
  'prune that counts wrong': (store) => ({ prune: (thread, { keepLast, ...age }) => store.prune(thread, keepLast === undefined ? age : { ...age, keepLast: keepLast + 1 }) }),
  'prune that does nothing': (store) => ({ prune: (thread, options) => store.prune(thread, { ...options, keepLast: 1_000_000 }) }),
  'deletes by prefix': (store) => ({
    deleteThread: (thread) => store.threads().pipe(toArray(), mergeMap((threads) => threads.filter((each) => each.thread.startsWith(thread))), mergeMap((each) => store.deleteThread(each.thread))),
  }),
  'threads without regard to case': (store) => ({
    commit: (commit, owner) => store.commit({ ...commit, thread: commit.thread.toLowerCase() }, owner),
    load: (at, id, channels) => store.load({ ...at, thread: at.thread.toLowerCase() }, id, channels),
  }),
  'ids cut at 255': (store) => ({ load: (at, id, channels) => store.load(at, id?.slice(0, 255), channels), fork: (at, id, branch) => store.fork(at, id.slice(0, 255), branch) }),
  'text that is parsed and written anew': (store) => ({ commit: (commit, owner) => defer(() => store.commit({ ...commit, body: JSON.stringify(JSON.parse(commit.body)) }, owner)) }),
  'a lease that never ends': (store) => ({ acquire: (thread, owner) => store.acquire(thread, owner, 600_000), renew: (thread, owner) => store.renew(thread, owner, 600_000) }),
  'a lease for everyone': (store) => ({ acquire: (thread, owner, leaseMs) => store.acquire(thread, 'all', leaseMs).pipe(map((lease) => ({ ...lease, owner }))) }),
  'newer formats read as if they were known': (store) => ({ commit: (commit, owner) => store.commit({ ...commit, format: 1 }, owner) }),
  'asynchronous, though it says it is not': (store) => ({ load: (at, id, channels) => store.load(at, id, channels).pipe(delay(0)) }),
};

async function failuresOf(defect: Defect): Promise<readonly string[]> {
  const failed: string[] = [];
  const make = () => {
    const store = memoryCheckpointer();
    return Object.assign(Object.create(store) as Checkpointer, defect(store));
  };
  for (const { name, run } of checkpointerConformance(make, { synchronous: true })) await run().catch(() => failed.push(name));
  return failed;
}

describe('the conformance suite', () => {
  test('passes a store without a defect', async () => {
    expect(await failuresOf(() => ({}))).toEqual([]);
  });

  test.each(Object.entries(DEFECTS))('finds: %s', async (_, defect) => {
    expect(await failuresOf(defect)).not.toEqual([]);
  });
});
