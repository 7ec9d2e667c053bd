import type { Observable } from 'rxjs';
import type { Filter } from './filter.js';
import type { Item, ItemValue, Namespace } from './Item.js';
import type { StoreIndex } from './storeIndex.js';

/** An item that was searched for. */
export interface FoundItem extends Item {
  /** How near it is to the query, of 1: the cosine. Without a query there is none. */
  readonly score?: number;
}

export interface PutOptions {
  /** How long it is kept, from now on; `Infinity`: for good. Default: the store's. */
  readonly ttlMs?: number;
  /** The fields that it is found by, in place of the index's; `false`: no query finds it. */
  readonly index?: readonly string[] | false;
}

export interface GetOptions {
  /** Whether its time to live starts over. Default: the store's `refreshOnRead`. */
  readonly refreshTtl?: boolean;
}

export interface SearchOptions extends GetOptions {
  /** A text that items are to be near to, nearest first; those without a vector aren't found. It needs an index. */
  readonly query?: string;
  readonly filter?: Filter;
  /** At most so many. Default 10. */
  readonly limit?: number;
  /** Leaves out the first so many. */
  readonly offset?: number;
}

export interface ListNamespacesOptions {
  /** What they begin and end with. */
  readonly prefix?: Namespace;
  readonly suffix?: Namespace;
  /** Cuts them to so many strings; what is then the same is listed once. */
  readonly maxDepth?: number;
  /** At most so many. Default 100. */
  readonly limit?: number;
  readonly offset?: number;
}

/** What every store can be told. */
export interface StoreOptions {
  /** How long items are kept that don't say it themselves. Default: for good. */
  readonly ttlMs?: number;
  /** Whether a time to live starts over when its item is read. Default: no. */
  readonly refreshOnRead?: boolean;
  /** What makes items known by what they mean: `search` then takes a query. */
  readonly index?: StoreIndex;
}

/**
 * The memory that threads share: items by namespace and key. Every method is cold, works when subscribed to, emits once and
 * completes; a synchronous store does so within its `subscribe`. What is handed in and out is copied. An item whose time to live is
 * over is gone for everyone, at once. `storeConformance` of `rivulet/testing` holds a store to all of this.
 *
 * *Errors*, of every method: `INVALID_OPTION` for what isn't a namespace, a key, JSON or an option; `STORE_FAILED` when the store can't,
 * and then it holds what it held before; `STORED_INVALID` for what it can't read; an index brings those of its embeddings.
 */
export interface Store {
  /** Writes an item, or writes it anew, and emits it. */
  put(namespace: Namespace, key: string, value: ItemValue, options?: PutOptions): Observable<Item>;
  /** The item, or `undefined`. */
  get(namespace: Namespace, key: string, options?: GetOptions): Observable<Item | undefined>;
  /** The items in a namespace and those below it: with a query the nearest first, else those written last. */
  search(prefix: Namespace, options?: SearchOptions): Observable<readonly FoundItem[]>;
  /** Removes an item, and says whether it was there. */
  delete(namespace: Namespace, key: string): Observable<boolean>;
  /** The namespaces that have items, in the order of their strings, by code points. */
  listNamespaces(options?: ListNamespacesOptions): Observable<readonly Namespace[]>;
}
