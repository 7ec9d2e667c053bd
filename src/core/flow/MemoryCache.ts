import type { RunContext } from '../context/RunContext.js';
import { requireCount } from '../errors/optionChecks.js';
import type { CacheStore } from './CacheStore.js';

interface Entry<O> {
  readonly chunks: readonly O[];
  readonly expiresAt: number;
}

/** A cache in memory that keeps `maxEntries` runs, those used last. Time is that of each run's scheduler. */
export class MemoryCache<O> implements CacheStore<O> {
  private readonly entries = new Map<string, Entry<O>>();

  constructor(private readonly maxEntries = 1000) {
    requireCount('maxEntries', maxEntries);
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: string, { scheduler }: RunContext): readonly O[] | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    if (scheduler.now() >= entry.expiresAt) return undefined;
    this.entries.set(key, entry); // the youngest again: a Map keeps the order of insertion
    return entry.chunks;
  }

  set(key: string, chunks: readonly O[], ttlMs: number | undefined, { scheduler }: RunContext): void {
    this.entries.delete(key);
    this.entries.set(key, { chunks, expiresAt: ttlMs === undefined ? Infinity : scheduler.now() + ttlMs });
    if (this.entries.size <= this.maxEntries) return;
    for (const oldest of this.entries.keys()) return void this.entries.delete(oldest);
  }

  clear(): void {
    this.entries.clear();
  }
}
