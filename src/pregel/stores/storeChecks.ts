import { jsonFault } from '../../channels/requireJson.js';
import { requireCount, requirePositive } from '../../core/errors/optionChecks.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import type { ItemValue, Namespace } from './Item.js';
import type { ListNamespacesOptions, PutOptions, SearchOptions, StoreOptions } from './Store.js';

/** The most strings a namespace has: databases have an index of them. */
const MAX_DEPTH = 64;

/** @throws RivuletError `INVALID_OPTION` for what isn't a list of at most 64 strings */
export function requireNamespace(namespace: Namespace, what = 'the namespace'): Namespace {
  if (!Array.isArray(namespace)) throw new RivuletError('INVALID_OPTION', `${what} is ${typeof namespace}. It must be a list of strings`);
  const odd = Array.from(namespace as readonly unknown[]).findIndex((label) => typeof label !== 'string');
  if (odd >= 0) throw new RivuletError('INVALID_OPTION', `${what} has ${String(namespace[odd])} at [${odd}]. It must be a list of strings`);
  if (namespace.length <= MAX_DEPTH) return namespace;
  throw new RivuletError('INVALID_OPTION', `${what} has ${namespace.length} strings. ${MAX_DEPTH} are the most`);
}

/** @throws RivuletError `INVALID_OPTION` for a namespace or a key that can't be one */
export function requirePlace(namespace: Namespace, key: string): void {
  requireNamespace(namespace);
  if (typeof key !== 'string') throw new RivuletError('INVALID_OPTION', `the key is ${typeof key}. It must be a string`);
}

/** @throws RivuletError `INVALID_OPTION` for what isn't JSON, naming the path, and for JSON that isn't an object */
export function requireValue(value: ItemValue): ItemValue {
  const fault = jsonFault(value, 'value');
  if (fault) throw new RivuletError('INVALID_OPTION', `an item was to hold ${fault.what}, at ${fault.at}. Items are JSON: give plain data`);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new RivuletError('INVALID_OPTION', `an item was to hold ${Array.isArray(value) ? 'a list' : JSON.stringify(value)}. Give an object, such as { text: … }`);
}

/** How long an item lives, `undefined` for good. Throws `INVALID_OPTION`. */
export function ttlOf({ ttlMs }: PutOptions, store: StoreOptions): number | undefined {
  const ttl = ttlMs ?? store.ttlMs ?? Infinity;
  return ttl === Infinity ? undefined : requirePositive('ttlMs', ttl);
}

/** @throws RivuletError `INVALID_OPTION` for settings that can't be meant */
export function requireStoreOptions<O extends StoreOptions>(options: O): O {
  ttlOf({}, options);
  return options;
}

/** Which part of what was found is wanted. Throws `INVALID_OPTION`. */
export function pageOf({ limit, offset = 0 }: Pick<SearchOptions, 'limit' | 'offset'>, usual: number): { readonly limit: number; readonly offset: number } {
  return { limit: requireCount('limit', limit ?? usual, { min: 0 }), offset: requireCount('offset', offset, { min: 0 }) };
}

/** What `listNamespaces` looks for. Throws `INVALID_OPTION`. */
export function listingOf({ prefix = [], suffix = [], maxDepth, ...page }: ListNamespacesOptions): Required<ListNamespacesOptions> {
  requireNamespace(prefix, 'the prefix');
  requireNamespace(suffix, 'the suffix');
  return { prefix, suffix, maxDepth: maxDepth === undefined ? MAX_DEPTH : requireCount('maxDepth', maxDepth), ...pageOf(page, 100) };
}

/** @throws RivuletError `INVALID_OPTION` for a query where there is no index */
export function requireIndexed<I>(index: I | undefined): I {
  if (index !== undefined) return index;
  throw new RivuletError('INVALID_OPTION', 'a store was searched with a query, and it has no index. Give it one: { index: { embed: embeddings } }');
}

