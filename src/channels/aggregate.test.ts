import { describe, expect, test } from '@jest/globals';
import { aggregate } from './aggregate.js';
import { append } from './append.js';
import { overwrite } from './overwrite.js';

describe('C6: aggregate', () => {
  test('folds from the left, in task order', () => {
    const trail = aggregate((path: string, step: number) => `${path}>${step}`, 'start');
    expect(trail.initial()).toBe('start');
    expect(trail.update('start', [1, 2, 3], 'trail')).toBe('start>1>2>3');
  });

  test('with no initial value takes the first write as it is', () => {
    const longest = aggregate((a: string, b: string) => (b.length > a.length ? b : a));
    expect(longest.initial()).toBeUndefined();
    expect(longest.update(undefined, ['one'], 'longest')).toBe('one');
    expect(longest.update(undefined, ['one', 'three', 'two'], 'longest')).toBe('three');
  });

  test.each([0, '', false, null])('starts from %p, which is a value', (initial) => {
    const seen = aggregate((before: unknown, write: unknown) => [before, write], initial as unknown);
    expect(seen.initial()).toBe(initial);
    expect(seen.update(initial, ['x'], 'seen')).toEqual([initial, 'x']);
  });

  test.each([
    ['sum', undefined, [1, 2, 3], 6],
    ['sum', 10, [0], 10],
    ['min', 3, [5, -1], -1],
    ['max', undefined, [0, -1], 0],
    ['and', true, [true, false], false],
    ['and', undefined, [false], false],
    ['or', false, [false, true, false], true],
    ['append', [1], [2, [3, [4]], []], [1, 2, 3, [4]]],
    ['concat', 'a', ['b', '', 'c'], 'abc'],
    ['union', [1, { a: 1 }], [[2, 1], { a: 1 }, '1'], [1, { a: 1 }, 2, '1']],
    ['merge', { a: 1, b: 1 }, [{ b: 2 }, { c: null, a: undefined }], { a: 1, b: 2, c: null }],
  ])('%s of %j and %j is %j', (name, state, writes, expected) => {
    const channel = aggregate(name as 'sum');
    expect(channel.update(state as never, writes as never, 'x')).toStrictEqual(expected);
    expect(channel).toMatchObject({ kind: 'aggregate', signature: name });
  });

  test.each([
    ['sum', '1', `channel 'total' got "1", and 'sum' takes numbers`],
    ['and', 0, 'takes booleans'],
    ['concat', 1, 'takes strings'],
    ['merge', [1], 'takes objects'],
    ['merge', null, 'takes objects'],
  ])('%s refuses %j', (name, write, message) => {
    const channel = aggregate(name as 'sum');
    for (const state of [channel.initial(), 1]) expect(() => channel.update(state, [write as never], 'total')).toThrow(`INVALID_UPDATE: `);
    expect(() => channel.update(undefined, [write as never], 'total')).toThrow(message);
    for (const one of [write, overwrite(write)]) expect(() => channel.prepare?.(one as never, () => '', 'total')).toThrow(message);
  });

  test.each(['toString', '', '__proto__', 5, undefined])('refuses the name %p, and lists those there are', (name) => {
    expect(() => aggregate(name as 'sum')).toThrow(/INVALID_OPTION: there is no reducer .*The names are sum, min, max, and, or, append, concat, union, merge/);
  });

  test('merge keeps a key named __proto__ as a key', () => {
    const merged = aggregate<object>('merge').update({}, [JSON.parse('{"__proto__":{"admin":true}}') as object], 'x') as Record<string, unknown>;
    expect(merged['admin']).toBeUndefined();
    expect(Object.keys(merged)).toEqual(['__proto__']);
  });

  test('what a reducer throws is thrown', () => {
    const failing = aggregate(() => {
      throw new RangeError('no');
    }, 0);
    expect(() => failing.update(0, [1] as never, 'x')).toThrow(RangeError);
  });

  test.each(['append', 'union', 'concat', 'merge'] as const)('%s takes 50,000 writes of one superstep in linear time', (name) => {
    const write = { append: (n: number) => n, union: (n: number) => n, concat: String, merge: (n: number) => ({ [n]: n }) }[name];
    const writes = Array.from({ length: 50_000 }, (_, n) => write(n));
    const [state] = [aggregate(name as 'append').update(undefined, writes as never, 'x') as unknown];
    expect(typeof state === 'string' ? state.length : Object.keys(state as object).length).toBeGreaterThanOrEqual(50_000);
  });
});

describe('C6: append', () => {
  test("is aggregate('append') with nothing in it, stored as deltas", () => {
    const [short, long] = [append<number>(), aggregate<number>('append')];
    expect({ ...short, initial: 0, update: 0 }).toEqual({ ...long, initial: 0, update: 0 });
    expect(short).toMatchObject({ kind: 'aggregate', signature: 'append', delta: true });
    expect(short.initial()).toEqual([]);
    expect(append(['a']).initial()).toEqual(['a']);
    expect(short.update([1], [2, [3, 4]], 'list')).toEqual([1, 2, 3, 4]);
  });

  test('the very same list comes back when nothing is added', () => {
    const state = [1];
    expect(append<number>().update(state, [[]], 'list')).toBe(state);
    expect(append<number>().update(state, [undefined as never], 'list')).toEqual([1, undefined]);
  });

  test('takes 200,000 writes of one superstep', () => {
    expect(append<number>().update([], Array.from({ length: 200_000 }, (_, at) => at), 'list')).toHaveLength(200_000);
  });
});
