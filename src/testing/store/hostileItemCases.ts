import { assertEqual } from '../assertEqual.js';
import { HOSTILE_STRINGS } from '../hostileStrings.js';
import type { StoreCase } from './StoreProbe.js';

/** Pairs of namespaces that are one if they are joined by a character, compared by pattern, or without regard to lengths. */
const APART: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['a', 'b'], ['a.b']], [['a', 'b'], ['a/b']], [['a', 'b'], ['a,b']], [['a', 'b'], ['a\0b']], [['a', 'b'], ['ab']], [['a', ''], ['a']], [['', 'a'], ['a']], [['', ''], ['']],
  [['a'], ['A']], [['a%'], ['ab']], [['a_'], ['ab']], [['*'], ['a']], [['a'], ['a ']], [['ä'], ['a\u0308']], [['a","b'], ['a', 'b']], [['{a,b}'], ['a', 'b']], [['NULL'], ['null']],
];

const VALUES: readonly unknown[] = [
  '', '\0', 'a\0b', '\ud800', '\udc00x', '\ufeff', '\ue000', '\u0001', '\u0001\u0001', '\ue000\u{10ffff}', '😀', "'; DROP TABLE item; --", '\\u0000', '%s $1 ?', 0, -0.5, 1e-300, 5e-324, 1.7976931348623157e308,
  9007199254740993, true, null, [], {}, [[[]]], { '': 1 }, { '\0': { '\ud800': ['\0'] } }, { ['__proto__']: { x: 1 } }, { constructor: 1, toString: null }, 'x'.repeat(300_000), 'é😀'.repeat(20_000),
  Array.from({ length: 400 }).reduce<unknown>((inner) => [inner], 'deep'),
];

/** Namespaces and keys are any strings, and values any JSON. */
export const hostileItemCases: readonly StoreCase[] = [
  {
    name: 'G4 any string is a key and part of a namespace, and no two are the same',
    run: async (probe) => {
      await Promise.all(HOSTILE_STRINGS.flatMap((text, i) => [probe.put(['keys'], text, { i }), probe.put(['labels', text], 'k', { i })]));
      await Promise.all(HOSTILE_STRINGS.map(async (text, i) => {
        const [byKey, byLabel] = [await probe.get(['keys'], text), await probe.get(['labels', text], 'k')];
        assertEqual([byKey?.key, byKey?.value, byLabel?.namespace, byLabel?.value], [text, { i }, probe.at('labels', text), { i }]);
        assertEqual([await probe.keys(['labels', text]), await probe.listed({ prefix: ['labels', text] })], [['k'], [['labels', text]]]);
      }));
      assertEqual((await probe.listed({ prefix: ['labels'], limit: 1_000 })).map(([, text]) => text).sort(), [...HOSTILE_STRINGS].sort());
      assertEqual(await Promise.all(HOSTILE_STRINGS.map(async (text) => probe.one(probe.store.delete(probe.at('keys'), text)))), HOSTILE_STRINGS.map(() => true));
      assertEqual([await probe.keys(['keys']), (await probe.keys(['labels'], { limit: 1_000 })).length], [[], HOSTILE_STRINGS.length]);
    },
  },
  {
    name: 'G4 namespaces that look alike are apart',
    run: async (probe) => {
      for (const [i, [one, other]] of APART.entries()) {
        await probe.put([`${i}`, ...one], 'k', { one: true });
        assertEqual([await probe.get([`${i}`, ...other], 'k'), (await probe.keys([`${i}`, ...other])).length], [undefined, one.length > other.length && other.every((label, at) => label === one[at]) ? 1 : 0]);
        await probe.put([`${i}`, ...other], 'k', { one: false });
        assertEqual([(await probe.get([`${i}`, ...one], 'k'))?.value, (await probe.get([`${i}`, ...other], 'k'))?.value], [{ one: true }, { one: false }]);
      }
    },
  },
  {
    name: 'G4 a namespace may be deep, and empty',
    run: async (probe) => {
      const deep = Array.from({ length: 60 }, (_, n) => `${n}`.repeat(200));
      await probe.put(deep, 'x'.repeat(10_240), { n: 1 });
      assertEqual((await probe.get(deep, 'x'.repeat(10_240)))?.value, { n: 1 });
      assertEqual((await probe.keys(deep.slice(0, 30))).length, 1);
      await probe.one(probe.store.put([], probe.root, { n: 2 }));
      assertEqual((await probe.one(probe.store.get([], probe.root)))?.value, { n: 2 });
      assertEqual((await probe.one(probe.store.search([], { limit: 1 })))[0]?.key, probe.root);
      assertEqual(await probe.one(probe.store.delete([], probe.root)), true);
      await probe.refused('INVALID_OPTION', probe.store.put(Array.from({ length: 65 }, () => 'x'), 'k', {}));
    },
  },
  {
    name: 'G4 values come back equal, and are found by what is in them',
    run: async (probe) => {
      for (const [i, value] of VALUES.entries()) {
        await probe.put([`${i}`], 'k', { value });
        assertEqual((await probe.get([`${i}`], 'k'))?.value, { value });
        assertEqual(await probe.keys([`${i}`], { filter: { value: { $eq: value } } }), ['k']);
        assertEqual(await probe.keys([`${i}`], { filter: { value: { $ne: value } } }), []);
      }
      const fields = HOSTILE_STRINGS.map((field) => JSON.parse(`{${JSON.stringify(field)}:1}`) as { readonly [field: string]: number });
      await Promise.all(HOSTILE_STRINGS.map(async (field, i) => probe.put(['fields'], field, fields[i])));
      assertEqual(await Promise.all(fields.map(async (filter) => probe.keys(['fields'], { filter }))), HOSTILE_STRINGS.map((field) => [field]));
    },
  },
  {
    name: 'G7 what is not JSON is refused, naming where it is, and nothing is written',
    run: async (probe) => {
      const cycle: { self?: unknown } = {};
      cycle.self = cycle;
      const values: readonly unknown[] = [{ a: [new Date()] }, { m: new Map() }, { n: 1n }, { f: () => 1 }, { u: [undefined] }, { x: Number.NaN }, cycle, [], 'text', null, 1, undefined];
      for (const value of values) await probe.refused('INVALID_OPTION', probe.store.put(probe.at(), 'k', value as never));
      const message = await probe.all(probe.store.put(probe.at(), 'k', { a: [new Date()] })).catch(String);
      assertEqual(String(message).includes('value.a[0]'), true);
      for (const namespace of ['a', undefined, [1], [undefined], [['a']]]) await probe.refused('INVALID_OPTION', probe.store.put(namespace as never, 'k', {}));
      for (const key of [undefined, 1, null]) await probe.refused('INVALID_OPTION', probe.store.get(probe.at(), key as never));
      assertEqual(await probe.keys([]), []);
    },
  },
];
