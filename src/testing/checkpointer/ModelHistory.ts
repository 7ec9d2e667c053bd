import type { ChannelEntry, Commit } from '../../pregel/checkpoints/Checkpointer.js';

type State = ReadonlyMap<string, readonly ChannelEntry[]>;

interface ModelCheckpoint {
  readonly id: string;
  readonly parent: ModelCheckpoint | undefined;
  readonly state: State;
}

/** What a store should do, done the simplest way: each checkpoint has the whole state. */
export class ModelHistory {
  private readonly heads = new Map<string, ModelCheckpoint>();
  private readonly there = new Map<string, ModelCheckpoint>();

  get branches(): readonly string[] {
    return [...this.heads.keys()];
  }

  get ids(): readonly string[] {
    return [...this.there.keys()];
  }

  head(branch: string): ModelCheckpoint | undefined {
    return this.heads.get(branch);
  }

  state(id: string): State | undefined {
    return this.there.get(id)?.state;
  }

  commit({ id, branch, entries }: Commit): void {
    const parent = this.heads.get(branch);
    const state = new Map(parent?.state);
    for (const entry of entries) state.set(entry.channel, entry.kind === 'snapshot' ? [entry] : [...(state.get(entry.channel) ?? []), entry]);
    const checkpoint = { id, parent, state };
    this.heads.set(branch, checkpoint);
    this.there.set(id, checkpoint);
  }

  fork(id: string, branch: string): void {
    this.heads.set(branch, this.there.get(id) as ModelCheckpoint);
  }

  history(branch: string): readonly string[] {
    return this.line(branch).filter((id) => this.there.has(id));
  }

  prune(keepLast: number): number {
    const kept = new Set(this.branches.flatMap((branch) => this.line(branch).slice(0, Math.max(keepLast, 1))));
    const gone = this.ids.filter((id) => !kept.has(id));
    for (const id of gone) this.there.delete(id);
    return gone.length;
  }

  /** All that ever led to a branch's head, newest first. */
  private line(branch: string): readonly string[] {
    const ids: string[] = [];
    for (let at = this.heads.get(branch); at; at = at.parent) ids.push(at.id);
    return ids;
  }
}
