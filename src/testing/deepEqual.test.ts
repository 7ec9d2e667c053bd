import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RivuletError } from '../core/errors/RivuletError.js';
import { messageChunk } from '../operators/messages/messageChunk.js';
import { deepEqual } from './deepEqual.js';

const cyclic = (name: string): object => {
  const value: Record<string, unknown> = { name };
  value['self'] = value;
  return value;
};
const sparse = Object.assign(Array<number>(3), { 0: 1, 2: 3 });

describe('deepEqual', () => {
  test.each<[string, unknown, unknown]>([
    ['NaN', NaN, NaN],
    ['an absent field and an undefined one', { a: 1, b: undefined }, { a: 1 }],
    ['a chunk and its fields', messageChunk({ id: 'a', text: 'x' }), { id: 'a', text: 'x' }],
    ['dates', new Date(5), new Date(5)],
    ['patterns', /a/g, /a/g],
    ['maps and sets', new Map([[1, new Set(['a'])]]), new Map([[1, new Set(['a'])]])],
    ['bytes', new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    ['errors', new RivuletError('TIMEOUT', 'late'), new RivuletError('TIMEOUT', 'late')],
    ['cycles', cyclic('a'), cyclic('a')],
    ['a hole and undefined', sparse, [1, undefined, 3]],
  ])('%s are equal', (_, a, b) => {
    expect(deepEqual(a, b)).toBe(true);
    expect(deepEqual(b, a)).toBe(true);
  });

  test.each<[string, unknown, unknown]>([
    ['values', 1, 2],
    ['a number and its text', 1, '1'],
    ['zeros', 0, -0],
    ['null and an object', null, {}],
    ['null and undefined', { a: null }, {}],
    ['a list and an object', [], {}],
    ['lengths', [1], [1, undefined]],
    ['fields', { a: 1, b: 2 }, { a: 1, c: 2 }],
    ['deep fields', { a: [{ b: 1 }] }, { a: [{ b: 2 }] }],
    ['dates', new Date(5), new Date(6)],
    ['flags', /a/g, /a/i],
    ['maps', new Map([[1, 2]]), new Map([[1, 3]])],
    ['sets', new Set([1]), new Set([1, 2])],
    ['codes', new RivuletError('TIMEOUT', 'x'), new RivuletError('CANCELLED', 'x')],
    ['kinds of error', new Error('x'), new TypeError('x')],
    ['an error and its fields', new Error('x'), { message: 'x' }],
    ['cycles', cyclic('a'), cyclic('b')],
    ['inherited fields', Object.create({ a: 1 }), { a: 1 }],
    ['functions', () => 1, () => 1],
  ])('%s differ', (_, a, b) => {
    expect(deepEqual(a, b)).toBe(false);
    expect(deepEqual(b, a)).toBe(false);
  });

  test('a value equals its copy, and not one with something changed', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => deepEqual(value, structuredClone(value))));
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => deepEqual(a, b) === (JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)))));
  });
});

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 'negative zero' : value;
  return Object.entries(value).map(([key, field]) => [key, sorted(field)]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)).concat([['object']]);
};
