import { describe, expect, test } from '@jest/globals';
import { isRivuletError } from '../core/errors/RivuletError.js';
import { aggregate } from './aggregate.js';
import { append } from './append.js';
import type { Channel } from './Channel.js';
import { lastValue } from './lastValue.js';
import { messages, removeMessage } from './messages.js';
import { overwrite } from './overwrite.js';
import { lengthWith, restoredState, storedEntry, type StoredEntry, type StoredLength } from './stored.js';

const text = (at: number) => `${at}:${'x'.repeat(400)}`;

/** Stores a channel's supersteps one by one, and says after each how much that is. */
function store<V, U>(channel: Channel<V, U>, steps: Iterable<U>, look: (total: number, state: V | undefined, entry: StoredEntry) => void = () => undefined) {
  const entries: StoredEntry[] = [];
  let state = channel.initial();
  let since: StoredLength | undefined;
  let total = 0;
  for (const write of steps) {
    state = channel.update(state, [write], 'x');
    const entry = storedEntry(channel, 'x', { state, writes: [write] }, since) as StoredEntry;
    since = lengthWith(since, entry);
    entries.push(entry);
    total += entry.json.length;
    look(total, state, entry);
  }
  return { entries, state, total };
}

function* texts(count: number): Iterable<string> {
  for (let at = 0; at < count; at++) yield text(at);
}

describe('C10: deltas', () => {
  test('begin with a snapshot, are the writes of a superstep, and go on from a new snapshot', () => {
    const kinds = store(append<string>(), texts(300)).entries.map(({ kind }) => kind);
    const snapshots = kinds.flatMap((kind, at) => (kind === 'snapshot' ? [at] : []));
    expect(snapshots).toEqual([0, 51, 260]); // at least 50 deltas between two, and four times the snapshot before
  });

  test('an append-like channel is stored at most 2.3 times, at any length', () => {
    let worst = 0;
    let data = 0;
    const { total } = store(append<string>(), texts(10_000), (stored, state) => {
      data += JSON.stringify(state?.at(-1)).length + 1;
      worst = Math.max(worst, stored / data);
    });
    expect(worst).toBeLessThan(2.3);
    expect(total / data).toBeLessThan(2.3);
    expect(total / data).toBeGreaterThan(1); // it counts
  });

  test('a value that does not grow is stored at most 2.3 times what was written to it', () => {
    let written = 0;
    const writes = Array.from({ length: 5000 }, (_, at) => ({ role: 'user', id: `m${at % 40}`, content: text(at) }));
    const { total, entries, state } = store(messages<(typeof writes)[number]>(), writes, () => undefined);
    for (const write of writes) written += JSON.stringify([write]).length;
    expect(total / written).toBeLessThan(2.3);
    // … and what is read to restore it stays a small multiple of it.
    const last = entries.slice(entries.findLastIndex(({ kind }) => kind === 'snapshot'));
    expect(last.reduce((sum, { json }) => sum + json.length, 0)).toBeLessThan(6 * JSON.stringify(state).length);
  });

  test('are restored all at once: in time linear in what there is', () => {
    let calls = 0;
    const list = append<string>();
    const counted: typeof list = { ...list, update: (...args) => (calls++, list.update(...args)) };
    const { entries, state } = store(list, texts(5000));
    expect(restoredState(counted, 'x', entries)).toEqual(state);
    expect(calls).toBe(1);
  });

  test('from before the last snapshot are passed over', () => {
    const { entries, state } = store(append<string>(), texts(60));
    expect(restoredState(append<string>(), 'x', entries)).toEqual(state);
  });

  test('carry an overwrite, which wins its superstep when restored too', () => {
    const list = append<unknown>();
    const first = storedEntry(list, 'x', { state: ['a'], writes: ['a'] }, undefined) as StoredEntry;
    const reset = storedEntry(list, 'x', { state: ['z'], writes: ['b', overwrite(['z']), 'c'] }, lengthWith(undefined, first)) as StoredEntry;
    expect(reset).toEqual({ kind: 'delta', json: '["b",{"$overwrite":["z"]},"c"]' });
    expect(restoredState(list, 'x', [first, reset, { kind: 'delta', json: '["d",{"$$overwrite":1}]' }])).toEqual(['z', 'd', { $overwrite: 1 }]);
  });

  test('a changed default does not change what was stored', () => {
    const { entries } = store(append<string>(['old']), ['a']);
    expect(restoredState(append<string>(['new']), 'x', entries)).toEqual(['old', 'a']);
  });
});

