import { describe, expect, test } from '@jest/globals';
import { append } from './append.js';
import { applyWrites } from './applyWrites.js';
import { isOverwrite, overwrite } from './overwrite.js';

describe('C6: overwrite', () => {
  const list = append<string>();

  test.each([
    ['first', [overwrite(['z']), 'a', 'b']],
    ['in the middle', ['a', overwrite(['z']), 'b']],
    ['last', ['a', 'b', overwrite(['z'])]],
  ])('wins the whole superstep when it is written %s', (_where, writes) => {
    expect(applyWrites(list, ['x'], writes, 'list')).toEqual(['z']);
  });

  test('works on an empty channel', () => expect(applyWrites(list, undefined, [overwrite(['z'])], 'list')).toEqual(['z']));

  test.each([0, '', false, null])('puts %p in place, which is a value', (value) => {
    expect(applyWrites(append<unknown>(), [1], [overwrite(value as never)], 'list')).toBe(value);
  });

  test('a second one in a superstep is an error, an equal one too', () => {
    expect(() => applyWrites(list, [], [overwrite([]), 'a', overwrite([])], 'list')).toThrow(
      /INVALID_CONCURRENT_GRAPH_UPDATE: channel 'list' got several overwrites/,
    );
    const same = overwrite(['z']);
    expect(() => applyWrites(list, [], [same, same], 'list')).toThrow(/INVALID_CONCURRENT_GRAPH_UPDATE/);
  });

  test('is told from data that looks like it', () => {
    expect(isOverwrite({ $overwrite: 1, value: 1 })).toBe(false);
    expect([null, undefined, 'x', []].some((write) => isOverwrite(write))).toBe(false);
    expect(isOverwrite(overwrite(1))).toBe(true);
  });
});
