import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeWrite, encodeWrite } from './encodeWrite.js';
import { isOverwrite, overwrite } from './overwrite.js';

const there = (write: unknown): unknown => JSON.parse(JSON.stringify(encodeWrite(write, 'x')));

describe('C10: a write as JSON data', () => {
  test('an overwrite is marked', () => {
    expect(encodeWrite(overwrite([1]), 'x')).toEqual({ $overwrite: [1] });
    expect(decodeWrite({ $overwrite: [1] })).toEqual(overwrite([1]));
    expect(isOverwrite(decodeWrite(there(overwrite(null))))).toBe(true);
  });

  test.each([
    [{ $overwrite: 1 }],
    [{ $$overwrite: { $overwrite: 1 } }],
    [{ $overwrite: 1, gone: undefined }],
    [{ $overwrite: 1, other: 2 }],
    [{ $overwrite: undefined }],
    [[{ $overwrite: 1 }]],
    [{ overwrite: 1 }],
  ])('data that looks like one stays data: %j', (data) => {
    const back = decodeWrite(there(data));
    expect(isOverwrite(back)).toBe(false);
    expect(back).toEqual(data);
  });

  test('comes back as it was, whatever it is', () => {
    const key = fc.constantFrom('$overwrite', '$$overwrite', 'overwrite', 'a');
    const data = fc.oneof(fc.jsonValue({ noUnicodeString: false }), fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.jsonValue()))));
    fc.assert(fc.property(data, fc.boolean(), (value, over) => {
      const plain = JSON.parse(JSON.stringify(value)) as unknown;
      const write = over ? overwrite(plain) : plain;
      expect(decodeWrite(there(write))).toEqual(write);
    }), { numRuns: 500 });
  });

  test('what is not JSON is refused, also in an overwrite', () => {
    expect(() => encodeWrite(overwrite({ a: new Date() }), 'docs')).toThrow(/INVALID_UPDATE: a Date was written to channel 'docs', at docs.a/);
    expect(() => encodeWrite(overwrite(undefined), 'docs')).toThrow(/INVALID_UPDATE: undefined was written to channel 'docs'/);
    expect(() => encodeWrite(undefined, 'docs')).toThrow(/INVALID_UPDATE/);
  });
});
