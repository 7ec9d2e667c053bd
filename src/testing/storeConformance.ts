import type { Store, StoreOptions } from '../pregel/stores/Store.js';
import type { ConformanceTest } from './checkpointerConformance.js';
import { hostileItemCases } from './store/hostileItemCases.js';
import { indexCases } from './store/indexCases.js';
import { itemCases } from './store/itemCases.js';
import { lifetimeCases } from './store/lifetimeCases.js';
import { searchCases } from './store/searchCases.js';
import { StoreProbe } from './store/StoreProbe.js';
import { synchronousStoreCases } from './store/synchronousStoreCases.js';

/** What else a long-term store can be held to. */
export interface StoreConformanceOptions {
  /** Whether it promises to answer within `subscribe`. Default: no. */
  readonly synchronous?: boolean;
}

/**
 * What every long-term `Store` must do, as tests for any test runner: items, namespaces, filters, time to live, the vector index, hostile
 * names and values. Each works in a namespace of its own, so that stores may be shared. That reading refreshes a time to live is left to a
 * store's own tests, which have its clock.
 *
 * @param make the store with these options, several times in a test; a database behind it may be the same
 *
 * @example
 * ```ts
 * import { storeConformance } from 'rivulet/testing';
 * import { memoryStore } from 'rivulet/pregel';
 *
 * for (const { name, run } of storeConformance(memoryStore, { synchronous: true })) {
 *   await run().catch((error: Error) => { throw new Error(name, { cause: error }); }); // in a test runner: test(name, run)
 * }
 * ```
 */
export function storeConformance(make: (options: StoreOptions) => Store | Promise<Store>, { synchronous = false }: StoreConformanceOptions = {}): readonly ConformanceTest[] {
  const cases = [...itemCases, ...searchCases, ...lifetimeCases, ...hostileItemCases, ...indexCases];
  if (synchronous) cases.push(...synchronousStoreCases);
  return cases.map(({ name, run }) => ({
    name,
    run: async () => {
      const probe = new StoreProbe(await make({}), async (options) => make(options));
      await run(probe);
      await probe.clear();
    },
  }));
}
