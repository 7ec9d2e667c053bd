import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { freeze } from 'immer';
import { applyWrites } from '../../src/channels/applyWrites.js';
import type { Channel } from '../../src/channels/Channel.js';
import { overwrite } from '../../src/channels/overwrite.js';
import { lengthWith, restoredState, storedEntry, type StoredEntry, type StoredLength } from '../../src/channels/stored.js';
import { CHANNEL_KINDS } from './channelKinds.js';

const kinds = Object.entries(CHANNEL_KINDS).map(([name, kind]) => ({ name, ...kind }));

/** What is stored of a channel, step by step, as an engine does it. */
class Stored {
  readonly entries: StoredEntry[] = [];
  private length: StoredLength | undefined;

  constructor(private readonly channel: Channel<unknown, unknown>) {}

  add(state: unknown, writes: readonly unknown[]): void {
    const entry = storedEntry(this.channel, 'x', { state, writes }, this.length);
    if (!entry) throw new Error('nothing to store');
    this.length = lengthWith(this.length, entry);
    if (entry.kind === 'snapshot') this.entries.length = 0;
    this.entries.push(entry);
  }
}

describe.each(kinds)('C1: $name', ({ channel, write }) => {
  test('is pure: neither state nor writes are changed, and every run starts alike', () => {
    fc.assert(fc.property(fc.array(write, { minLength: 1, maxLength: channel.single ? 1 : 4 }), (writes) => {
      freeze(writes, true);
      const state = freeze(channel.update(freeze(channel.initial(), true), writes, 'x'), true);
      expect(channel.update(channel.initial(), writes, 'x')).toEqual(state);
      expect(channel.update(channel.update(state, writes, 'x'), writes, 'x')).toEqual(channel.update(channel.update(state, writes, 'x'), writes, 'x'));
    }), { numRuns: 50 });
  });
});

describe.each(kinds.filter(({ channel }) => channel.delta))('C10: $name, stored as deltas', ({ channel, write }) => {
  test('does not depend on how writes are batched', () => {
    const batch = fc.array(write, { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(batch, batch, batch, (before, first, second) => {
      const state = channel.update(channel.initial(), before, 'x');
      const stepwise = channel.update(channel.update(state, first, 'x'), second, 'x');
      expect(channel.update(state, [...first, ...second], 'x')).toEqual(stepwise);
    }), { numRuns: 200 });
  });
});

describe.each(kinds)('C10: $name', ({ channel, write, value }) => {
  test('is restored as it was, after any number of supersteps of any writes', () => {
    const written = fc.array(write, { minLength: 1, maxLength: channel.single ? 1 : 3 });
    const replaced = fc.tuple(value, fc.array(write, { maxLength: 1 })).map(([whole, others]) => [overwrite(whole), ...others]);
    const step = fc.oneof({ weight: 6, arbitrary: written }, { weight: 1, arbitrary: replaced }, { weight: 1, arbitrary: fc.constant([]) });
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 120, size: 'max' }), (steps) => {
      const stored = new Stored(channel);
      let state = channel.initial();
      for (const writes of steps) {
        const next = writes.length > 0 ? applyWrites(channel, state, writes, 'x') : channel.untouched ? channel.untouched(state) : state;
        if (next !== state) stored.add(next, writes);
        state = next;
      }
      expect(restoredState(channel, 'x', JSON.parse(JSON.stringify(stored.entries)) as StoredEntry[])).toEqual(state);
    }), { numRuns: 60 });
  });
});
