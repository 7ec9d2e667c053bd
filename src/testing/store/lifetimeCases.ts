import { assertEqual } from '../assertEqual.js';
import type { StoreCase } from './StoreProbe.js';

const DAY_MS = 24 * 3_600_000;

/** Items that are forgotten. */
export const lifetimeCases: readonly StoreCase[] = [
  {
    name: 'G4 an item is gone for everyone when its time to live is over, and made anew when it is put again',
    run: async (probe) => {
      await probe.put(['kept'], 'k', {}, { ttlMs: DAY_MS });
      const first = await probe.put(['brief'], 'k', {}, { ttlMs: 1 });
      await probe.until('the item goes', async () => (await probe.get(['brief'], 'k')) === undefined);
      assertEqual([await probe.keys([]), await probe.listed()], [['k'], [['kept']]]);
      assertEqual(await probe.one(probe.store.delete(probe.at('brief'), 'k')), false);
      await probe.put(['brief'], 'l', {}, { ttlMs: 1 });
      await probe.until('the other goes', async () => (await probe.get(['brief'], 'l')) === undefined);
      const again = await probe.put(['brief'], 'l', {}, { ttlMs: DAY_MS });
      assertEqual([again.createdAt, again.createdAt > first.createdAt], [again.updatedAt, true]);
    },
  },
  {
    name: 'G4 each put says anew how long an item lives; else the store does',
    run: async (probe) => {
      const store = await probe.make({ ttlMs: 1 });
      await probe.put(['a'], 'long', {}, { ttlMs: 1 });
      await probe.put(['a'], 'long', {});
      await probe.one(store.put(probe.at('a'), 'brief', {}));
      await probe.one(store.put(probe.at('a'), 'kept', {}, { ttlMs: Infinity }));
      await probe.until('the item goes', async () => (await probe.one(store.get(probe.at('a'), 'brief'))) === undefined);
      assertEqual((await probe.one(store.get(probe.at('a'), 'kept')))?.key, 'kept');
      assertEqual((await probe.get(['a'], 'long'))?.key, 'long');
    },
  },
  {
    name: 'G4 what has expired is cleared away by writes, and nothing else is',
    run: async (probe) => {
      for (let n = 0; n < 40; n++) await probe.put(['brief'], String(n), {}, { ttlMs: 1 });
      await probe.put(['kept'], 'k', {}, { ttlMs: DAY_MS });
      await probe.put(['kept'], 'l');
      await probe.until('they go', async () => (await probe.keys(['brief'])).length === 0);
      for (let n = 0; n < 10; n++) await probe.put(['more'], String(n));
      assertEqual([...(await probe.keys(['kept']))].sort(), ['k', 'l']);
      assertEqual((await probe.keys(['more'])).length, 10);
    },
  },
  {
    name: 'what no time to live can be is INVALID_OPTION',
    run: async (probe) => {
      for (const ttlMs of [0, -1, Number.NaN]) await probe.refused('INVALID_OPTION', probe.store.put(probe.at(), 'k', {}, { ttlMs }));
      assertEqual(await probe.keys([]), []);
    },
  },
];
