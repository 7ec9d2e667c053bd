import { concat, defer, EMPTY, map, tap, type Observable } from 'rxjs';
import { frozen } from '../../channels/frozen.js';
import { lengthWith, restoredState, storedEntry, type StoredLength } from '../../channels/stored.js';
import type { RunContext } from '../../core/context/RunContext.js';
import { CHECKPOINT_FORMAT, type ChannelEntry, type Checkpointer, type CheckpointMetadata, type CheckpointSource, type Commit, type LineAddress, type PendingRow, type StoredCheckpoint } from '../checkpoints/Checkpointer.js';
import { checkFormat } from '../checkpoints/storedHead.js';
import type { GraphPlan, PlanChannel } from '../graph/GraphPlan.js';
import type { GivenAnswers } from './answersFor.js';
import { Checkpoint, touchedBy } from './Checkpoint.js';
import { GraphChangedError } from './GraphChangedError.js';
import type { LeaseHolder } from './LeaseHolder.js';
import { SHAPE, shapeChange, shapeJson } from './graphShape.js';
import type { Home } from './Home.js';
import { migrated } from './migrated.js';
import type { Advance } from './nextCheckpoint.js';
import { bodyFromJson, bodyJson, pastInterrupt, type PastInterrupt } from './storedBody.js';
import { answerRows, pendingOf, rowOf } from './storedWork.js';
import type { Position } from './Superstep.js';
import type { TaskWork } from './TaskWork.js';

/** A checkpoint as it was stored. */
export interface Loaded extends Position {
  readonly createdAt: number;
  readonly metadata: CheckpointMetadata;
  /** What was asked in the superstep that led here. */
  readonly past: readonly PastInterrupt[];
  /** Of a graph within a task: which call of it this is. */
  readonly call: string | undefined;
  /** Why the graph, as it is now, can't go on from here. */
  readonly changed: GraphChangedError | undefined;
}

const NONE: ReadonlySet<string> = new Set();

/** A branch of a thread as a run sees it: checkpoints in and out of a store. */
export class ThreadLine {
  private readonly store: Checkpointer;
  private readonly at: LineAddress;
  private readonly holder: LeaseHolder;
  private readonly lengths: (StoredLength | undefined)[];
  private readonly shape: string;
  private knownShape: string | undefined;
  /** Of the channels, as they are stored. */
  private states: readonly unknown[] | undefined;
  /** The channels that aren't stored under their names yet. */
  private moved: ReadonlySet<string> = NONE;
  private rows: readonly PendingRow[] = [];
  /** Of the head's tasks, by id. */
  private readonly asked = new Map<string, PastInterrupt>();

  /** @param call of a graph within a task: which call of it this is */
  constructor(
    private readonly plan: GraphPlan,
    { store, at, holder }: Pick<Home, 'store' | 'at' | 'holder'>,
    private readonly run: RunContext,
    private readonly call?: string,
  ) {
    this.store = store;
    this.at = at;
    this.holder = holder;
    this.lengths = plan.channels.map(() => undefined);
    this.shape = shapeJson(plan);
  }

  /** The head, or an older checkpoint; none for a new thread. */
  load(checkpointId?: string): Observable<Loaded> {
    const names = [...this.plan.channels.map(({ name }) => name), ...Object.keys(this.plan.migration?.channels ?? {})];
    return this.store.load(this.at, checkpointId, [SHAPE, ...new Set(names)]).pipe(map((stored) => this.loaded(stored)));
  }

  commit(advance: Advance, source: CheckpointSource): Observable<never> {
    return this.writing(() => {
      const past = [...this.asked.values()];
      this.asked.clear();
      return this.stored(advance, source, past);
    });
  }

  keep(checkpointId: string, work: TaskWork): Observable<never> {
    if (work.kind === 'open') for (const [id, { payload }] of work.asked) this.asked.set(id, pastInterrupt(id, payload, undefined));
    return this.writing(() => this.store.putPending(this.at, checkpointId, [rowOf(this.plan, work)]));
  }

  answer(checkpointId: string, given: GivenAnswers): Observable<never> {
    this.note(given);
    return this.writing(() => this.store.putPending(this.at, checkpointId, answerRows(given)));
  }

  /**
   * Commits a checkpoint whose tasks are the head's: what was known of them is still, and so are answers that come with it. That is
   * put there first, as it stays through the commit, so that both are there or neither.
   */
  commitCarrying(advance: Advance, given: GivenAnswers): Observable<never> {
    this.note(given);
    const rows = [...this.rows, ...answerRows(given)];
    const carry = rows.length === 0 ? EMPTY : this.store.putPending(this.at, advance.checkpoint.id, rows);
    return this.writing(() => concat(carry, defer(() => this.stored(advance, 'update', []))));
  }

