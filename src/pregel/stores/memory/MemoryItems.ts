import { frozenCopy } from '../../../core/flow/frozenCopy.js';
import type { Vector } from '../../../operators/retrieval/embeddings.js';
import type { Item, Namespace } from '../Item.js';

/** An item, and what is kept beside it. */
export interface Entry {
  readonly item: Item;
  /** Of its texts, each of length 1. */
  readonly vectors: readonly Vector[];
  /** Grows with every write: what was written last is found first. */
  readonly number: number;
  readonly ttlMs: number | undefined;
  expiresAt: number;
}

interface Shelf {
  readonly namespace: Namespace;
  readonly entries: Map<string, Entry>;
}

/** How many of those that can expire are looked at when something is written. */
const SWEPT = 32;

/** Items by namespace and key. What has expired is never handed out; writes clear it away, a few at a time. */
export class MemoryItems {
  private readonly shelves = new Map<string, Shelf>();
  private readonly expiring = new Set<Entry>();
  private sweeping: Iterator<Entry> | undefined;
  private written = 0;

  constructor(private readonly now: () => number) {}

  get size(): number {
    let total = 0;
    for (const { entries } of this.shelves.values()) total += entries.size;
    return total;
  }

  put(item: Omit<Item, 'createdAt' | 'updatedAt'>, vectors: readonly Vector[], ttlMs: number | undefined): Item {
    const { namespace, key } = item;
    const now = this.now();
    const before = this.get(namespace, key);
    if (before) this.remove(before);
    const stamped: Item = frozenCopy(item, { createdAt: before?.item.createdAt ?? now, updatedAt: now });
    const entry: Entry = { item: stamped, vectors, number: ++this.written, ttlMs, expiresAt: now + (ttlMs ?? Infinity) };
    const id = JSON.stringify(namespace);
    let shelf = this.shelves.get(id);
    if (!shelf) this.shelves.set(id, (shelf = { namespace, entries: new Map() }));
    shelf.entries.set(key, entry);
    if (ttlMs !== undefined) this.expiring.add(entry);
    this.sweep();
    return stamped;
  }

  get(namespace: Namespace, key: string): Entry | undefined {
    const entry = this.shelves.get(JSON.stringify(namespace))?.entries.get(key);
    return entry && this.live(entry) ? entry : undefined;
  }

  /** Whether it was there. */
  delete(namespace: Namespace, key: string): boolean {
    const entry = this.get(namespace, key);
    if (entry) this.remove(entry);
    return entry !== undefined;
  }

  /** Its time to live starts over. */
  refresh(entry: Entry): void {
    if (entry.ttlMs !== undefined) entry.expiresAt = this.now() + entry.ttlMs;
  }

  *below(prefix: Namespace): Generator<Entry> {
    for (const { namespace, entries } of this.shelves.values()) {
      if (beginsWith(namespace, prefix)) for (const entry of entries.values()) if (this.live(entry)) yield entry;
    }
  }

  *namespaces(): Generator<Namespace> {
    for (const { namespace, entries } of this.shelves.values()) for (const entry of entries.values()) if (this.live(entry)) {
      yield namespace;
      break;
    }
  }

  private live(entry: Entry): boolean {
    if (entry.expiresAt > this.now()) return true;
    this.remove(entry);
    return false;
  }

  private remove(entry: Entry): void {
    const { namespace, key } = entry.item;
    const id = JSON.stringify(namespace);
    const entries = this.shelves.get(id)?.entries;
    entries?.delete(key);
    if (entries?.size === 0) this.shelves.delete(id);
    this.expiring.delete(entry);
  }

  /** Goes on where it stopped: each gets its turn, and a write costs the same whatever is kept. */
  private sweep(): void {
    for (let looked = 0; looked < Math.min(SWEPT, this.expiring.size); looked++) {
      this.sweeping ??= this.expiring[Symbol.iterator]();
      const { value, done } = this.sweeping.next() as IteratorResult<Entry, undefined>;
      if (done) this.sweeping = undefined;
      else this.live(value);
    }
  }
}

/** Whether a namespace is another or below it. */
export function beginsWith(namespace: Namespace, prefix: Namespace): boolean {
  return prefix.length <= namespace.length && prefix.every((label, at) => label === namespace[at]);
}
