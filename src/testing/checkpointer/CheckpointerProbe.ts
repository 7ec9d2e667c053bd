import { platform } from '../../core/bridge/platform.js';
import { CHECKPOINT_FORMAT, type ChannelEntry, type Checkpointer, type Commit, type LineAddress, type StoredCheckpoint } from '../../pregel/checkpoints/Checkpointer.js';
import { Probe } from '../Probe.js';

/** What a store is held to. */
export interface ConformanceCase {
  readonly name: string;
  readonly run: (probe: CheckpointerProbe) => Promise<void>;
}

/** A store under test, and a thread of its own in it: the store may hold others. */
export class CheckpointerProbe extends Probe {
  readonly thread = `conformance-${platform.random().toString(36).slice(2)}-${platform.random().toString(36).slice(2)}`;

  constructor(
    readonly store: Checkpointer,
    /** Another handle on the same data, where there can be one. */
    readonly reopened: () => Promise<Checkpointer>,
  ) {
    super();
  }

  at(branch = 'main', namespace = ''): LineAddress {
    return { thread: this.thread, namespace, branch };
  }

  commitOf(id: string, patch: Partial<Commit> = {}): Commit {
    const { step = 0 } = patch;
    const metadata = { source: 'loop', step, runId: 'run-1', traceId: 'trace-1' } as const;
    return { ...this.at(), format: CHECKPOINT_FORMAT, id, parentId: undefined, step, createdAt: 1_700_000_000_000, metadata, body: `{"id":${JSON.stringify(id)}}`, entries: [], ...patch };
  }

  async commit(id: string, patch: Partial<Commit> = {}): Promise<void> {
    await this.done(this.store.commit(this.commitOf(id, patch), 'owner'));
  }

  /** Commits `count` supersteps, named `PREFIX1` on, each with its number in the channel `n` and as a delta of `log`. */
  async grow(prefix: string, count: number, { parentId, from = 1, ...patch }: Partial<Commit> & { readonly from?: number } = {}): Promise<void> {
    let parent = parentId;
    for (let step = from; step < from + count; step++) {
      await this.commit(`${prefix}${step}`, { ...patch, parentId: parent, step, entries: [snapshot('n', step), delta('log', `"${prefix}${step}"`)] });
      parent = `${prefix}${step}`;
    }
  }

  async load(at: LineAddress = this.at(), id?: string, channels: readonly string[] = ['n', 'log']): Promise<StoredCheckpoint> {
    return this.one(this.store.load(at, id, channels));
  }

  /** The texts of a checkpoint's channels. */
  async texts(at: LineAddress = this.at(), id?: string, channels: readonly string[] = ['n', 'log']): Promise<Readonly<Record<string, readonly string[]>>> {
    return textsOf(await this.load(at, id, channels));
  }

  async history(at: LineAddress = this.at(), options?: Parameters<Checkpointer['history']>[1]): Promise<readonly string[]> {
    return (await this.all(this.store.history(at, options))).map(({ id }) => id);
  }
}

/** The texts of a checkpoint's channels. */
export function textsOf({ channels }: StoredCheckpoint): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries([...channels].map(([channel, chain]) => [channel, chain.map(({ json }) => json)]));
}

/** An entry that holds all of a channel. */
export function snapshot(channel: string, value: unknown): ChannelEntry {
  return { channel, kind: 'snapshot', json: JSON.stringify(value) };
}

/** An entry that holds the writes of one superstep. */
export function delta(channel: string, json: string): ChannelEntry {
  return { channel, kind: 'delta', json };
}