  /** Makes a branch of a checkpoint. */
  fork(checkpointId: string, branch: string): Observable<never> {
    return this.store.fork(this.at, checkpointId, branch);
  }

  /** Whether of a channel the writes are stored, and not what it holds. */
  storesWrites(at: number): boolean {
    return this.plan.channels[at]?.channel.delta === true;
  }

  /** Tells whoever watches once it is acknowledged. */
  private stored(advance: Advance, source: CheckpointSource, past: readonly PastInterrupt[]): Observable<never> {
    const { run, holder } = this;
    const commit = this.store.commit(this.commitOf(advance, source, past), holder.owner);
    if (!run.hub) return commit;
    const { id: checkpointId, parentId, step, due } = advance.checkpoint;
    return commit.pipe(tap({ complete: () => run.tell({ type: 'checkpoint', checkpointId, parentId, step, source, next: due.map(({ node }) => node) }) }));
  }

  private commitOf({ checkpoint, writes }: Advance, source: CheckpointSource, past: readonly PastInterrupt[]): Commit {
    const { id, parentId, step } = checkpoint;
    const entries: ChannelEntry[] = [];
    if (this.knownShape !== this.shape) entries.push({ channel: SHAPE, kind: 'snapshot', json: this.shape });
    const touched = this.states && this.moved.size === 0 ? touchedBy(this.plan, writes) : this.plan.channels.keys();
    for (const at of touched) this.addEntry(entries, at, checkpoint, writes.get(at));
    const body = bodyJson(this.plan, checkpoint, past, this.call);
    this.states = checkpoint.states;
    this.moved = NONE;
    this.knownShape = this.shape;
    const { runId, traceId, scheduler } = this.run;
    const metadata = { source, step, runId, traceId };
    const { thread, namespace, branch } = this.at; // spread, with so many fields after them, they cost 6 µs a step
    return { thread, namespace, branch, format: CHECKPOINT_FORMAT, id, parentId, step, createdAt: scheduler.now(), metadata, body, entries };
  }

  private writing(write: () => Observable<never>): Observable<never> {
    return this.holder.writing(defer(write));
  }

  private note(given: GivenAnswers): void {
    for (const [id, { answer }] of given) this.asked.set(id, pastInterrupt(id, this.asked.get(id)?.payload, answer));
  }

  /** A channel that changed is stored; for a new thread, one that holds something from the start as well. */
  private addEntry(entries: ChannelEntry[], at: number, { states }: Checkpoint, writes: readonly unknown[] | undefined): void {
    const { name, channel } = this.plan.channels[at] as PlanChannel;
    const state = states[at];
    if (!this.moved.has(name) && (this.states ? state === this.states[at] : state === undefined)) return;
    const entry = storedEntry(channel, name, { state: state as never, writes: (writes ?? []) as never }, this.lengths[at]);
    if (!entry) return;
    this.lengths[at] = lengthWith(this.lengths[at], entry);
    entries.push({ channel: name, ...entry });
  }

  private loaded(asStored: StoredCheckpoint): Loaded {
    checkFormat(asStored.format, asStored.id);
    const { migration } = this.plan;
    const { stored, moved } = migration ? migrated(this.plan, migration, asStored) : { stored: asStored, moved: this.moved };
    this.moved = moved;
    const { id, parentId, step, createdAt, metadata, thread } = stored;
    const [stated, read] = [asStored, stored].map(({ channels: all }) => all.get(SHAPE)?.at(-1)?.json);
    this.knownShape = read === stated ? read : undefined;
    const shape = shapeChange(this.shape, read);
    if (shape.changed) throw new GraphChangedError(thread, shape.changed);
    const states = this.plan.channels.map(({ name, channel }, at) => {
      const entries = stored.channels.get(name) ?? [];
      this.lengths[at] = moved.has(name) ? undefined : entries.reduce<StoredLength | undefined>(lengthWith, undefined);
      const state = restoredState(channel, name, entries);
      return channel.untracked ? state : frozen(state);
    });
    this.states = states;
    this.rows = stored.pending;
    const { lost = shape.lost, past, call, ...body } = bodyFromJson(this.plan, stored.body, `checkpoint ${id} of thread '${thread}'`);
    const pending = pendingOf(stored.pending);
    for (const { asked, answers } of pending.values()) for (const [one, { payload }] of asked) this.asked.set(one, pastInterrupt(one, payload, answers.get(one)));
    const checkpoint = new Checkpoint(this.plan, { id, parentId, step, states, ...body });
    return { checkpoint, pending, createdAt, metadata, past, call, changed: lost === undefined ? undefined : new GraphChangedError(thread, lost) };
  }
}
