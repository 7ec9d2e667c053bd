import { expect, test } from '@jest/globals';
import { forbiddenKey } from './forbiddenKey.js';

const parsed = (json: string): unknown => JSON.parse(json);

test.each([
  ['{"__proto__":{"isAdmin":true}}', ['__proto__']],
  ['{"a":[{"b":{"__proto__":1}}]}', ['a', '0', 'b', '__proto__']],
])('finds it in %s', (json, path) => {
  expect(forbiddenKey(parsed(json))?.path).toEqual(path);
});

test.each([['{"proto":1,"constructor":{"prototype":1}}'], ['"__proto__"'], ['["__proto__"]'], ['null'], ['7']])('finds none in %s', (json) => {
  expect(forbiddenKey(parsed(json))).toBeUndefined();
});

test('a value may be deep, cyclic or full of bytes', () => {
  expect(forbiddenKey(parsed(`${'['.repeat(100_000)}{"__proto__":1}${']'.repeat(100_000)}`))?.path).toHaveLength(100_001);
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  expect(forbiddenKey(cycle)).toBeUndefined();
  expect(forbiddenKey({ bytes: new Uint8Array(50_000_000) })).toBeUndefined();
});
