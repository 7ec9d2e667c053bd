import { hashingEmbeddings } from '../../operators/retrieval/hashingEmbeddings.js';
import type { Store } from '../../pregel/stores/Store.js';
import { assertEqual } from '../assertEqual.js';
import { ExpectationError } from '../ExpectationError.js';
import type { StoreCase, StoreProbe } from './StoreProbe.js';

const embed = hashingEmbeddings();

async function found(probe: StoreProbe, store: Store, options: Parameters<Store['search']>[1]): Promise<readonly string[]> {
  return (await probe.one(store.search(probe.at(), options))).map(({ key }) => key);
}

/** Finding by what items mean. */
export const indexCases: readonly StoreCase[] = [
  {
    name: 'G4 a query finds what is near to it, nearest first, with its cosine',
    run: async (probe) => {
      const store = await probe.make({ index: { embed, fields: ['text'] } });
      const texts = { tea: 'she likes green tea', train: 'the train to the north', both: 'green tea on the train', none: 'zebra' };
      for (const [key, text] of Object.entries(texts)) await probe.one(store.put(probe.at(key), key, { text, length: text.length }));
      await probe.one(store.put(probe.at(), 'without a text', { other: 'green tea' }));
      assertEqual((await found(probe, store, { query: 'green tea' })).slice(0, 2), ['tea', 'both']);
      assertEqual(await found(probe, store, { query: 'green tea', limit: 1, offset: 1 }), ['both']);
      assertEqual((await found(probe, store, { query: 'green tea', filter: { length: { $lt: 10 } } })), ['none']);
      assertEqual((await found(probe, store, { query: 'green tea' })).length, 4);
      const [same] = await probe.one(store.search(probe.at(), { query: 'she likes green tea' }));
      if (Math.abs((same?.score ?? 0) - 1) > 1e-5) throw new ExpectationError('the score of the text itself is not 1', same?.score, 1);
      const scores = (await probe.one(store.search(probe.at(), { query: 'green tea' }))).map(({ score = Number.NaN }) => score);
      assertEqual(scores, [...scores].sort((a, b) => b - a));
      assertEqual((await probe.one(store.search(probe.at('tea'))))[0], await probe.one(store.get(probe.at('tea'), 'tea')));
    },
  },
  {
    name: 'G4 an item is as near as its nearest text, of fields deep in it and of lists',
    run: async (probe) => {
      const store = await probe.make({ index: { embed, fields: ['title', 'parts.text'] } });
      await probe.one(store.put(probe.at(), 'parts', { title: 'zebra', parts: [{ text: 'unrelated words here' }, { text: 'blue whale' }, { none: 1 }] }));
      await probe.one(store.put(probe.at(), 'title', { title: 'blue sky whale song', parts: 'x' }));
      assertEqual(await found(probe, store, { query: 'blue whale' }), ['parts', 'title']);
    },
  },
  {
    name: 'G4 each put may say what it is found by: fields of its own, or nothing; a new value has new vectors',
    run: async (probe) => {
      const store = await probe.make({ index: { embed } });
      await probe.one(store.put(probe.at(), 'whole', { a: 'green tea' }));
      await probe.one(store.put(probe.at(), 'field', { a: 'nothing', b: 'green tea' }, { index: ['b'] }));
      await probe.one(store.put(probe.at(), 'hidden', { a: 'green tea' }, { index: false }));
      assertEqual(await found(probe, store, { query: 'green tea' }), ['field', 'whole']);
      await probe.one(store.put(probe.at(), 'field', { a: 'green tea' }, { index: false }));
      await probe.one(store.put(probe.at(), 'hidden', { a: 'green tea' }, { index: ['a'] }));
      assertEqual(await found(probe, store, { query: 'green tea' }), ['hidden', 'whole']);
      assertEqual([...(await found(probe, store, {}))].sort(), ['field', 'hidden', 'whole']);
      await probe.one(store.delete(probe.at(), 'hidden'));
      assertEqual(await found(probe, store, { query: 'green tea' }), ['whole']);
    },
  },
];
