import { deepStrictEqual } from 'node:assert';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRivuletError } from '../../../core/errors/RivuletError.js';
import { JsonInvalidError } from './JsonInvalidError.js';
import { JsonReader } from './JsonReader.js';
import { JsonText } from './JsonText.js';
import { TextPosition } from './TextPosition.js';

const strict = (): JsonText<JsonReader> => new JsonText({ around: 'nothing' }, (position, depth) => new JsonReader(position, depth));

function read(pieces: readonly string[]): unknown {
  const text = strict();
  for (const piece of pieces) text.write(piece);
  text.end();
  return text.reader.value;
}

/** To the bit, prototypes and the order of keys included; jest's own equality stumbles over a key named constructor. */
function expectSame(value: unknown, expected: unknown): void {
  deepStrictEqual(value, expected);
  expect(JSON.stringify(value)).toBe(JSON.stringify(expected));
}

function failure(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** Cuts a text at the given places, each a fraction of its length. */
function cut(text: string, places: readonly number[]): string[] {
  const ends = [...places.map((place) => Math.floor(place * (text.length + 1))), text.length].sort((a, b) => a - b);
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}

const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 12 });

/** Any JSON value, keys and strings with lone surrogates and `__proto__` among them. */
const anyString = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'constructor', '', '\ud83d', '\ude00', '\ud83d\ude00', '"\\/\b\f\n\r\t\u0000', '0'),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);
const anyNumber = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.constantFrom(0, -0, 1e21, 1e-7, 5e-324, 1.7976931348623157e308));
const { value: anyJson } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, anyNumber, anyString, fc.constantFrom(true, false, null), tie('list'), tie('record')),
  list: fc.array(tie('value'), { maxLength: 5 }),
  record: fc.array(fc.tuple(anyString, tie('value')), { maxLength: 5 }).map((entries) => {
    const record = {};
    for (const [key, value] of entries) Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
    return record;
  }),
}));

/** JSON text of a value as a careless writer spells it: spaces, escapes, exponents, equal keys. */
const spelled = fc.tuple(anyJson, fc.infiniteStream(fc.nat(9))).map(([value, dice]) => spell(value, () => dice.next().value as number));

function spell(value: unknown, roll: () => number): string {
  const space = (): string => ['', '', '', '', '', '', ' ', '\n', '\t', ' \r\n  '][roll()] as string;
  if (typeof value === 'string') return spellString(value, roll);
  if (typeof value === 'number') return roll() < 3 ? value.toExponential().replace('e+', ['e', 'E', 'e+', 'E+'][roll() % 4] as string) : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => space() + spell(item, roll) + space()).join(',') || space()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.keys(value).map((key) => [key, (value as Record<string, unknown>)[key]] as const);
  const written = roll() < 2 ? [...entries, ...entries] : entries;
  return `{${written.map(([key, member]) => `${space()}${spellString(key, roll)}${space()}:${space()}${spell(member, roll)}${space()}`).join(',') || space()}}`;
}

function spellString(value: string, roll: () => number): string {
  const units = Array.from({ length: value.length }, (_, index) => value.charAt(index));
  const hex = (unit: string): string => unit.charCodeAt(0).toString(16).padStart(4, '0');
  const escape = (unit: string): string => `\\u${roll() < 5 ? hex(unit) : hex(unit).toUpperCase()}`;
  const must = (unit: string): boolean => unit < ' ' || unit === '"' || unit === '\\';
  return `"${units.map((unit) => (roll() < 2 ? escape(unit) : must(unit) ? JSON.stringify(unit).slice(1, -1) : unit === '/' && roll() < 5 ? '\\/' : unit)).join('')}"`;
}

