import { frozenCopy } from '../../../core/flow/frozenCopy.js';
import type { ChannelEntry, CheckpointHead, Commit, PendingRow } from '../Checkpointer.js';
import { lastAt, type Positioned } from './lastAt.js';

/** A checkpoint in its place. */
export interface Placed extends Positioned {
  readonly line: MemoryLine;
  readonly head: CheckpointHead;
  readonly storedAt: number;
}

interface Written extends Positioned {
  readonly entry: ChannelEntry;
}

const NONE: readonly Written[] = [];

/** One branch of one namespace: what was committed on it, on top of where it was forked from. */
export class MemoryLine {
  private readonly channels = new Map<string, Written[]>();
  readonly pending = new Map<string, Map<string, PendingRow>>();
  /** In ascending order; pruning leaves gaps. */
  placed: Placed[] = [];
  private readonly byId = new Map<string, Placed>();
  private tip: Placed | undefined;

  constructor(
    readonly namespace: string,
    readonly branch: string,
    readonly origin?: Placed,
  ) {
    this.tip = origin;
  }

  get head(): Placed | undefined {
    return this.tip;
  }

  /** The checkpoint with this id that was made on this line, up to a position. */
  find(id: string, upTo = Infinity): Placed | undefined {
    const found = this.byId.get(id);
    return found && found.position <= upTo ? found : undefined;
  }

  /** The newest checkpoint of this line before a position. */
  before(position: number): Placed | undefined {
    return this.placed[lastAt(this.placed, position - 1)];
  }

  written(channel: string): readonly Written[] {
    return this.channels.get(channel) ?? NONE;
  }

  /** Everything that is stored here, as text. */
  *texts(): Generator<string> {
    for (const { head } of this.placed) yield* [head.id, head.body, JSON.stringify(head.metadata)];
    for (const [channel, written] of this.channels) for (const { entry } of written) yield* [channel, entry.json];
    for (const rows of this.pending.values()) for (const { taskId, key, json } of rows.values()) yield* [taskId, key, json];
  }

  append({ entries, ...rest }: Commit, storedAt: number): void {
    const position = (this.tip?.position ?? 0) + 1;
    const head = frozenCopy(rest, { metadata: frozenCopy(rest.metadata) });
    const placed: Placed = { line: this, position, storedAt, head };
    this.placed.push(placed);
    this.byId.set(head.id, placed);
    this.tip = placed;
    for (const { channel, kind, json } of entries) {
      const written = { position, entry: Object.freeze({ channel, kind, json }) };
      const list = this.channels.get(channel);
      if (list) list.push(written);
      else this.channels.set(channel, [written]);
    }
    for (const id of this.pending.keys()) if (id !== head.id) this.pending.delete(id);
  }

  keepPending(checkpointId: string, rows: readonly PendingRow[]): void {
    let kept = this.pending.get(checkpointId);
    if (!kept) this.pending.set(checkpointId, (kept = new Map()));
    for (const { taskId, key, json } of rows) {
      const name = `${taskId.length}:${taskId}${key}`;
      if (!kept.has(name)) kept.set(name, Object.freeze({ taskId, key, json }));
    }
  }

  /** Removes the checkpoints that `stays` doesn't want; says how many. */
  forget(stays: (placed: Placed) => boolean): number {
    const kept = this.placed.filter(stays);
    const removed = this.placed.length - kept.length;
    if (removed === 0) return 0;
    this.placed = kept;
    this.byId.clear();
    for (const placed of kept) this.byId.set(placed.head.id, placed);
    return removed;
  }

  /**
   * Removes the entries that nothing is made of any more. One is needed while something reads the line at a position from its
   * own to the next snapshot's.
   * @param read where the line is read, in ascending order
   */
  forgetEntries(read: readonly Positioned[]): void {
    for (const [channel, written] of this.channels) {
      let nextSnapshot = Infinity;
      const kept: Written[] = [];
      for (let i = written.length - 1; i >= 0; i--) {
        const item = written[i] as Written;
        const last = read[lastAt(read, nextSnapshot - 1)];
        if (last && last.position >= item.position) kept.push(item);
        if (item.entry.kind === 'snapshot') nextSnapshot = item.position;
      }
      if (kept.length > 0) this.channels.set(channel, kept.reverse());
      else this.channels.delete(channel);
    }
  }
}

/** A channel's last snapshot at or before `position`, in a line or those it was forked from, and the deltas since. */
export function chainOf(start: MemoryLine, channel: string, position: number): readonly ChannelEntry[] {
  const chain: ChannelEntry[] = [];
  let upTo = position;
  for (let line: MemoryLine | undefined = start; line; line = line.origin?.line) {
    const written = line.written(channel);
    for (let i = lastAt(written, upTo); i >= 0; i--) {
      const { entry } = written[i] as Written;
      chain.push(entry);
      if (entry.kind === 'snapshot') return chain.reverse();
    }
    upTo = line.origin?.position ?? 0;
  }
  return chain.reverse();
}
