import { of, timer, map } from 'rxjs';
import { describe, expect, test } from '@jest/globals';
import type { Store } from '../../src/pregel/stores/Store.js';
import { memoryStore } from '../../src/pregel/stores/memoryStore.js';
import { storeConformance } from '../../src/testing/storeConformance.js';
import { marbles } from '../../marble-tests/marbles.js';
import { heard } from '../../marble-tests/pregel/heard.js';

describe('memoryStore', () => {
  for (const { name, run } of storeConformance(memoryStore, { synchronous: true })) test(name, run);

  const isThere = (store: Store, refreshTtl?: boolean): boolean => heard(store.get(['a'], 'k', refreshTtl === undefined ? {} : { refreshTtl })).last !== undefined;

  test('G4 an item lives for its time, on the clock it is given', marbles((_, scheduler) => {
    const store = memoryStore({ scheduler, ttlMs: 10 });
    heard(store.put(['a'], 'k', {}));
    scheduler.schedule(() => expect(isThere(store)).toBe(true), 9);
    scheduler.schedule(() => expect(isThere(store)).toBe(false), 10);
  }));

  test('G4 its time starts over when it is read, where the store or the call says so', marbles((_, scheduler) => {
    const refreshing = memoryStore({ scheduler, ttlMs: 10, refreshOnRead: true });
    const store = memoryStore({ scheduler, ttlMs: 10 });
    for (const each of [refreshing, store]) heard(each.put(['a'], 'k', {}));
    scheduler.schedule(() => expect([isThere(refreshing), isThere(store, true)]).toEqual([true, true]), 9);
    scheduler.schedule(() => heard(refreshing.search(['a'])), 18);
    scheduler.schedule(() => expect([isThere(refreshing, false), isThere(store)]).toEqual([true, true]), 18);
    scheduler.schedule(() => expect(isThere(store)).toBe(false), 19);
    scheduler.schedule(() => expect(isThere(refreshing, false)).toBe(true), 27);
    scheduler.schedule(() => expect(isThere(refreshing)).toBe(false), 28);
  }));

  test('G4 writes clear away what has expired, a few at a time', marbles((_, scheduler) => {
    const store = memoryStore({ scheduler });
    const put = (count: number, ttlMs: number, name: string) => Array.from({ length: count }, (_unused, n) => heard(store.put([name], `${n}`, {}, { ttlMs })));
    put(1_000, 10, 'brief');
    put(100, Infinity, 'kept');
    expect(store.size).toBe(1_100);
    scheduler.schedule(() => {
      put(1, Infinity, 'more');
      expect(store.size).toBe(1_101 - 32);
      put(39, Infinity, 'others');
      expect(store.size).toBe(140);
    }, 11);
  }));

  test('an index that answers later is waited for; of two writes at once, the one that is embedded last counts', marbles(({ expectObservable }, scheduler) => {
    const embed = { id: 'slow', embed: (texts: readonly string[]) => timer(texts[0] === 'a' ? 3 : 1, scheduler).pipe(map(() => texts.map(() => [1, 0]))) };
    const store = memoryStore({ scheduler, index: { embed, fields: ['text'] } });
    const read = (ms: number) => timer(ms, scheduler).pipe(map(() => heard(store.get(['a'], 'k')).last?.value['text'] ?? 'n'));
    heard(store.put(['a'], 'k', { text: 'a' }));
    heard(store.put(['a'], 'k', { text: 'b' }));
    expectObservable(read(0)).toBe('(n|)');
    expectObservable(read(2)).toBe('--(b|)');
    expectObservable(read(4)).toBe('----(a|)');
    expectObservable(store.search(['a'], { query: 'b' }).pipe(map((items) => items.length))).toBe('-(1|)', { 1: 1 });
  }));

  test('embeddings that give no number are an error, and nothing is written', () => {
    for (const vector of [[Number.NaN], [Infinity]]) {
      const store = memoryStore({ index: { embed: { id: 'broken', embed: () => of([vector]) } } });
      expect([heard(store.put(['a'], 'k', {})).end, isThere(store)]).toEqual(['MODEL_PROTOCOL', false]);
    }
    const short = memoryStore({ index: { embed: { id: 'short', dimensions: 3, embed: () => of([[1, 0]]) } } });
    expect(heard(short.put(['a'], 'k', {})).end).toBe('MODEL_PROTOCOL');
  });

  test('a value of zeros is near to nothing, and is no error', () => {
    const store = memoryStore({ index: { embed: { id: 'zero', embed: (texts) => of(texts.map(() => [0, 0])) } } });
    heard(store.put(['a'], 'k', {}));
    expect(heard(store.search(['a'], { query: 'x' })).last).toMatchObject([{ key: 'k', score: 0 }]);
  });

  test('settings that cannot be meant are refused when it is made', () => {
    for (const ttlMs of [0, -1, Number.NaN]) expect(() => memoryStore({ ttlMs })).toThrow('INVALID_OPTION');
  });
});
