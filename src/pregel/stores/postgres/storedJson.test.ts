import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { byCodePoints } from '../byCodePoints.js';
import { jsonOfStored, storedJson, storedString, stringOfStored } from './storedJson.js';

/** Strings with what is changed in them, and its neighbours. */
const odd = fc.array(fc.oneof(fc.constantFrom('\0', '\x01', '\x02', '\ud7ff', '\ud800', '\udbff', '\udc00', '\udfff', '\ue000', '\ue001', '\uffff', '\u{10000}', '\u{10ffff}', 'a'), fc.string())).map((parts) => parts.join(''));
const whole = odd.map((text) => text.replace(/[\ud800-\udfff]/gu, ''));

describe('storedString', () => {
  test('holds nothing that PostgreSQL refuses, and comes back', () => {
    fc.assert(fc.property(odd, (text) => {
      const stored = storedString(text);
      expect(stored).not.toMatch(/[\0\ud800-\udfff]/u);
      expect(stringOfStored(stored)).toBe(text);
    }));
  });

  test('keeps the order of strings, and usual ones as they are', () => {
    fc.assert(fc.property(whole, whole, (a, b) => expect(Math.sign(byCodePoints(storedString(a), storedString(b)))).toBe(Math.sign(byCodePoints(a, b)))));
    expect(storedString('usual: é 😀 "%\\')).toBe('usual: é 😀 "%\\');
  });

  test('its order is that of UTF-8 bytes', () => {
    fc.assert(fc.property(whole, whole, (a, b) => expect(Math.sign(byCodePoints(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))))));
  });
});

test('JSON data comes back from its text, keys too', () => {
  fc.assert(fc.property(fc.jsonValue(), odd, odd, (value, key, text) => {
    const data = JSON.parse(JSON.stringify({ [key]: [value, text] })) as unknown;
    expect(jsonOfStored(storedJson(data))).toEqual(data);
  }));
});
