import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { idOfKey, storedKey } from './storedKey.js';

const anyId = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 4 }).map((units) => String.fromCharCode(...units)),
  fc.string({ maxLength: 6 }).map((text) => JSON.stringify(text)),
  fc.constantFrom('', '"', '\ufeff', '\ud800', '\0', '"\\u0000"'),
);

test('K8 every id comes back from its key', () => {
  fc.assert(fc.property(anyId, (id) => expect(idOfKey(storedKey(id))).toBe(id)));
});

test('K8 a key holds nothing that databases can not', () => {
  fc.assert(
    fc.property(anyId, (id) => {
      const key = storedKey(id);
      expect(key).not.toContain('\0');
      expect(new TextDecoder().decode(new TextEncoder().encode(key))).toBe(key);
    }),
  );
});

test('usual ids are stored as they are', () => {
  for (const id of ['thread-1', 'user:ä/1', '😀', "it's", '{"a":1}', '']) expect(storedKey(id)).toBe(id);
});
