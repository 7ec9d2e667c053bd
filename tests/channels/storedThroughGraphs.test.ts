import { afterAll, describe, expect, test } from '@jest/globals';
import { aggregate, append, lastValue, messages, topic } from '../../src/channels/index.js';
import type { ChannelEntry, Checkpointer } from '../../src/pregel/checkpoints/Checkpointer.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';
import { changed } from '../../marble-tests/pregel/changed.js';
import { everyStore } from '../checkpoints/everyStore.js';

const stores = await everyStore();

afterAll(() => Promise.all(stores.map(({ leave }) => leave())));

const TEXT = 'x'.repeat(80);

/** Lists that grow with each superstep, of every kind that is stored as deltas, and a channel that nothing writes. */
const growing = (checkpointer: Checkpointer, per: number) =>
  new StateGraph({
    n: lastValue(0),
    still: lastValue('still'),
    notes: append<string>(),
    talk: messages(),
    alerts: topic<number>({ accumulate: true }),
    trail: aggregate((path: readonly number[], step: number) => [...path, step], [] as readonly number[], { delta: true }),
  })
    .addNode('grow', ({ n }) => ({ n: n + 1, notes: `${n} ${TEXT}`, talk: { role: 'user', id: `m${n % 150}`, content: `${n} ${TEXT}` }, alerts: [n, -n], trail: n }))
    .addEdge(START, 'grow')
    .addConditionalEdges('grow', ({ n }) => (n % per === 0 ? END : 'grow'))
    .compile({ checkpointer });

/** What is stored of each commit. */
function noting(store: Checkpointer, entries: (readonly ChannelEntry[])[]): Checkpointer {
  return changed(store, (s) => ({ commit: (commit, owner) => (entries.push(commit.entries), s.commit(commit, owner)) }));
}

describe.each(stores)('C10: on $name', ({ name, store, another }) => {
  const SUPERSTEPS = name === 'memory' ? 400 : 120;
  const thread = `growing on ${name}`;

  test('lists are stored as deltas, with a snapshot now and then, and what did not change is not stored', async () => {
    const commits: (readonly ChannelEntry[])[] = [];
    await growing(noting(store, commits), SUPERSTEPS).invoke({}, { thread, recursionLimit: SUPERSTEPS });
    const kinds = (channel: string) => commits.slice(1).flatMap((entries) => entries.filter((entry) => entry.channel === channel).map(({ kind }) => kind));
    const snapshots = (channel: string): number => kinds(channel).filter((kind) => kind === 'snapshot').length;
    expect(kinds('still')).toEqual([]);
    for (const channel of ['notes', 'talk', 'alerts', 'trail']) {
      expect([channel, kinds(channel).length, snapshots(channel) > 0, snapshots(channel) < SUPERSTEPS / 40]).toEqual([channel, SUPERSTEPS, true, true]);
    }
    expect(snapshots('n')).toBe(SUPERSTEPS);
    const stored = commits.flat().filter(({ channel }) => channel === 'notes').reduce((sum, { json }) => sum + json.length, 0);
    expect(stored).toBeLessThan(2.3 * SUPERSTEPS * (TEXT.length + 10));
  });

  test('a new process restores what was there at any checkpoint, and goes on with it', async () => {
    const graph = growing(another, SUPERSTEPS + 10);
    const { values, checkpointId } = (await graph.getState({ thread }))!;
    expect(values.notes).toEqual(Array.from({ length: SUPERSTEPS }, (_, n) => `${n} ${TEXT}`));
    expect(values.talk.map(({ id }) => id)).toEqual(Array.from({ length: Math.min(150, SUPERSTEPS) }, (_, n) => `m${n}`));
    expect(values.alerts).toHaveLength(2 * SUPERSTEPS);
    expect(values.trail).toEqual(Array.from({ length: SUPERSTEPS }, (_, n) => n));
    const after = await graph.invoke({ trail: -1 }, { thread });
    expect([after.n, after.notes.length, after.trail.slice(SUPERSTEPS - 1, SUPERSTEPS + 2)]).toEqual([SUPERSTEPS + 10, SUPERSTEPS + 10, [SUPERSTEPS - 1, -1, SUPERSTEPS]]);
    expect((await growing(store, 1).getState({ thread, checkpointId }))?.values).toEqual(values);
  });
});