describe('JsonReader', () => {
  test('reads what JSON.parse reads, wherever the text is cut', () => {
    fc.assert(
      fc.property(spelled, places, (text, where) => {
        expectSame(read(cut(text, where)), JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  test('reads what JSON.parse reads, unit by unit', () => {
    fc.assert(
      fc.property(spelled, (text) => {
        expectSame(read(text.split('')), JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  test('takes a broken text exactly when JSON.parse does, wherever it is cut', () => {
    const broken = fc.tuple(spelled, fc.nat(), fc.nat(2), fc.constantFrom(...'{}[],:"\\0123eE.+-tfnu \n\u0000\ufeffa', 'null', '\\u12', '//', "'")).map(([text, where, drop, insert]) => {
      const at = where % (text.length + 1);
      return text.slice(0, at) + insert + text.slice(at + drop);
    });
    fc.assert(
      fc.property(broken, places, (text, where) => {
        let parsed: { readonly value: unknown } | undefined;
        try {
          parsed = { value: JSON.parse(text) };
        } catch {
          parsed = undefined;
        }
        if (parsed) expectSame(read(cut(text, where)), parsed.value);
        else expect(isRivuletError(failure(() => read(cut(text, where))), 'JSON_INVALID')).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('grows: of each prefix it shows what is certain, and never half of a character', () => {
    const seen: unknown[] = [];
    const text = strict();
    for (const unit of '{"a":"x\\n\\ud83d\\ude00😀","b":[12,true,{}],"c":null}'.split('')) if (text.write(unit)) seen.push(structuredClone(text.reader.value));
    text.end();
    expect(seen).toEqual([
      {},
      { a: '' },
      { a: 'x' },
      { a: 'x\n' },
      { a: 'x\n😀' },
      { a: 'x\n😀😀' },
      { a: 'x\n😀😀', b: [] },
      { a: 'x\n😀😀', b: [12] },
      { a: 'x\n😀😀', b: [12, true] },
      { a: 'x\n😀😀', b: [12, true, {}] },
      { a: 'x\n😀😀', b: [12, true, {}], c: null },
    ]);
  });

  test('each prefix is a growing part of the whole', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = strict();
        const whole = JSON.stringify(value);
        for (const unit of whole.split('')) {
          text.write(unit);
          if (text.reader.value !== undefined) expect(isPartOf(text.reader.value, JSON.parse(whole))).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('pollutes nothing by __proto__, in any spelling', () => {
    for (const key of ['__proto__', '__pro\\u0074o__']) {
      const value = read([`{"${key}":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`]) as object;
      expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(({} as { polluted?: number }).polluted).toBeUndefined();
      expectSame(value, JSON.parse(`{"${key}":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`));
    }
  });

  test('of equal keys the last wins, also while an old value stands there', () => {
    const text = strict();
    text.write('{"a":[1,2],"b":1,"a":tr');
    expect(text.reader.value).toEqual({ a: [1, 2], b: 1 });
    text.write('ue}');
    expect(text.reader.value).toEqual({ a: true, b: 1 });
    expect(Object.keys(text.reader.value as object)).toEqual(['a', 'b']);
  });

  test('a snapshot stays as it is and shares what is complete', () => {
    const text = strict();
    text.write('{"done":{"x":[1]},"__proto__":{"open":["a","b');
    const before = text.reader.snapshot() as Record<string, { readonly open: unknown }>;
    text.write('c","d"]},"last":1}');
    const after = text.reader.snapshot() as Record<string, { readonly open: unknown }>;
    expect(JSON.stringify(before)).toBe('{"done":{"x":[1]},"__proto__":{"open":["a","b"]}}');
    expect(JSON.stringify(after)).toBe('{"done":{"x":[1]},"__proto__":{"open":["a","bc","d"]},"last":1}');
    expect(after['done']).toBe(before['done']);
    expect(Object.getPrototypeOf(after)).toBe(Object.prototype);
  });

  test.each<[string, number, number, number, RegExp]>([
    ['{"a":1\n "b":2}', 8, 2, 2, /',' or '}' is due, but there is "\\""/],
    ['{"a":1,}', 7, 1, 8, /a key in double quotes is due, but there is "}"/],
    ["{'a':1}", 1, 1, 2, /a key in double quotes or '}' is due/],
    ['{"a" 1}', 5, 1, 6, /':' is due/],
    ['[1,]', 3, 1, 4, /a value is due/],
    ['[1 2]', 3, 1, 4, /',' or ']' is due/],
    ['[}', 1, 1, 2, /a value or ']' is due/],
    ['[01]', 2, 1, 3, /',' or ']' is due/],
    ['[-]', 2, 1, 3, /a digit is due/],
    ['[1.]', 3, 1, 4, /a digit is due/],
    ['[1e+]', 4, 1, 5, /a digit is due/],
    ['[.5]', 1, 1, 2, /a value/],
    ['[+1]', 1, 1, 2, /a value/],
    ['[NaN]', 1, 1, 2, /a value/],
    ['[nul]', 4, 1, 5, /'null' is due/],
    ['["\\x"]', 3, 1, 4, /an escape: one of/],
    ['["\\u12g4"]', 6, 1, 7, /four hexadecimal digits/],
    ['["a\nb"]', 3, 1, 4, /control characters in it must be escaped/],
    ['{"a":1}x', 7, 1, 8, /the end of the text is due, but there is "x"/],
    ['[1]\n\n [2]', 6, 3, 2, /the end of the text is due/],
    ['{"a":"', 6, 1, 7, /the end of a string .* is due, but the text ends/],
    ['{"a"', 4, 1, 5, /':' is due, but the text ends/],
    ['-', 1, 1, 2, /a digit is due, but the text ends/],
    ['tru', 3, 1, 4, /'true' is due, but the text ends/],
    ['\ufeff{}', 0, 1, 1, /a value is due/],
    ['[😀]', 1, 1, 2, /there is "😀"/],
    ['[\ud83d]', 1, 1, 2, /there is "\\ud83d"/],
  ])('says where and why %j is not JSON, wherever it is cut', (text, offset, line, column, message) => {
    for (const pieces of [[text], text.split('')]) {
      const error = failure(() => read(pieces)) as JsonInvalidError;
      expect(error).toBeInstanceOf(JsonInvalidError);
      const { code, offset: at, line: row, column: place } = error;
      expect({ code, at, row, place }).toEqual({ code: 'JSON_INVALID', at: offset, row: line, place: column });
      if (pieces.length === 1) expect(error.message).toMatch(message);
    }
  });

  test('quotes the text around an error, also of the pieces before it', () => {
    const pieces = ['{"first": "value", ', '"second"', ' ', '= "of the two"}'];
    const { excerpt } = failure(() => read(pieces)) as JsonInvalidError;
    expect(excerpt).toBe('{"first": "value", "second" = "of the two"}'.slice(-47));
    const long = Array.from('["'.padEnd(10_000, 'x') + '"}');
    expect((failure(() => read(long)) as JsonInvalidError).excerpt).toBe('x'.repeat(31) + '"}');
  });

  test('refuses a depth bomb and a text without end, at once', () => {
    expect(failure(() => read(['['.repeat(100_000_000)]))).toMatchObject({ code: 'JSON_LIMIT', exceeded: 'length', limit: 2 ** 26 });
    expect(failure(() => read(['['.repeat(60_000_000)]))).toMatchObject({ code: 'JSON_LIMIT', exceeded: 'depth', limit: 512, offset: 512 });
    expect(failure(() => read(Array.from({ length: 5000 }, () => '{"a":')))).toMatchObject({ code: 'JSON_LIMIT', exceeded: 'depth', offset: 512 * 5 });
    expect(read(['['.repeat(512), ']'.repeat(512)])).toEqual(JSON.parse('['.repeat(512) + ']'.repeat(512)));
    const text = new JsonText({ maxLength: 10 }, (position, depth) => new JsonReader(position, depth));
    text.write('[12345678');
    expect(failure(() => text.write('9]'))).toMatchObject({ code: 'JSON_LIMIT', exceeded: 'length', limit: 10 });
  });

  test('looks at each character once, however long the text and however small the pieces', () => {
    const item = '{"id":12,"name":"Zürich \\u00e9","tags":["a","b"],"on":true},';
    for (const size of [1, 7, 1000, Infinity]) {
      const looked = [1000, 10_000].map((items) => charactersLookedAt(`[${item.repeat(items)}0]`, size) / (item.length * items));
      expect(Math.max(...looked)).toBeLessThan(2);
      expect((looked[1] as number) / (looked[0] as number)).toBeCloseTo(1, 1);
    }
  });
});

function isPartOf(part: unknown, whole: unknown): boolean {
  if (typeof part === 'string') return typeof whole === 'string' && whole.startsWith(part);
  if (typeof part !== 'object' || part === null) return Object.is(part, whole);
  if (typeof whole !== 'object' || whole === null || Array.isArray(part) !== Array.isArray(whole)) return false;
  return Object.keys(part).every((key) => Object.hasOwn(whole, key) && isPartOf(Object.getOwnPropertyDescriptor(part, key)?.value, Object.getOwnPropertyDescriptor(whole, key)?.value));
}

/** Counts the calls by which a parser looks at a character. */
function charactersLookedAt(text: string, size: number): number {
  const pieces = size === Infinity ? [text] : Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size));
  const { charCodeAt, charAt } = String.prototype;
  let count = 0;
  String.prototype.charCodeAt = function (this: string, at: number): number {
    count++;
    return charCodeAt.call(this, at);
  };
  String.prototype.charAt = function (this: string, at: number): string {
    count++;
    return charAt.call(this, at);
  };
  try {
    read(pieces);
  } finally {
    Object.assign(String.prototype, { charCodeAt, charAt });
  }
  return count;
}

test('TextPosition counts from where each piece begins', () => {
  const position = new TextPosition();
  position.pass('ab\nc');
  position.pass('d\n\n');
  expect(position.locate('ef\ng', 3)).toEqual({ offset: 10, line: 5, column: 1, excerpt: 'ab\ncd\n\nef\ng' });
});
