import { expect, test } from '@jest/globals';
import { wellFormed } from './wellFormed.js';

test('lone halves of surrogate pairs become U+FFFD, in keys too, and everything else stays', () => {
  const value = { a: ['x\ud83d', '😀', 1, null, true, '\udc00\ud83d\ude00'], '\ud83dk': { b: undefined } };
  expect(wellFormed(value)).toEqual({ a: ['x\uFFFD', '😀', 1, null, true, '\uFFFD😀'], '\uFFFDk': { b: undefined } });
});

test('a key called __proto__ stays a key', () => {
  const copy = wellFormed(JSON.parse('{"__proto__":{"polluted":true}}') as object);
  expect(Object.keys(copy)).toEqual(['__proto__']);
  expect('polluted' in {}).toBe(false);
});
