import { assertEqual } from '../assertEqual.js';
import { HOSTILE_STRINGS } from '../hostileStrings.js';
import { snapshot, type ConformanceCase } from './CheckpointerProbe.js';

/** Texts a store keeps as they are: JSON, but that is none of its business. */
const VALUES: readonly string[] = [
  'null', 'false', '0', '""', '[]', '{}', ' {"a" : 1}\n', '{"__proto__":{"x":1}}', '"\\u0000"', '"\\ud800"', '"%s $1 ? :a"', '"\u2028\u2029"', '"😀"', '1e400', '-0', '12345678901234567890',
  JSON.stringify("'; DROP TABLE checkpoints; --"), JSON.stringify('\\x41 \\" \''), JSON.stringify('a'.repeat(1_000_000)), JSON.stringify('é😀'.repeat(50_000)), '['.repeat(5_000) + ']'.repeat(5_000),
];

/** Ids are any strings and values any JSON. */
export const hostileCases: readonly ConformanceCase[] = [
  {
    name: 'K8 any string is a thread, and no two are the same',
    run: async (probe) => {
      const threads = HOSTILE_STRINGS.map((id) => probe.thread + id);
      for (const [i, thread] of threads.entries()) await probe.commit('c1', { thread, entries: [snapshot('n', i)] });
      for (const [i, thread] of threads.entries()) assertEqual(await probe.texts({ ...probe.at(), thread }), { n: [String(i)] });
      const listed = (await probe.all(probe.store.threads())).map(({ thread }) => thread).filter((thread) => thread.startsWith(probe.thread));
      assertEqual(listed.sort(), [...threads].sort());
      for (const [i, thread] of threads.entries()) {
        await probe.done(probe.store.deleteThread(thread));
        const next = threads[i + 1];
        if (next !== undefined) assertEqual((await probe.load({ ...probe.at(), thread: next })).thread, next);
      }
    },
  },
  {
    name: 'K8 any string is a namespace, a branch and a checkpoint id',
    run: async (probe) => {
      for (const [i, id] of HOSTILE_STRINGS.entries()) {
        await probe.commit(id, { namespace: id, branch: id, entries: [snapshot('n', i)] });
        await probe.commit('second', { namespace: id, branch: id, parentId: id });
        await probe.done(probe.store.fork(probe.at(id, id), id, `fork of ${id}`));
      }
      for (const [i, id] of HOSTILE_STRINGS.entries()) {
        assertEqual(await probe.history(probe.at(id, id)), ['second', id]);
        const { namespace, branch, parentId } = await probe.load(probe.at(id, id));
        assertEqual([namespace, branch, parentId], [id, id, id]);
        assertEqual(await probe.texts(probe.at(`fork of ${id}`, id)), { n: [String(i)] });
      }
    },
  },
  {
    name: 'K8 any string is a channel, a task, a key and an owner',
    run: async (probe) => {
      await probe.commit('c1', { entries: HOSTILE_STRINGS.map((channel, i) => snapshot(channel, i)) });
      const rows = HOSTILE_STRINGS.flatMap((id, i) => [{ taskId: id, key: `k${id}`, json: String(i) }, { taskId: `${id}k`, key: id, json: `[${i}]` }]);
      await probe.done(probe.store.putPending(probe.at(), 'c1', rows));
      const { channels, pending } = await probe.load(probe.at(), undefined, HOSTILE_STRINGS);
      assertEqual([...channels].map(([channel, [entry]]) => [channel, entry?.channel, entry?.json]), HOSTILE_STRINGS.map((id, i) => [id, id, String(i)]));
      assertEqual(pending, rows);
      for (const owner of HOSTILE_STRINGS) {
        assertEqual((await probe.one(probe.store.acquire(probe.thread, owner, 60_000))).owner, owner);
        await probe.refused('THREAD_BUSY', probe.store.acquire(probe.thread, `${owner}.`, 60_000));
        await probe.done(probe.store.release(probe.thread, owner));
      }
    },
  },
  {
    name: 'K9 stored text comes back letter by letter',
    run: async (probe) => {
      const entries = VALUES.map((json, i) => ({ channel: `v${i}`, kind: i % 2 ? 'delta' : 'snapshot', json }) as const);
      for (const [i, body] of VALUES.entries()) await probe.commit(`c${i}`, { parentId: i ? `c${i - 1}` : undefined, body, entries: i ? [] : entries });
      await probe.done(probe.store.putPending(probe.at(), `c${VALUES.length - 1}`, VALUES.map((json, i) => ({ taskId: 't', key: `k${i}`, json }))));
      const { channels, pending } = await probe.load(probe.at(), undefined, entries.map(({ channel }) => channel));
      assertEqual([...channels.values()].flat(), entries);
      assertEqual(pending.map(({ json }) => json), VALUES);
      const bodies = (await probe.all(probe.store.history(probe.at()))).map(({ body }) => body);
      assertEqual(bodies.reverse(), VALUES);
    },
  },
  {
    name: 'what is handed in and out shares nothing with the store',
    run: async (probe) => {
      const metadata = { source: 'loop', step: 0, runId: 'r', traceId: 't' };
      const entries = [snapshot('n', 1)];
      await probe.done(probe.store.commit(probe.commitOf('c1', { entries, metadata: metadata as never }), 'owner'));
      metadata.runId = 'changed';
      entries.push(snapshot('n', 2));
      const loaded = await probe.load();
      for (const change of [() => void Object.assign(loaded.metadata, { runId: 'changed' }), () => void (loaded.channels as Map<string, unknown>).clear(), () => void (loaded.pending as unknown[]).push(1)]) {
        try {
          change();
        } catch {
          // frozen: as good
        }
      }
      const again = await probe.load();
      assertEqual([again.metadata.runId, again.channels.size, again.pending], ['r', 1, []]);
    },
  },
];
