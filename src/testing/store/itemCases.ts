import { assertEqual } from '../assertEqual.js';
import type { StoreCase } from './StoreProbe.js';

/** Items are written, read, written anew and removed. */
export const itemCases: readonly StoreCase[] = [
  {
    name: 'G4 what is put is what is got, by namespace and key',
    run: async (probe) => {
      assertEqual(await probe.get(['a'], 'k'), undefined);
      const written = await probe.put(['a'], 'k', { n: 1, deep: { list: [1, null, 'x'], no: false } });
      assertEqual([written.namespace, written.key, written.value], [probe.at('a'), 'k', { n: 1, deep: { list: [1, null, 'x'], no: false } }]);
      assertEqual(await probe.get(['a'], 'k'), written);
      assertEqual([await probe.get(['a'], 'other'), await probe.get(['b'], 'k'), await probe.get([], 'k'), await probe.get(['a', 'a'], 'k')], [undefined, undefined, undefined, undefined]);
    },
  },
  {
    name: 'G4 an item that is put again has the new value, and was created when it was',
    run: async (probe) => {
      const first = await probe.put(['a'], 'k', { old: 1, same: 1 });
      await probe.until('the clock goes on', async () => (await probe.put(['clock'], 'k')).updatedAt > first.updatedAt);
      const second = await probe.put(['a'], 'k', { same: 2 });
      assertEqual([second.createdAt, second.updatedAt > first.updatedAt], [first.createdAt, true]);
      assertEqual(await probe.get(['a'], 'k'), second);
      assertEqual((await probe.get(['a'], 'k'))?.value, { same: 2 });
      assertEqual(await probe.keys(['a']), ['k']);
    },
  },
  {
    name: 'G4 delete removes one item, and says whether it was there',
    run: async (probe) => {
      await probe.put(['a'], 'k');
      await probe.put(['a'], 'l');
      await probe.put(['a', 'k'], 'k');
      const removed = [await probe.one(probe.store.delete(probe.at('a'), 'k')), await probe.one(probe.store.delete(probe.at('a'), 'k'))];
      assertEqual([removed, await probe.get(['a'], 'k')], [[true, false], undefined]);
      assertEqual([...(await probe.keys([]))].sort(), ['k', 'l']);
    },
  },
  {
    name: 'every method is cold: it does its work when subscribed to, each time',
    run: async (probe) => {
      const put = probe.store.put(probe.at('a'), 'k', { n: 1 });
      const get = probe.store.get(probe.at('a'), 'k');
      const remove = probe.store.delete(probe.at('a'), 'k');
      assertEqual(await probe.one(get), undefined);
      await probe.one(put);
      assertEqual((await probe.one(get))?.value, { n: 1 });
      assertEqual([await probe.one(remove), await probe.one(get)], [true, undefined]);
      await probe.one(put);
      assertEqual(await probe.keys(['a']), ['k']);
    },
  },
  {
    name: 'what is handed in and out shares nothing with the store',
    run: async (probe) => {
      const value = { list: [1] };
      const namespace = [...probe.at('a')];
      await probe.one(probe.store.put(namespace, 'k', value));
      value.list.push(2);
      namespace.push('b');
      const changes = [(await probe.get(['a'], 'k'))?.value, (await probe.one(probe.store.search(probe.at('a'))))[0]?.value];
      for (const got of changes) {
        try {
          (got as { list: number[] }).list.push(3);
        } catch {
          // frozen: as good
        }
      }
      const item = await probe.get(['a'], 'k');
      assertEqual([item?.namespace, item?.value], [probe.at('a'), { list: [1] }]);
    },
  },
  {
    name: 'of writers of one item at once, one is last, and all of it is theirs',
    run: async (probe) => {
      await Promise.all(Array.from({ length: 20 }, async (_, n) => probe.put(['a'], 'k', { n, same: n })));
      const { n, same } = (await probe.get(['a'], 'k'))?.value ?? {};
      assertEqual([same, await probe.keys([])], [n, ['k']]);
    },
  },
];
