import { applyWrites } from '../../channels/applyWrites.js';
import { restoredState, storedEntry } from '../../channels/stored.js';
import type { ChannelEntry, PendingRow, StoredCheckpoint } from '../checkpoints/Checkpointer.js';
import type { GraphPlan, PlanChannel } from '../graph/GraphPlan.js';
import type { ChannelMigration, Migration } from '../graph/Migration.js';
import { kindOf, SHAPE, shapeOf } from './graphShape.js';
import { renamedBody } from './storedBody.js';
import { renamedRow } from './storedWork.js';
import { checkUpdate } from './writesOf.js';

/** A stored checkpoint as the graph reads it now, and the channels that are to be stored anew, as they aren't under these names. */
export interface Migrated {
  readonly stored: StoredCheckpoint;
  readonly moved: ReadonlySet<string>;
}

/** Nothing is written: a checkpoint stays as it was stored, and is read so by whoever has the migration. */
export function migrated(plan: GraphPlan, migration: Migration, stored: StoredCheckpoint): Migrated {
  const migrating = new Migrating(plan, stored);
  for (const [name, how] of Object.entries(migration.channels ?? {})) {
    if (typeof how === 'string') migrating.rename(name, how);
    else migrating.convert(name, how);
  }
  const { nodes = {} } = migration;
  return migrating.done(nodes);
}

class Migrating {
  private readonly shape: Record<string, string>;
  private readonly channels: Map<string, readonly ChannelEntry[]>;
  private readonly moved = new Set<string>();
  private readonly renamed: Record<string, string> = {};
  private readonly converted = new Set<string>();

  constructor(
    private readonly plan: GraphPlan,
    private readonly stored: StoredCheckpoint,
  ) {
    this.channels = new Map(stored.channels);
    this.shape = { ...shapeOf(stored.channels.get(SHAPE)?.at(-1)?.json) };
  }

  rename(from: string, to: string): void {
    const kind = this.shape[from];
    if (kind === undefined || to in this.shape) return;
    const entries = this.take(from);
    this.renamed[from] = to;
    this.put(to, kind, entries.map((entry) => ({ ...entry, channel: to })));
  }

  convert(name: string, { was: old, to }: ChannelMigration): void {
    if (this.shape[name] !== kindOf(old)) return;
    const state = restoredState(old, name, this.take(name));
    const value = old.read ? old.read(state) : state;
    this.converted.add(name);
    const update = value === undefined ? {} : to(value as never);
    checkUpdate(this.plan, 'migrate', update);
    for (const [target, written] of Object.entries(update)) this.write(target, written);
  }

  done(nodes: Readonly<Record<string, string>>): Migrated {
    const { stored, channels, shape, moved, renamed, converted } = this;
    if (moved.size + converted.size > 0) channels.set(SHAPE, [{ channel: SHAPE, kind: 'snapshot', json: JSON.stringify(shape) }]);
    const pending = stored.pending.flatMap((row): readonly PendingRow[] => renamedRow(row, nodes, renamed, converted));
    return { stored: { ...stored, channels, pending, body: renamedBody(stored.body, nodes, `checkpoint ${stored.id} of thread '${stored.thread}'`) }, moved };
  }

  private write(name: string, value: unknown): void {
    const { channel } = this.plan.channels[this.plan.position.get(name) as number] as PlanChannel;
    const state = applyWrites(channel, channel.initial(), [value], name);
    const entry = storedEntry(channel, name, { state, writes: [] }, undefined);
    if (entry) this.put(name, kindOf(channel), [{ channel: name, ...entry }]);
  }

  private take(name: string): readonly ChannelEntry[] {
    const entries = this.channels.get(name) ?? [];
    this.channels.delete(name);
    delete this.shape[name];
    return entries;
  }

  private put(name: string, kind: string, entries: readonly ChannelEntry[]): void {
    this.channels.set(name, entries);
    this.shape[name] = kind;
    this.moved.add(name);
  }
}

