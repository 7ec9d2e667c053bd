import type { HistoryOptions, Lease, LineAddress, PruneOptions } from '../Checkpointer.js';
import type { MemoryLine, Placed } from './MemoryLine.js';

/** All there is of one thread. */
export class MemoryThread {
  lease: Lease | undefined;
  updatedAt = 0;
  private readonly namespaces = new Map<string, Map<string, MemoryLine>>();

  line({ namespace, branch }: LineAddress): MemoryLine | undefined {
    return this.namespaces.get(namespace)?.get(branch);
  }

  add(line: MemoryLine): MemoryLine {
    const lines = this.namespaces.get(line.namespace);
    if (lines) lines.set(line.branch, line);
    else this.namespaces.set(line.namespace, new Map([[line.branch, line]]));
    return line;
  }

  get lines(): readonly MemoryLine[] {
    return [...this.namespaces.values()].flatMap((lines) => [...lines.values()]);
  }

  /** A checkpoint by its id, in the history of a branch, or else in another branch of the namespace. */
  find(at: LineAddress, id: string): Placed | undefined {
    const within = this.findWithin(this.line(at), id);
    if (within) return within;
    for (const line of this.namespaces.get(at.namespace)?.values() ?? []) {
      const found = line.find(id);
      if (found) return found;
    }
    return undefined;
  }

  findWithin(start: MemoryLine | undefined, id: string): Placed | undefined {
    let upTo = Infinity;
    for (let line = start; line; line = line.origin?.line) {
      const found = line.find(id, upTo);
      if (found) return found;
      upTo = line.origin?.position ?? 0;
    }
    return undefined;
  }

  /** Newest first. Each is looked for when it is asked for: what is committed or pruned meanwhile doesn't matter. */
  *history(start: MemoryLine, from: number, { limit = Infinity, source }: HistoryOptions): Generator<Placed> {
    let left = limit;
    let below = from;
    for (let line: MemoryLine | undefined = start; line; line = line.origin?.line) {
      for (let placed = line.before(below); placed; placed = line.before(placed.position)) {
        if (left === 0) return;
        if (source !== undefined && placed.head.metadata.source !== source) continue;
        left -= 1;
        yield placed;
      }
      below = Math.min(below, (line.origin?.position ?? 0) + 1);
    }
  }

  prune({ keepLast, maxAgeMs }: PruneOptions, now: number): number {
    const kept = new Set<Placed>();
    for (const line of this.lines) for (const placed of lastOf(line, Math.max(keepLast ?? 0, 1))) kept.add(placed);
    const youngerThan = now - (maxAgeMs ?? -Infinity);
    let removed = 0;
    for (const line of this.lines) removed += line.forget((placed) => kept.has(placed) || placed.storedAt > youngerThan);
    if (removed > 0) this.forgetEntries();
    return removed;
  }

  /** A line is read where its checkpoints are, and where others were forked from it. */
  private forgetEntries(): void {
    const lines = this.lines;
    const read = new Map(lines.map((line) => [line, [...line.placed]]));
    for (const { origin } of lines) if (origin) read.get(origin.line)?.push(origin);
    for (const [line, places] of read) line.forgetEntries(places.sort((a, b) => a.position - b.position));
  }
}

/** The last `count` commits in the history of a line, as far as they are there. */
function* lastOf(start: MemoryLine, count: number): Generator<Placed> {
  const lowest = (start.head?.position ?? 0) - count + 1;
  let below = Infinity;
  for (let line: MemoryLine | undefined = start; line && below > lowest; line = line.origin?.line) {
    for (let placed = line.before(below); placed && placed.position >= lowest; placed = line.before(placed.position)) yield placed;
    below = Math.min(below, (line.origin?.position ?? 0) + 1);
  }
}
