import type { Filter } from '../../pregel/stores/filter.js';
import { assertEqual } from '../assertEqual.js';
import type { StoreCase } from './StoreProbe.js';

const VALUES = {
  none: {},
  null: { f: null },
  no: { f: false },
  yes: { f: true },
  '0': { f: 0 },
  '1': { f: 1 },
  '2.5': { f: 2.5 },
  '-1e300': { f: -1e300 },
  empty: { f: '' },
  a: { f: 'a' },
  b: { f: 'b' },
  '10': { f: '10' },
  above: { f: '\uffff' },
  astral: { f: '😀' },
  list: { f: [1, { x: 1 }] },
  object: { f: { x: 1, y: [2] } },
} as const;

/** What each filter finds of `VALUES`; the others of them it doesn't. */
const FINDS: readonly (readonly [Filter, readonly (keyof typeof VALUES)[]])[] = [
  [{ f: null }, ['null']],
  [{ f: false }, ['no']],
  [{ f: 0 }, ['0']],
  [{ f: '' }, ['empty']],
  [{ f: 1 }, ['1']],
  [{ f: '10' }, ['10']],
  [{ f: [1, { x: 1 }] }, ['list']],
  [{ f: [{ x: 1 }, 1] }, []],
  [{ f: { $eq: { y: [2], x: 1 } } }, ['object']],
  [{ f: { $eq: { x: 1 } } }, []],
  [{ f: { $eq: true } }, ['yes']],
  [{ f: { $gt: 0 } }, ['1', '2.5']],
  [{ f: { $gte: 0 } }, ['0', '1', '2.5']],
  [{ f: { $lt: 1 } }, ['0', '-1e300']],
  [{ f: { $lte: 1, $gt: -1 } }, ['0', '1']],
  [{ f: { $gt: 'a' } }, ['b', 'above', 'astral']],
  [{ f: { $gte: 'a', $lt: 'b' } }, ['a']],
  [{ f: { $lte: 'a' } }, ['empty', 'a', '10']],
  [{ f: { $gt: '\uffff' } }, ['astral']],
  [{ f: { $ne: 1, $gte: 0 } }, ['0', '2.5']],
  [{ f: 1, g: 1 }, []],
  [{ g: { $ne: 1 }, f: 1 }, ['1']],
  [{ toString: { $ne: 1 }, f: 1 }, ['1']],
  [{ '$f': 1 }, []],
];

/** Finding by namespace and by what is in an item. */
export const searchCases: readonly StoreCase[] = [
  {
    name: 'G4 a search finds what is in a namespace and below it, written last first',
    run: async (probe) => {
      for (const [label, key] of [['a', '1'], ['b', '2'], ['a', '3'], ['a', '1']] as const) await probe.put([label], key);
      await probe.put(['a', 'deep', 'er'], '4');
      assertEqual(await probe.keys(['a']), ['4', '1', '3']);
      assertEqual(await probe.keys([]), ['4', '1', '3', '2']);
      assertEqual([await probe.keys(['a', 'deep']), await probe.keys(['a', 'deep', 'er']), await probe.keys(['deep']), await probe.keys(['a', 'er'])], [['4'], ['4'], [], []]);
    },
  },
  {
    name: 'G4 a search has a limit, of 10 if it says none, and goes on from an offset',
    run: async (probe) => {
      for (let n = 1; n <= 12; n++) await probe.put(['a'], String(n), { even: n % 2 === 0 });
      assertEqual(await probe.keys(['a']), ['12', '11', '10', '9', '8', '7', '6', '5', '4', '3']);
      assertEqual(await probe.keys(['a'], { limit: 2, offset: 3 }), ['9', '8']);
      assertEqual(await probe.keys(['a'], { limit: 2, offset: 3, filter: { even: true } }), ['6', '4']);
      assertEqual([await probe.keys(['a'], { limit: 0 }), await probe.keys(['a'], { offset: 12 })], [[], []]);
      assertEqual((await probe.keys(['a'], { limit: 1_000_000 })).length, 12);
    },
  },
  {
    name: 'G4 a filter finds by equality and by order, and by all it says',
    run: async (probe) => {
      for (const [key, value] of Object.entries(VALUES)) await probe.put([], key, value);
      const names = Object.keys(VALUES);
      const cases = [...FINDS, [{ f: { $ne: 1 } }, names.filter((name) => name !== '1')], [{}, names]] as const;
      for (const [filter, expected] of cases) {
        const found = await probe.keys([], { filter, limit: 100 });
        assertEqual([filter, [...found].sort()], [filter, [...expected].sort()]);
      }
    },
  },
  {
    name: 'what no filter, limit or query can be is INVALID_OPTION',
    run: async (probe) => {
      const { store } = probe;
      const filters = [{ f: { $in: [1] } }, { f: { x: 1 } }, { f: { $gt: null } }, { f: { $lt: [1] } }, { f: { $eq: new Date() } }, { f: Number.NaN }] as unknown as readonly Filter[];
      for (const filter of filters) await probe.refused('INVALID_OPTION', store.search(probe.at(), { filter }));
      for (const options of [{ limit: -1 }, { limit: 1.5 }, { offset: -1 }, { limit: Infinity }, { query: 'without an index' }]) await probe.refused('INVALID_OPTION', store.search(probe.at(), options));
      for (const options of [{ limit: -1 }, { maxDepth: 0 }, { prefix: 'a' as never }, { suffix: [1] as never }]) await probe.refused('INVALID_OPTION', store.listNamespaces(options));
    },
  },
  {
    name: 'G4 namespaces are listed in order, by prefix, suffix and depth',
    run: async (probe) => {
      for (const labels of [['b', 'x'], ['a', 'x', 'y'], ['a'], ['a', 'x'], ['é'], ['a', 'z', 'x'], []]) await probe.put(labels, 'k');
      await probe.put(['a'], 'l');
      await probe.put(['gone'], 'k');
      await probe.one(probe.store.delete(probe.at('gone'), 'k'));
      assertEqual(await probe.listed(), [[], ['a'], ['a', 'x'], ['a', 'x', 'y'], ['a', 'z', 'x'], ['b', 'x'], ['é']]);
      assertEqual(await probe.listed({ prefix: ['a', 'x'] }), [['a', 'x'], ['a', 'x', 'y']]);
      assertEqual(await probe.listed({ suffix: ['x'] }), [['a', 'x'], ['a', 'z', 'x'], ['b', 'x']]);
      assertEqual(await probe.listed({ suffix: ['z', 'x'], prefix: ['a'] }), [['a', 'z', 'x']]);
      assertEqual(await probe.listed({ maxDepth: 2 }), [[], ['a'], ['b'], ['é']]);
      assertEqual(await probe.listed({ maxDepth: 3, limit: 2, offset: 2 }), [['a', 'x'], ['a', 'z']]);
      assertEqual(await probe.listed({ suffix: ['x', 'x', 'x', 'x', 'x'] }), []);
    },
  },
];
