import { concat, map, of, type Observable, type Subscriber } from 'rxjs';
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
import { nextCheckpoint, type Advance } from './nextCheckpoint.js';
import { stateSnapshot, type StateSnapshot } from './StateSnapshot.js';
import { ThreadLine, type Loaded } from './ThreadLine.js';
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
  state(checkpointId?: string): Observable<StateSnapshot<S>> {
    return this.line(new LeaseHolder('')).load(checkpointId).pipe(map((loaded) => stateSnapshot<S>(loaded)));
  }

  /** Newest first. */
  history(options?: HistoryOptions): Observable<StateSnapshot<S>> {
    return this.store.history(this.at, options).pipe(mapAsync(({ id }) => this.state(id)));
  }

  /**
   * Emits the new checkpoint's id.
   *
   * @param asNode whose write it is: it leads where the node leads; without one, what is due stays due
   * @param onId the head it is made for; another head is `STALE_CHECKPOINT`
   */
  update(values: unknown, asNode: string | undefined, onId: string | undefined): Observable<string> {
    const exits = asNode === undefined ? undefined : this.exitsOf(asNode);
    const holder = new LeaseHolder(this.context.ids());
    const line = this.line(holder);
    const work = createSource<string>((subscriber) => {
      let head: Loaded | undefined;
      const link = new Link<Loaded>(subscriber, {
        next: (loaded) => {
          head = loaded;
        },
        complete: () => {
          const { plan, context } = this;
          if (head?.changed) throw head.changed;
          const before = head?.checkpoint ?? emptyCheckpoint(plan);
          const advance = exits ? asWrittenBy(asNode as string, exits, before, plan, values, subscriber as Subscriber<never>, context) : updated(plan, before, values, context.ids);
          const commit = exits ? line.commit(advance, 'update') : line.commitCarrying(advance, new Map());
          concat(commit, of(advance.checkpoint.id)).subscribe(subscriber);
        },
      });
      line.load(onId).subscribe(link);
    });
    const { store, at, lease } = this;
    const waiting: LeasePolicy = lease.concurrentRuns === 'interrupt' ? { ...lease, concurrentRuns: 'queue' } : lease;
    return leased({ store, at, holder, lease: waiting }, this.context, work);
  }

  /** Emits the branch's name. */
  fork(checkpointId: string, branch: string): Observable<string> {
    return concat(this.store.fork(this.at, checkpointId, branch), of(branch));
  }

  private line(holder: LeaseHolder): ThreadLine {
    return new ThreadLine(this.plan, { store: this.store, at: this.at, holder }, this.context);
  }

  private exitsOf(asNode: string): Exits {
    const node = this.plan.nodes.get(asNode);
    if (node) return node;
    const meant = nearestName(asNode, [...this.plan.nodes.keys()]);
    throw new RivuletError('INVALID_OPTION', `asNode is '${asNode}', which is no node.${meant ? ` Did you mean '${meant}'?` : ''} The nodes are ${[...this.plan.nodes.keys()].join(', ')}`);
  }
}

function asWrittenBy(name: string, exits: Exits, before: Checkpoint, plan: GraphPlan, values: unknown, subscriber: Subscriber<never>, { ids }: RunContext): Advance {
  return nextCheckpoint(plan, before, [{ name, exits, writes: writesOf(plan, name, values), run: new RunScope(subscriber) }], ids);
}
