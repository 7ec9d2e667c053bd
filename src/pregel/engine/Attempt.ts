import { asapScheduler, type Observable, type Subscriber } from 'rxjs';
import { foldToPromise } from '../../core/bridge/foldToPromise.js';
import { lateError } from '../../core/bridge/lateError.js';
import { deliver } from '../../core/bridge/result.js';
import type { RunContext } from '../../core/context/RunContext.js';
import { RunScope } from '../../core/context/RunScope.js';
import type { InterruptOptions, TaskScope } from '../../core/context/TaskScope.js';
import { last } from '../../core/flow/fold.js';
import { Link } from '../../core/subscription.js';
import type { Command } from '../graph/command.js';
import type { PlanNode } from '../graph/GraphPlan.js';
import type { CachedWrites } from './CachedWrites.js';
import { CallNames } from './CallNames.js';
import type { Home } from './Home.js';
import { InterruptSignal } from './InterruptSignal.js';
import { Interrupts } from './Interrupts.js';
import type { Memo } from './Memo.js';
import { NESTING, type Nesting } from './Nesting.js';
import type { NodeClock } from './NodeClock.js';
import type { OpenInterrupt, PendingTask } from './TaskWork.js';
import { tearDown } from './tearDown.js';
import type { NodeWrite } from './writesOf.js';

/** What an attempt needs of its task. */
export interface AttemptOwner {
  readonly taskId: string;
  readonly store: unknown;
  readonly prior: PendingTask | undefined;
  /** Where what is asked is kept; without it no answer could come. */
  readonly home: Home | undefined;
  readonly memo: Memo;
  /** Where to look for its writes before the body is called. */
  readonly cache: CachedWrites | undefined;
  /** Checks and takes apart what the body gave. */
  writesOf(update: unknown): readonly NodeWrite[];
  clockOf(attempt: Attempt, context: RunContext): NodeClock | undefined;
  ended(attempt: Attempt, how: 'finished' | 'suspended'): void;
  failed(attempt: Attempt, error: unknown): void;
}

/**
 * One call of a node's body. What the body does after it ended, an attempt that timed out for instance, goes nowhere; what it then
 * fails with is told as late.
 */
export class Attempt implements TaskScope, Nesting {
  readonly [NESTING] = true;
  writes: readonly NodeWrite[] = [];
  /** Whether these are an earlier task's. */
  cached = false;
  readonly run: RunScope;
  private readonly link: Link<unknown>;
  private readonly clock: NodeClock | undefined;
  private asked: Interrupts | undefined;
  private live = true;
  private inBody = true;
  private calls: CallNames | undefined;
  private interruption: InterruptSignal | undefined;

  /** @param idPrefix of its interrupts' ids */
  constructor(
    private readonly owner: AttemptOwner,
    private readonly node: PlanNode,
    private readonly idPrefix: string,
    readonly input: unknown,
    { context: above, subscriber }: { readonly context: RunContext; readonly subscriber: Subscriber<never> },
    attempt: number,
  ) {
    const patch = { task: this, path: above.path.concat(node.name), attempt, drain: undefined }; // what a node runs ends with the node
    const context = above.hub ? above.open(patch) : above.with(patch); // whoever watches sees it as a run of its own
    this.link = new Link<unknown>(subscriber, {
      context,
      detached: true,
      next: (update) => this.wrote(update),
      complete: () => this.finish(),
      error: (error) => this.fail(error),
    });
    this.run = new RunScope(this.link as never);
    this.clock = owner.clockOf(this, context);
  }

  get taskId(): string {
    return this.owner.taskId;
  }

  get store(): unknown {
    return this.owner.store;
  }

  get home(): Home | undefined {
    return this.owner.home;
  }

  get prior(): PendingTask | undefined {
    return this.owner.prior;
  }

  get interrupts(): Interrupts | undefined {
    return this.asked;
  }

