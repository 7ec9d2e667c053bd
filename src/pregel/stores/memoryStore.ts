import { freeze } from 'immer';
import { asyncScheduler, map, of, switchMap, type Observable, type SchedulerLike } from 'rxjs';
import type { Vector } from '../../operators/retrieval/embeddings.js';
import { answer } from './answer.js';
import { byCodePoints } from './byCodePoints.js';
import { comparisonsOf, satisfies } from './filter.js';
import { beginsWith, MemoryItems, type Entry } from './memory/MemoryItems.js';
import type { Item, ItemValue, Namespace } from './Item.js';
import type { FoundItem, GetOptions, ListNamespacesOptions, PutOptions, SearchOptions, Store, StoreOptions } from './Store.js';
import { listingOf, pageOf, requireIndexed, requireNamespace, requirePlace, requireStoreOptions, requireValue, ttlOf } from './storeChecks.js';
import { queryVector, vectorsOf } from './storeIndex.js';

/** Settings of a store in memory. */
export interface MemoryStoreOptions extends StoreOptions {
  /** Its clock. Default: the platform's, which a marble test makes virtual. */
  readonly scheduler?: SchedulerLike;
}

/** A store in memory; `size` says how many items it holds, those among them that have expired and not been cleared away yet. */
export interface MemoryStore extends Store {
  readonly size: number;
}

/**
 * Keeps items in this process, for tests, programs that forget when they end, and browsers. A search looks at every item below its
 * namespace. Each write clears away a few of those that have expired.
 *
 * *Timing*: synchronous, but for what its embeddings take. *Errors*: those of `Store`.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { hashingEmbeddings } from 'rivulet';
 * import { memoryStore } from 'rivulet/pregel';
 * import { concat } from 'rxjs';
 *
 * const store = memoryStore({ index: { embed: hashingEmbeddings(), fields: ['text'] } });
 * const memories = ['users', 'ada', 'memories'];
 * concat(
 *   store.put(memories, 'm1', { text: 'likes green tea', year: 2024 }),
 *   store.put(memories, 'm2', { text: 'lives in London', year: 2025 }),
 *   store.search(['users', 'ada'], { query: 'which tea?', limit: 1 }), // m1
 *   store.search(memories, { filter: { year: { $gte: 2025 } } }), // m2
 * ).subscribe();
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  return new ItemsInMemory(requireStoreOptions(options));
}

class ItemsInMemory implements MemoryStore {
  private readonly items: MemoryItems;

  constructor(private readonly options: MemoryStoreOptions) {
    const { scheduler = asyncScheduler } = options;
    this.items = new MemoryItems(() => scheduler.now());
  }

  get size(): number {
    return this.items.size;
  }

  put(namespace: Namespace, key: string, value: ItemValue, options: PutOptions = {}): Observable<Item> {
    return answer(() => {
      requirePlace(namespace, key);
      const ttlMs = ttlOf(options, this.options);
      const item = { namespace: Object.freeze([...namespace]), key, value: copyOf(requireValue(value)) };
      const { index } = this.options;
      const vectors = index && options.index !== false ? vectorsOf(index, item.value, options.index) : of([]);
      return vectors.pipe(map((known) => this.items.put(item, known, ttlMs)));
    });
  }

  get(namespace: Namespace, key: string, options: GetOptions = {}): Observable<Item | undefined> {
    return answer(() => {
      requirePlace(namespace, key);
      const entry = this.items.get(namespace, key);
      if (entry) this.read([entry], options);
      return entry?.item;
    });
  }

  search(prefix: Namespace, options: SearchOptions = {}): Observable<readonly FoundItem[]> {
    const { query } = options;
    if (query === undefined) return answer(() => this.found(prefix, options, undefined));
    return answer(() => queryVector(requireIndexed(this.options.index), query)).pipe(switchMap((vector) => answer(() => this.found(prefix, options, vector))));
  }

  delete(namespace: Namespace, key: string): Observable<boolean> {
    return answer(() => {
      requirePlace(namespace, key);
      return this.items.delete(namespace, key);
    });
  }

  listNamespaces(options: ListNamespacesOptions = {}): Observable<readonly Namespace[]> {
    return answer(() => {
      const { prefix, suffix, maxDepth, limit, offset } = listingOf(options);
      const cut = new Map<string, Namespace>();
      for (const namespace of this.items.namespaces()) {
        if (!beginsWith(namespace, prefix) || !endsWith(namespace, suffix)) continue;
        const shown = namespace.slice(0, maxDepth);
        cut.set(JSON.stringify(shown), shown);
      }
      return [...cut.values()].sort(byLabels).slice(offset, offset + limit);
    });
  }

  private found(prefix: Namespace, options: SearchOptions, vector: Vector | undefined): readonly FoundItem[] {
    requireNamespace(prefix, 'the prefix');
    const comparisons = comparisonsOf(options.filter);
    const { limit, offset } = pageOf(options, 10);
    const hits: { readonly entry: Entry; readonly score: number }[] = [];
    for (const entry of this.items.below(prefix)) {
      if (!satisfies(entry.item.value, comparisons)) continue;
      if (!vector) hits.push({ entry, score: 0 });
      else if (entry.vectors.length > 0) hits.push({ entry, score: Math.max(...entry.vectors.map((known) => dot(known, vector))) });
    }
    const page = hits.sort((a, b) => b.score - a.score || b.entry.number - a.entry.number).slice(offset, offset + limit);
    this.read(page.map(({ entry }) => entry), options);
    return page.map(({ entry, score }) => (vector ? { ...entry.item, score } : entry.item));
  }

  private read(entries: readonly Entry[], { refreshTtl = this.options.refreshOnRead }: GetOptions): void {
    if (refreshTtl) for (const entry of entries) this.items.refresh(entry);
  }
}

/** A copy that can be handed out again and again. */
function copyOf(value: ItemValue): ItemValue {
  return freeze(JSON.parse(JSON.stringify(value)) as ItemValue, true);
}

function endsWith(namespace: Namespace, suffix: Namespace): boolean {
  return beginsWith([...namespace].reverse(), [...suffix].reverse());
}

function byLabels(a: Namespace, b: Namespace): number {
  const at = a.findIndex((label, i) => label !== b[i]);
  const [one, other] = [a[at], b[at]];
  return one === undefined || other === undefined ? a.length - b.length : byCodePoints(one, other);
}

function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let at = 0; at < b.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}
