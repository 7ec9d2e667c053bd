import { describe, expect, test } from '@jest/globals';
import { topic } from './topic.js';

describe('C5: topic', () => {
  test('keeps the order of writes and flattens one level', () => {
    const alerts = topic<unknown>();
    expect(alerts.initial()).toEqual([]);
    expect(alerts.update(['old'], ['a', ['b', ['c']], [], 'a'], 'alerts')).toEqual(['a', 'b', ['c'], 'a']);
  });

  test('empties at the next superstep, unless it accumulates', () => {
    expect(topic<string>().untouched?.(['a'])).toEqual([]);
    const all = topic<string>({ accumulate: true });
    expect(all.untouched).toBeUndefined();
    expect(all.update(['a'], ['b', 'a'], 'all')).toEqual(['a', 'b', 'a']);
  });

  test('unique leaves out what is there already, by value', () => {
    const distinct = topic<unknown>({ accumulate: true, unique: true });
    const state = distinct.update([{ a: 1, b: [2] }], [{ b: [2], a: 1 }, 'x', ['x', '{"a":1}', { a: 1 }], 1, '1', 0, false, null, null], 'distinct');
    expect(state).toEqual([{ a: 1, b: [2] }, 'x', '{"a":1}', { a: 1 }, 1, '1', 0, false, null]);
    expect(topic<number>({ unique: true }).update([1], [1, 1, 2], 'step')).toEqual([1, 2]);
  });

  test('unique takes what has no JSON as equal to itself only', () => {
    const [one, other] = [new Map([['a', 1]]), new Map([['b', 2]])];
    expect(topic<unknown>({ unique: true }).update([], [one, other, one], 'maps')).toEqual([one, other]);
  });

  test('the very same list comes back when nothing is new', () => {
    const state = ['a'];
    expect(topic<string>({ accumulate: true }).update(state, [[], []], 'all')).toBe(state);
    expect(topic<string>({ accumulate: true, unique: true }).update(state, ['a'], 'all')).toBe(state);
  });

  test('takes 200,000 writes of one superstep, and one of 200,000 items', () => {
    const items = Array.from({ length: 200_000 }, (_, at) => at);
    for (const unique of [false, true]) {
      expect(topic<number>({ accumulate: true, unique }).update([], items, 'all')).toHaveLength(200_000);
      expect(topic<number>({ accumulate: true, unique }).update([], [items], 'all')).toHaveLength(200_000);
    }
  });

  test('an accumulating one is stored as deltas, and its signature says how it is declared', () => {
    expect([topic().delta, topic({ accumulate: true }).delta]).toEqual([undefined, true]);
    expect(topic({ unique: true }).signature).toBe('accumulate=false unique=true');
  });
});