  start(): void {
    const { cache } = this.owner;
    if (!cache) return this.call();
    try {
      cache.find(this.input, this.link as never, this.run, (writes) => (writes ? this.found(writes) : this.call()));
    } catch (error) {
      this.fail(error);
    }
  }

  /** Ends it from outside. Returns what its teardown threw. */
  leave(reason?: () => unknown): readonly unknown[] {
    this.live = false;
    this.clock?.stop();
    this.asked?.signal(() => this.interrupted());
    return tearDown(
      () => this.link.unsubscribe(),
      () => this.run.cancel(reason),
    );
  }

  fail(error: unknown): void {
    if (!this.live) return lateError(error, this.run);
    this.quit(() => error);
    this.owner.failed(this, error);
  }

  interrupt(payload: unknown, options?: InterruptOptions): Observable<unknown> {
    return this.asking().ask(payload, options, false);
  }

  answer(payload: unknown, options?: InterruptOptions): PromiseLike<unknown> {
    const answer$ = this.asking().ask(payload, options, true);
    return foldToPromise(last<unknown>(), undefined, (subscriber) => answer$.subscribe(subscriber));
  }

  once(key: string, effect: () => unknown): Observable<unknown> {
    return this.owner.memo.once(key, effect, this.run, this.link as never);
  }

  heartbeat(): void {
    if (this.live) this.clock?.beat();
  }

  emit(value: unknown): void {
    if (!this.live) return;
    this.clock?.beat();
    this.run.tell({ type: 'custom', value });
  }

  nextCall(what?: string): string {
    return (this.calls ??= new CallNames(this.idPrefix)).next(what);
  }

  waitFor(interrupts: readonly OpenInterrupt[]): void {
    for (const interrupt of interrupts) this.asking().relay(interrupt);
  }

  endWith(commands: readonly Command[]): void {
    this.writes = [];
    this.wrote(commands);
    this.end('finished');
  }

  private call(): void {
    const { node, input, run, link } = this;
    let result: unknown;
    try {
      result = node.body(input as never, run);
    } catch (error) {
      return this.fail(error);
    }
    deliver(result, link, run);
    this.inBody = false;
    if (this.asked?.isOpen) this.suspend();
  }

  private found(writes: readonly NodeWrite[]): void {
    this.cached = true;
    this.writes = writes;
    this.finish();
  }

  private asking(): Interrupts {
    const { owner, idPrefix, run } = this;
    return (this.asked ??= new Interrupts(idPrefix, owner.prior, owner.home !== undefined, run, () => this.suspendSoon()));
  }

  private wrote(update: unknown): void {
    if (!this.live) return;
    this.clock?.beat();
    try {
      const writes = this.owner.writesOf(update);
      this.writes = this.writes.length === 0 ? writes : [...this.writes, ...writes];
    } catch (error) {
      this.fail(error);
    }
  }

  private finish(): void {
    if (!this.live) return;
    if (this.asked?.isOpen) return this.suspend();
    this.live = false;
    this.clock?.stop();
    this.owner.ended(this, 'finished');
  }

  /** After the synchronous part of the body, one hop later, so that siblings of the same turn surface as well. */
  private suspendSoon(): void {
    if (!this.inBody && this.asked?.open.size === 1) this.link.add(asapScheduler.schedule(() => this.suspend()));
  }

  private suspend(): void {
    this.writes = [];
    this.end('suspended');
  }

  /** Ends it before its body does. */
  private end(how: 'finished' | 'suspended'): void {
    if (!this.live) return;
    this.quit(() => this.interrupted());
    this.owner.ended(this, how);
  }

  /** One for all that look: `run.signal`, and each answer that is awaited. */
  private interrupted(): InterruptSignal {
    return (this.interruption ??= new InterruptSignal());
  }

  private quit(reason: () => unknown): void {
    for (const error of this.leave(reason)) lateError(error, this.run);
  }
}
