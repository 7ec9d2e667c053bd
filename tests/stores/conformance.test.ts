import { defer, delay, map, mergeMap, tap, type Observable } from 'rxjs';
import { describe, expect, test } from '@jest/globals';
import { memoryStore } from '../../src/pregel/stores/memoryStore.js';
import type { Store, StoreOptions } from '../../src/pregel/stores/Store.js';
import { storeConformance } from '../../src/testing/storeConformance.js';

/** A store with a defect: the good one, but for some of its methods. */
type Defect = (store: Store, options: StoreOptions) => Partial<Store>;

const joined = (namespace: readonly string[], by: string): readonly string[] => (Array.isArray(namespace) && namespace.length > 0 ? [namespace.join(by)] : namespace);
const everywhere = (store: Store, at: (namespace: readonly string[]) => readonly string[]): Partial<Store> => ({
  put: (namespace, ...rest) => store.put(at(namespace), ...rest),
  get: (namespace, ...rest) => store.get(at(namespace), ...rest),
  delete: (namespace, ...rest) => store.delete(at(namespace), ...rest),
});

const DEFECTS: Readonly<Record<string, Defect>> = {
  'namespaces joined by dots': (store) => everywhere(store, (namespace) => joined(namespace, '.')),
  'namespaces without regard to case': (store) => everywhere(store, (namespace) => (Array.isArray(namespace) ? namespace.map((label: unknown) => (typeof label === 'string' ? label.toLowerCase() : label) as string) : namespace)),
  'keys cut at 255': (store) => ({ put: (namespace, key, ...rest) => store.put(namespace, key?.slice(0, 255), ...rest), get: (namespace, key, ...rest) => store.get(namespace, String(key).slice(0, 255), ...rest) }),
  'a search of one namespace only': (store) => ({ search: (prefix, options) => store.search(prefix, options).pipe(map((items) => items.filter(({ namespace }) => namespace.length === prefix.length))) }),
  'a search without a limit': (store) => ({ search: (prefix, options) => store.search(prefix, { limit: 1_000_000, ...options }) }),
  'a filter after the limit': (store) => ({
    search: (prefix, options = {}) => {
      const { filter, ...others } = options;
      return store.search(prefix, { ...options, limit: 1_000_000, offset: 0 }).pipe(mergeMap((hits) => store.search(prefix, others).pipe(map((page) => page.filter(({ key }) => filter === undefined || hits.some((hit) => hit.key === key))))));
    },
  }),
  'oldest first': (store) => ({ search: (prefix, options) => store.search(prefix, options).pipe(map((items) => [...items].reverse())) }),
  'filters that are ignored': (store) => ({ search: (prefix, { filter: _filter, ...options } = {}) => store.search(prefix, options) }),
  'created anew by every put': (store) => ({ put: (...args) => store.put(...args).pipe(map((item) => ({ ...item, createdAt: item.updatedAt }))), get: (...args) => store.get(...args).pipe(map((item) => item && { ...item, createdAt: item.updatedAt })) }),
  'values merged into the old ones': (store) => ({ put: (namespace, key, value, options) => defer(() => store.get(namespace, key)).pipe(mergeMap((item) => store.put(namespace, key, typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...item?.value, ...value } : value, options))) }),
  'items that never expire': (store) => ({ put: (namespace, key, value, { ttlMs, ...options } = {}) => store.put(namespace, key, value, ttlMs !== undefined && ttlMs > 0 ? { ...options, ttlMs: Infinity } : options) }),
  'items that all expire': (store) => ({ put: (namespace, key, value, options) => store.put(namespace, key, value, { ttlMs: 1, ...options }) }),
  'a delete that always says yes': (store) => ({ delete: (namespace, key) => store.delete(namespace, key).pipe(map(() => true)) }),
  'a delete that does nothing': (store) => ({ delete: (namespace, key) => store.get(namespace, key).pipe(map((item) => item !== undefined)) }),
  'a get without an answer': (store) => ({ get: (...args) => store.get(...args).pipe(mergeMap((item) => (item ? [item] : []))) }),
  eager: (store) => ({
    put: (...args) => {
      const failed: unknown[] = [];
      let item: unknown;
      store.put(...args).subscribe({ next: (value) => (item = value), error: (error) => failed.push(error) });
      return defer(() => {
        if (failed.length > 0) throw failed[0];
        return [item] as never as Observable<never>;
      });
    },
  }),
  'shares what it holds': (store) => {
    const shared = new Map<string, object>();
    return { put: (namespace, key, value, options) => store.put(namespace, key, value, options).pipe(tap(() => shared.set(JSON.stringify([namespace, key]), value))), get: (namespace, key) => store.get(namespace, key).pipe(map((item) => item && { ...item, value: (shared.get(JSON.stringify([namespace, key])) ?? item.value) as never })) };
  },
  'scores that are missing': (store) => ({ search: (prefix, options) => store.search(prefix, options).pipe(map((items) => items.map(({ score: _score, ...item }) => item))) }),
  'queries that are ignored': (store) => ({ search: (prefix, { query, ...options } = {}) => store.search(prefix, query === 'without an index' ? { ...options, query } : options) }),
  'vectors of the old value': (store) => ({ put: (namespace, key, value, options = {}) => store.put(namespace, key, value, options.index === false ? { ...options, index: ['a'] } : options) }),
  'namespaces of what is gone': (store) => {
    const seen = new Map<string, readonly string[]>();
    return { put: (namespace, ...rest) => store.put(namespace, ...rest).pipe(tap(() => seen.set(JSON.stringify(namespace), namespace))), listNamespaces: (options = {}) => store.listNamespaces(options).pipe(map((list) => (options.suffix || options.maxDepth || options.limit !== undefined ? list : [...seen.values()].filter((namespace) => (options.prefix ?? []).every((label, at) => label === namespace[at])).sort()))) };
  },
  'a depth that repeats itself': (store) => ({ listNamespaces: ({ maxDepth, ...options } = {}) => store.listNamespaces(options).pipe(map((list) => list.map((namespace) => namespace.slice(0, maxDepth)))) }),
  'asynchronous, though it says it is not': (store) => ({ get: (...args) => store.get(...args).pipe(delay(0)) }),
};

async function failuresOf(defect: Defect): Promise<readonly string[]> {
  const failed: string[] = [];
  const make = (options: StoreOptions) => {
    const store = memoryStore(options);
    return Object.assign(Object.create(store) as Store, defect(store, options));
  };
  for (const { name, run } of storeConformance(make, { synchronous: true })) {
    await run().catch(() => failed.push(name));
    if (failed.length > 0) return failed;
  }
  return failed;
}

describe('the conformance suite of stores', () => {
  test('passes a store without a defect', async () => {
    expect(await failuresOf(() => ({}))).toEqual([]);
  });

  test.each(Object.entries(DEFECTS))('finds: %s', async (_, defect) => {
    expect(await failuresOf(defect)).not.toEqual([]);
  });
});
