import { concat, defer, ignoreElements, map, Observable, tap, type Subscriber } from 'rxjs';
import type { ChannelEntry, Checkpointer, Commit, StoredCheckpoint } from '../../src/pregel/checkpoints/Checkpointer.js';
import { memoryCheckpointer } from '../../src/pregel/checkpoints/memoryCheckpointer.js';
import { StaleCheckpointError } from '../../src/pregel/checkpoints/StaleCheckpointError.js';

/** What a process sees of a store. */
type View = (store: Checkpointer) => Checkpointer;

/** A mistake that a store, or its client, could make. */
export interface PlantedBug {
  /** Makes it anew, for one simulation. */
  readonly plant: () => View;
  /** How it shows. */
  readonly finding: RegExp;
}

/** By name. */
export const PLANTED_BUGS: Readonly<Record<string, PlantedBug>> = {
  'no fence': { plant: noFence, finding: /committed again/ },
  'no parent check': { plant: noParentCheck, finding: /committed again/ },
  'checkpoint before writes': { plant: checkpointBeforeWrites, finding: /ended as/ },
  'integer versions': { plant: integerVersions, finding: /ended as/ },
  'ack before commit': { plant: ackBeforeCommit, finding: /was acknowledged, and isn't in the history|though it had been committed/ },
  'lost wake-up': { plant: lostWakeUp, finding: /it is stuck/ },
  'double resume': { plant: doubleResume, finding: /answered twice/ },
  'unstable task id': { plant: unstableTaskId, finding: /done again, though it had been kept/ },
};

/** The head is compared before the commit, not with it, and who holds the lease isn't looked at. */
function noFence(): View {
  let holder = '';
  return (store) => changed(store, {
    acquire: (thread, owner, leaseMs) => store.acquire(thread, owner, leaseMs).pipe(tap(() => (holder = owner))),
    commit: (commit) => concat(compared(store, commit), forced(store, commit, () => holder)),
  });
}

/** Whoever holds the lease commits, on whatever head there is. */
function noParentCheck(): View {
  return (store) => changed(store, { commit: (commit, owner) => forced(store, commit, () => owner) });
}

/** What a superstep wrote is stored after its checkpoint, in a transaction of its own. */
function checkpointBeforeWrites(): View {
  const writes = memoryCheckpointer();
  return (store) => changed(store, {
    commit: (commit, owner) => concat(store.commit({ ...commit, entries: [] }, owner), forced(writes, commit, () => owner)),
    load: (at, id, channels) => store.load(at, id, []).pipe(map((head) => ({ ...head, channels: first(writes.load(at, undefined, channels))?.channels ?? new Map() }))),
    fork: (at, id, branch) => concat(store.fork(at, id, branch), writes.fork(at, id, branch)),
  });
}

/** A channel's values are kept by the number of their superstep, which two branches of a thread share. */
function integerVersions(): View {
  const values = new Map<string, string>();
  const name = (thread: string, { channel }: ChannelEntry, version: string): string => `${thread} ${channel} ${version}`;
  return (store) => changed(store, {
    commit: (commit, owner) => {
      const version = String(commit.step);
      for (const entry of commit.entries) values.set(name(commit.thread, entry, version), entry.json);
      return store.commit({ ...commit, entries: commit.entries.map((entry) => ({ ...entry, json: version })) }, owner);
    },
    load: (at, id, channels) => store.load(at, id, channels).pipe(map((stored) => withEntries(stored, (entry) => ({ ...entry, json: values.get(name(at.thread, entry, entry.json)) ?? '' })))),
  });
}

/** A commit is under way, and said to be done. */
function ackBeforeCommit(): View {
  return (store) => changed(store, {
    commit: (commit, owner) => new Observable((subscriber) => {
      store.commit(commit, owner).subscribe({ error: () => undefined });
      subscriber.complete();
    }),
  });
}

/** One place for whoever waits for an answer: of two at a time, the first is never woken. */
function lostWakeUp(): View {
  return (store) => {
    let waiting: Subscriber<never> | undefined;
    return changed(store, {
      putPending: (at, id, rows) => new Observable((subscriber) => {
        waiting = subscriber;
        const wake = (how: (subscriber: Subscriber<never>) => void): void => {
          const woken = waiting;
          waiting = undefined;
          if (woken) how(woken);
        };
        store.putPending(at, id, rows).subscribe({ error: (error) => wake((one) => one.error(error)), complete: () => wake((one) => one.complete()) });
      }),
    });
  };
}

/** What was answered is open still for whoever reads the thread. */
function doubleResume(): View {
  return (store) => changed(store, {
    load: (at, id, channels) => store.load(at, id, channels).pipe(map((stored) => ({ ...stored, pending: stored.pending.filter(({ key }) => !key.startsWith('answer:')) }))),
  });
}

/** Each process has its own names for tasks. */
function unstableTaskId(): View {
  let processes = 0;
  return (store) => {
    const mine = ` of process ${++processes}`;
    return changed(store, {
      putPending: (at, id, rows) => store.putPending(at, id, rows.map((row) => ({ ...row, taskId: row.taskId + mine }))),
      load: (at, id, channels) => store.load(at, id, channels).pipe(map((stored) => ({ ...stored, pending: stored.pending.map((row) => ({ ...row, taskId: row.taskId.replace(mine, '') })) }))),
    });
  };
}

/** The store, which it is still but for some methods. */
export function changed(store: Checkpointer, change: Partial<Checkpointer>): Checkpointer {
  return Object.assign(Object.create(store) as Checkpointer, change);
}

/** Fails if the head of the branch isn't the commit's parent. */
function compared(store: Checkpointer, commit: Commit): Observable<never> {
  const check = tap<StoredCheckpoint>(({ id }) => {
    if (id !== commit.parentId) throw new StaleCheckpointError(commit, commit.parentId);
  });
  return store.load(commit, undefined, []).pipe(check, ignoreElements());
}

/** Commits on the head that there is. */
function forced(store: Checkpointer, commit: Commit, owner: () => string): Observable<never> {
  let parentId: string | undefined;
  const read = store.load(commit, undefined, []).pipe(tap(({ id }) => (parentId = id)), ignoreElements());
  return concat(read, defer(() => store.commit({ ...commit, parentId }, owner())));
}

function first<T>(source: Observable<T>): T | undefined {
  let found: T | undefined;
  source.subscribe((value) => (found ??= value));
  return found;
}

function withEntries(stored: StoredCheckpoint, change: (entry: ChannelEntry) => ChannelEntry): StoredCheckpoint {
  return { ...stored, channels: new Map([...stored.channels].map(([channel, entries]) => [channel, entries.map(change)])) };
}
