import { describe, expect, test } from '@jest/globals';
import { barrier } from './barrier.js';
import { restoredState, storedEntry } from './stored.js';

describe('C7: barrier', () => {
  const three = barrier(['a', 'b', 'c']);
  const read = (state: readonly string[] | undefined) => three.read?.(state as never);

  test('can be read when all have written, in any order, over any number of supersteps', () => {
    const some = three.update(three.initial(), ['c', 'a'], 'three');
    expect(read(three.initial())).toBeUndefined();
    expect(read(some)).toBeUndefined();
    expect(read(three.update(some, ['b'], 'three'))).toEqual(['a', 'b', 'c']);
  });

  test('counts each once', () => {
    const some = three.update(['a'], ['a', 'a', 'b'], 'three');
    expect(some).toEqual(['a', 'b']);
    expect(three.update(some, ['b'], 'three')).toBe(some);
  });

  test('is reset when consumed, and only when full', () => {
    expect(three.consume?.(['a', 'b', 'c'])).toEqual([]);
    expect(three.consume?.(['a', 'b'])).toEqual(['a', 'b']);
  });

  test.each([[[]], [['b']], [['a', 'b', 'c']]] as const)('with %j survives storing and restoring unchanged', (arrived) => {
    const entry = storedEntry(three, 'three', { state: arrived, writes: ['a'] }, undefined);
    expect(restoredState(three, 'three', entry ? [entry] : [])).toEqual(arrived);
  });

  test('refuses a name that it does not await', () => {
    expect(() => three.update([], ['d' as 'a'], 'three')).toThrow(`INVALID_UPDATE: barrier 'three' got "d", which it doesn't await. Write one of a, b, c`);
  });

  test('without names is refused', () => expect(() => barrier([])).toThrow('INVALID_OPTION'));

  test('its signature is its names, in any order', () => {
    expect(barrier(['b', 'a', 'a']).signature).toBe(barrier(['a', 'b']).signature);
    expect(barrier(['a b']).signature).not.toBe(barrier(['a', 'b']).signature);
  });
});
