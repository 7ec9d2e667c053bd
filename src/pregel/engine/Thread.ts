import { concat, of, type Observable, type Subscriber } from 'rxjs';
import { RivuletError } from '../../core/errors/RivuletError.js';
import type { RunContext } from '../../core/context/RunContext.js';
import { RunScope } from '../../core/context/RunScope.js';
import { mapAsync } from '../../core/demand/mapAsync.js';
import { nearestName } from '../../core/errors/nearestName.js';
import { createSource, Link } from '../../core/subscription.js';
import type { Checkpointer, HistoryOptions, LineAddress } from '../checkpoints/Checkpointer.js';
import type { Exits, GraphPlan } from '../graph/GraphPlan.js';
import { emptyCheckpoint } from './begin.js';
import type { Checkpoint } from './Checkpoint.js';
import { leased } from './Lease.js';
import { LeaseHolder } from './LeaseHolder.js';
import type { LeasePolicy } from './LeasePolicy.js';
import { leadOf, nextCheckpoint, type Advance } from './nextCheckpoint.js';
import { placedAt } from './placedAt.js';
import type { StateSnapshot } from './StateSnapshot.js';
import { ThreadLine, type Loaded } from './ThreadLine.js';
import { threadState } from './threadState.js';
import { updated } from './updated.js';
import { writesOf } from './writesOf.js';

/** A branch of a thread, to look at and to change from outside a run. */
export class Thread<S> {
  constructor(
    private readonly plan: GraphPlan,
    private readonly store: Checkpointer,
    private readonly at: LineAddress,
    private readonly context: RunContext,
    private readonly lease: LeasePolicy,
  ) {}

  /** Emits one, or none for a thread without a commit. */
  state(checkpointId?: string, subgraphs = false): Observable<StateSnapshot<S>> {
    const { plan, store, at, context } = this;
    return threadState<S>({ plan, store, at, context }, checkpointId, subgraphs);
  }

  /** Newest first. */
  history(options?: HistoryOptions): Observable<StateSnapshot<S>> {
    return this.store.history(this.at, options).pipe(mapAsync(({ id }) => this.state(id)));
  }

  /**
   * Emits the new checkpoint's id.
   *
   * @param asNode whose write it is: it leads where the node leads; without one, what is due stays due
   * @param onId the checkpoint it is made on: if that isn't the head, on a branch of its own, as a run from there
   */
  update(values: unknown, asNode: string | undefined, onId: string | undefined): Observable<string> {
    const exits = asNode === undefined ? undefined : this.exitsOf(asNode);
    const holder = new LeaseHolder(this.context.ids());
    const { store, at, context, lease } = this;
    const work = createSource<string>((subscriber) => {
      const on = (line: LineAddress): void => this.updateHead(this.line(line, holder), values, exits && { name: asNode as string, exits }, subscriber);
      if (onId === undefined) on(at);
      else placedAt({ store, at }, onId, context.ids()).subscribe(new Link<LineAddress>(subscriber as Subscriber<never>, { next: on, complete: () => undefined }));
    });
    const waiting: LeasePolicy = lease.concurrentRuns === 'interrupt' ? { ...lease, concurrentRuns: 'queue' } : lease;
    return leased({ store, at, holder, lease: waiting }, context, work);
  }

  /** Emits the branch's name. */
  fork(checkpointId: string, branch: string): Observable<string> {
    return concat(this.store.fork(this.at, checkpointId, branch), of(branch));
  }

  private updateHead(line: ThreadLine, values: unknown, writer: Writer | undefined, subscriber: Subscriber<string>): void {
    const { plan, context } = this;
    let head: Loaded | undefined;
    const link = new Link<Loaded>(subscriber as Subscriber<never>, {
      next: (loaded) => {
        head = loaded;
      },
      complete: () => {
        if (head?.changed) throw head.changed;
        const before = head?.checkpoint ?? emptyCheckpoint(plan);
        const advance = writer ? asWrittenBy(writer, before, plan, values, subscriber as Subscriber<never>, context) : updated(plan, before, values, context.ids);
        const commit = writer ? line.commit(advance, 'update') : line.commitCarrying(advance, new Map());
        concat(commit, of(advance.checkpoint.id)).subscribe(subscriber);
      },
    });
    line.load().subscribe(link);
  }

  private line(at: LineAddress, holder: LeaseHolder): ThreadLine {
    return new ThreadLine(this.plan, { store: this.store, at, holder }, this.context);
  }

  private exitsOf(asNode: string): Exits {
    const node = this.plan.nodes.get(asNode);
    if (node) return node;
    const meant = nearestName(asNode, [...this.plan.nodes.keys()]);
    throw new RivuletError('INVALID_OPTION', `asNode is '${asNode}', which is no node.${meant ? ` Did you mean '${meant}'?` : ''} The nodes are ${[...this.plan.nodes.keys()].join(', ')}`);
  }
}

/** The node that an update is made as. */
interface Writer {
  readonly name: string;
  readonly exits: Exits;
}

function asWrittenBy({ name, exits }: Writer, before: Checkpoint, plan: GraphPlan, values: unknown, subscriber: Subscriber<never>, { ids }: RunContext): Advance {
  const finished = { name, exits, writes: writesOf(plan, name, values), run: new RunScope(subscriber) };
  return nextCheckpoint(plan, before, [leadOf(plan, before, finished, ids)], ids);
}
