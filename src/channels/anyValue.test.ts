import { expect, test } from '@jest/globals';
import { anyValue } from './anyValue.js';

test('C3: anyValue holds the last of many writes, and nothing after a superstep that does not write it', () => {
  const mood = anyValue<string | number>('calm');
  expect(mood.initial()).toBe('calm');
  expect(mood.update('calm', ['curious', 0], 'mood')).toBe(0);
  expect(mood.untouched?.(0)).toBeUndefined();
});
