import { expect, test } from '@jest/globals';
import { ephemeral } from './ephemeral.js';

test('C4: ephemeral is readable in the next superstep only', () => {
  const hint = ephemeral<string | boolean>();
  expect(hint.initial()).toBeUndefined();
  expect(hint.update(undefined, [false], 'hint')).toBe(false);
  expect(hint.untouched?.(false)).toBeUndefined();
});

test('C4: a guarded one refuses two tasks, an unguarded one takes the last write', () => {
  expect(() => ephemeral().update(undefined, [1, 2], 'hint')).toThrow(/INVALID_CONCURRENT_GRAPH_UPDATE: channel 'hint' got 2 writes/);
  expect(ephemeral().single).toBe(true);
  const free = ephemeral<number>({ guard: false });
  expect(free.update(undefined, [1, 2], 'hint')).toBe(2);
  expect(free.single).toBe(false);
  expect(free.kind).toBe('ephemeral');
});