describe('C10: snapshots', () => {
  test.each([0, '', false, null, [], {}])('keep %j', (value) => {
    const { entries } = store(lastValue<unknown>('default'), [value]);
    expect(restoredState(lastValue<unknown>('default'), 'x', entries)).toEqual(value);
  });

  test('keep that a channel holds nothing, which is not its default', () => {
    const entry = storedEntry(lastValue('default'), 'x', { state: undefined, writes: [] }, undefined) as StoredEntry;
    expect(entry).toEqual({ kind: 'snapshot', json: '[]' });
    expect(restoredState(lastValue('default'), 'x', [entry])).toBeUndefined();
    expect(restoredState(lastValue('default'), 'x', [])).toBe('default');
  });

  test('are what is stored of a delta channel that changed without writes', () => {
    const since = { snapshot: 1, deltas: 0, deltaCount: 0 };
    expect(storedEntry(append(), 'x', { state: [], writes: [] }, since)?.kind).toBe('snapshot');
    expect(storedEntry(append<number>(), 'x', { state: [1], writes: [1] }, since)?.kind).toBe('delta');
  });
});

describe('C10: what is not JSON', () => {
  const since = { snapshot: 1, deltas: 0, deltaCount: 0 };

  test('is refused in a write, and in a state that a reducer made', () => {
    expect(() => storedEntry(append<unknown>(), 'docs', { state: [], writes: [[{ at: new Date(0) }]] }, since)).toThrow(
      /INVALID_UPDATE: a Date was written to channel 'docs', at docs\[0\]\.at\./,
    );
    const sets = aggregate((set: ReadonlySet<string>, item: string) => new Set([...set, item]), new Set<string>());
    expect(() => storedEntry(sets, 'seen', { state: new Set(['a']), writes: ['a'] }, undefined)).toThrow(/INVALID_UPDATE: a Set was written to channel 'seen', at seen\./);
  });
});

describe('C10: what was damaged is STORED_INVALID', () => {
  const snapshot: StoredEntry = { kind: 'snapshot', json: '[["a"]]' };
  const delta = (json: string): StoredEntry => ({ kind: 'delta', json });

  test.each<[string, readonly StoredEntry[]]>([
    ['an empty text', [{ kind: 'snapshot', json: '' }]],
    ['a torn snapshot', [{ kind: 'snapshot', json: '[["a"' }]],
    ['a snapshot that is no list', [{ kind: 'snapshot', json: '{"a":1}' }]],
    ['a snapshot of two', [{ kind: 'snapshot', json: '[1,2]' }]],
    ['a torn delta', [snapshot, delta('["b"'), delta('["c"]')]],
    ['a delta that is no list', [snapshot, delta('null')]],
    ['deltas without their snapshot', [delta('["b"]')]],
  ])('%s', (_what, entries) => {
    let error: unknown;
    try {
      restoredState(append<string>(), 'notes', entries);
    } catch (thrown) {
      error = thrown;
    }
    expect(isRivuletError(error, 'STORED_INVALID')).toBe(true);
    expect((error as Error).message).toContain("channel 'notes' has ");
  });

  test('deltas that the channel does not take, with the reason', () => {
    expect(() => restoredState(messages(), 'talk', [{ kind: 'snapshot', json: '[[]]' }, delta('[5]')])).toThrow(/STORED_INVALID: .*INVALID_UPDATE/);
  });

  test('but a removal of what is not there is none', () => {
    expect(restoredState(messages(), 'talk', [{ kind: 'snapshot', json: '[[]]' }, delta(JSON.stringify([removeMessage('x')]))])).toEqual([]);
  });
});
