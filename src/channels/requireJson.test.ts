import { describe, expect, test } from '@jest/globals';
import { requireJson } from './requireJson.js';

class Point {
  x = 1;
}
const cycle: { readonly list: unknown[] } = { list: [] };
cycle.list.push({ again: cycle });
const nested = (depth: number): unknown => (depth === 0 ? 'x' : [nested(depth - 1)]);

describe('C10: what is not JSON is refused at the write, naming channel and path', () => {
  test.each<[unknown, string]>([
    [new Map(), 'a Map was written to channel \'docs\', at docs.'],
    [{ when: { at: new Date(0) } }, 'a Date was written to channel \'docs\', at docs.when.at.'],
    [[1, { n: [10n] }], 'a bigint was written to channel \'docs\', at docs[1].n[0].'],
    [{ 'a b': { é: () => 1 } }, 'a function was written to channel \'docs\', at docs["a b"].é.'],
    [[1, undefined], 'undefined was written to channel \'docs\', at docs[1].'],
    [Array(2), 'undefined was written to channel \'docs\', at docs[0].'],
    [undefined, 'undefined was written to channel \'docs\', at docs.'],
    [cycle, 'a cycle was written to channel \'docs\', at docs.list[0].again.'],
    [{ n: Number.NaN }, 'NaN was written to channel \'docs\', at docs.n.'],
    [[-Infinity], '-Infinity was written'],
    [Symbol('s'), 'a symbol was written'],
    [new Point(), 'a Point was written'],
    [new Uint8Array(1), 'a Uint8Array was written'],
    [{ toJSON: () => 1 }, 'a function was written to channel \'docs\', at docs.toJSON.'],
    [nested(501), 'a value nested more than 500 deep'],
  ])('%#: %s', (value, message) => {
    expect(() => requireJson(value, 'docs')).toThrow(`INVALID_UPDATE: ${message}`);
  });

  test.each([
    [{ a: [1, -1.5, 'x', '\u0000\uD800', true, null, { b: {} }], gone: undefined }],
    [[{ a: 1 }, { a: 1 }]],
    [Object.create(null)],
    [JSON.parse('{"__proto__":{"x":1}}')],
    [nested(500)],
    [0],
    [''],
  ])('%#: JSON passes', (value) => expect(requireJson<unknown>(value, 'docs')).toBe(value));

  test('one value in two places is no cycle', () => {
    const shared = { a: 1 };
    expect(requireJson([shared, { shared }], 'docs')).toHaveLength(2);
  });

  test('a message stays short, whatever the keys', () => {
    const hostile = { ['k'.repeat(100_000)]: { [']'.repeat(100_000)]: 1n } };
    expect(() => requireJson(hostile, 'docs')).toThrow(/^.{1,700}$/s);
  });
});
