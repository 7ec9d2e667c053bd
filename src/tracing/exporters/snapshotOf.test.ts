import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { snapshotOf } from './snapshotOf.js';
import { wireJson } from './wireJson.js';

const hostile = (): object => ({ toJSON: () => { throw new Error('not me'); } });
const cyclic = (): object => {
  const value: Record<string, unknown> = { n: 1n };
  value['self'] = [value];
  return value;
};
const deep = (levels: number): unknown => (levels === 0 ? 'end' : [deep(levels - 1)]);

describe('a snapshot', () => {
  test.each([
    ['what JSON knows nothing of', () => [1n, Symbol('s'), Math.max, undefined, NaN, new TypeError('no'), new Map([['a', new Set([1])]]), new Date(0)]],
    ['bytes', () => ({ bytes: new Uint8Array(3), buffer: Buffer.from('abc'), vector: new Float32Array([1, 2]) })],
    ['boxed values', () => [Object('a'), Object(1), Object(true)]],
    ['what says itself how it is written', () => ({ at: { toJSON: (key: string) => `at ${key}` } })],
    ['a property of any name', () => JSON.parse('{"__proto__":{"a":1},"constructor":2}') as object],
    ['a cycle', cyclic],
    ['what can’t be read', () => ({ inside: hostile() })],
    ['what is deep', () => deep(1_000)],
    ['an array with holes', () => Object.assign(new Array<number>(3), { 2: 3 })],
  ])('says of %s what its JSON says', (_, value) => {
    expect(wireJson(snapshotOf(value()))).toBe(wireJson(value()));
  });

  test('says what the JSON of any value says, and shows nothing of what becomes of it', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withMap: true, withSet: true, withDate: true, withBoxedValues: true, withNullPrototype: true, withSparseArray: true, withTypedArray: true }), (value) => {
        const json = wireJson(value);
        const snapshot = snapshotOf(value);
        if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) Object.assign(value, { added: 1 });
        expect(wireJson(snapshot)).toBe(json);
      }),
    );
  });

  test('shares what is frozen through and through, and copies what isn’t', () => {
    const message = Object.freeze({ role: 'user', content: Object.freeze([Object.freeze({ type: 'text', text: 'hi', score: NaN })]) });
    const open = Object.freeze({ role: 'user', content: [] as string[] });
    expect(snapshotOf(message)).toBe(message);
    const [first, second] = snapshotOf([message, open]) as readonly unknown[];
    open.content.push('later');
    expect(first).toBe(message);
    expect(second).toEqual({ role: 'user', content: [] });
  });
});
