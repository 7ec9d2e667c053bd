import { expect, test } from '@jest/globals';
import { storedEntry } from './stored.js';
import { untracked } from './untracked.js';

test('C8: untracked holds anything, the last of many writes, and is never stored', () => {
  const cache = untracked<Map<string, number>>();
  const [first, last] = [new Map(), new Map([['a', 1]])];
  expect(cache.initial()).toBeUndefined();
  expect(cache.update(undefined, [first, last], 'cache')).toBe(last);
  expect(cache.untracked).toBe(true);
  expect(storedEntry(cache, 'cache', { state: last, writes: [last] }, undefined)).toBeUndefined();
});
