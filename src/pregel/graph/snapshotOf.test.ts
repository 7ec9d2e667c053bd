import { describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { barrier } from '../../channels/barrier.js';
import { lastValue } from '../../channels/lastValue.js';
import { snapshotOf, type PlacedChannel } from './snapshotOf.js';

const channels = (count: number): readonly PlacedChannel[] => Array.from({ length: count }, (_, at) => ({ name: `c${at}`, channel: lastValue<unknown>(), at }));
const states = (count: number): readonly unknown[] => Array.from({ length: count }, (_, at) => at);
const plain = (count: number): Readonly<Record<string, unknown>> => Object.fromEntries(states(count).map((state, at) => [`c${at}`, state]));

describe.each([1, 16, 17, 60, 61, 300])('S2 a snapshot of %i channels', (count) => {
  const take = snapshotOf(channels(count));
  const made = () => take(states(count)) as Readonly<Record<string, unknown>>;

  test('is as the plain object of their values', () => {
    expect({ ...made() }).toEqual(plain(count));
    expect(made()).toEqual(plain(count));
    expect(Object.keys(made())).toEqual(Object.keys(plain(count)));
    expect(JSON.stringify(made())).toBe(JSON.stringify(plain(count)));
    expect(inspect(made())).toBe(inspect(plain(count)));
    expect(Object.getPrototypeOf(made())).toBe(Object.prototype);
    const { c0, ...rest } = made();
    expect([c0, Object.keys(rest).length]).toEqual([0, count - 1]);
    expect('c0' in made()).toBe(true);
    expect('d0' in made()).toBe(false);
    expect('toString' in made()).toBe(true);
    expect(Object.hasOwn(made(), 'c0')).toBe(true);
    expect(Object.hasOwn(made(), 'toString')).toBe(false);
    expect(made()['d0']).toBeUndefined();
    expect(Object.getOwnPropertySymbols(made())).toEqual([]);
    expect(Reflect.get(made(), Symbol.for('nodejs.util.inspect.custom'))).toBeUndefined();
  });

  test('reads the same before and after it was looked at as a whole', () => {
    const snapshot = made();
    const before = [snapshot['c0'], snapshot[`c${count - 1}`]];
    expect(Object.keys(snapshot)).toHaveLength(count);
    expect([snapshot['c0'], snapshot[`c${count - 1}`]]).toEqual(before);
  });

  test('is frozen', () => {
    expect(Object.isFrozen(made())).toBe(true);
    expect(Object.freeze(made())).toEqual(plain(count));
    expect(() => Object.assign(made(), { c0: 9 })).toThrow(TypeError);
    expect(() => Object.assign(made(), { d0: 9 })).toThrow(TypeError);
    expect(() => delete (made() as Record<string, unknown>)['c0']).toThrow(TypeError);
    expect(() => Object.defineProperty(made(), 'c0', { value: 9 })).toThrow(TypeError);
    expect(() => Object.setPrototypeOf(made(), null)).toThrow(TypeError);
  });

  test('shows what a channel lets be read, at its place', () => {
    const gate = { name: 'gate', channel: barrier(['a', 'b']) as PlacedChannel['channel'], at: count };
    const read = snapshotOf([...channels(count), gate]);
    const at = (state: unknown) => (read([...states(count), state]) as Readonly<Record<string, unknown>>)['gate'];
    expect(at(['a'])).toBeUndefined();
    expect(at(['a', 'b'])).toEqual(['a', 'b']);
    expect(snapshotOf([gate])([...states(count), ['a', 'b']])).toEqual({ gate: ['a', 'b'] });
  });
});

test('a snapshot of many channels is made without a look at any of them, and shows one without a look at the others', () => {
  let reads = 0;
  const read = (state: unknown): unknown => (reads++, state);
  const seen = channels(300).map((placed) => ({ ...placed, channel: { ...placed.channel, read } as PlacedChannel['channel'] }));
  const snapshot = snapshotOf(seen)(states(300)) as Readonly<Record<string, unknown>>;
  expect(reads).toBe(0);
  expect([snapshot['c7'], reads]).toEqual([7, 1]);
  expect(Object.keys(snapshot)).toHaveLength(300);
});
