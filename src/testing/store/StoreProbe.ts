import { platform } from '../../core/bridge/platform.js';
import type { Item, ItemValue, Namespace } from '../../pregel/stores/Item.js';
import type { PutOptions, SearchOptions, Store, StoreOptions } from '../../pregel/stores/Store.js';
import { ExpectationError } from '../ExpectationError.js';
import { Probe } from '../Probe.js';

/** What a store is held to. */
export interface StoreCase {
  readonly name: string;
  readonly run: (probe: StoreProbe) => Promise<void>;
}

/** How often it is asked for what comes with time. */
const PATIENCE = 20_000;

/** After so many rounds of a thousand items each there is none left of a case. */
const MOST_ROUNDS = 10;

/** A store under test, and a namespace of its own in it: the store may hold others. */
export class StoreProbe extends Probe {
  readonly root = `conformance-${platform.random().toString(36).slice(2)}-${platform.random().toString(36).slice(2)}`;

  constructor(
    readonly store: Store,
    /** Another, with other settings; it may be on the same data. */
    readonly make: (options: StoreOptions) => Promise<Store>,
  ) {
    super();
  }

  /** A namespace below the probe's own. */
  at(...labels: readonly string[]): Namespace {
    return [this.root, ...labels];
  }

  async put(labels: readonly string[], key: string, value: ItemValue = {}, options?: PutOptions): Promise<Item> {
    return this.one(this.store.put(this.at(...labels), key, value, options));
  }

  async get(labels: readonly string[], key: string): Promise<Item | undefined> {
    return this.one(this.store.get(this.at(...labels), key));
  }

  /** The keys that are found, in order. */
  async keys(labels: readonly string[], options?: SearchOptions): Promise<readonly string[]> {
    return (await this.one(this.store.search(this.at(...labels), options))).map(({ key }) => key);
  }

  /** The namespaces that are listed, each without the probe's own. */
  async listed(options: Parameters<Store['listNamespaces']>[0] = {}): Promise<readonly Namespace[]> {
    const { prefix = [], ...others } = options;
    return (await this.one(this.store.listNamespaces({ prefix: this.at(...prefix), ...others }))).map(([, ...labels]) => labels);
  }

  /** Waits, by asking again and again. */
  async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    for (let asked = 0; asked < PATIENCE; asked++) if (await isSo()) return;
    throw new ExpectationError(`${what}: this has not come true`);
  }

  /** Removes all that is below the probe's namespace. */
  async clear(): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const items = await this.one(this.store.search(this.at(), { limit: 1_000 }));
      if (items.length === 0) return;
      await Promise.all(items.map(async ({ namespace, key }) => this.one(this.store.delete(namespace, key))));
    }
    throw new ExpectationError('what was deleted is still found');
  }
}
