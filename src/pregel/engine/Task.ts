import type { Subscriber, Subscription } from 'rxjs';
import { CancelledError } from '../../core/errors/CancelledError.js';
import type { RunContext } from '../../core/context/RunContext.js';
import type { RunScope } from '../../core/context/RunScope.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import type { Exits, GraphPlan, PlanNode } from '../graph/GraphPlan.js';
import { Attempt, type AttemptOwner } from './Attempt.js';
import { CachedWrites } from './CachedWrites.js';
import type { DueTask } from './Checkpoint.js';
import type { Home } from './Home.js';
import { Memo } from './Memo.js';
import type { Led } from './nextCheckpoint.js';
import { NodeClock } from './NodeClock.js';
import type { OpenInterrupt, PendingTask, Question } from './TaskWork.js';
import { requireStorable } from './requireStorable.js';
import { writesOf, type NodeWrite } from './writesOf.js';

export type TaskStatus = 'waiting' | 'running' | 'finished' | 'suspended' | 'failed' | 'aborted';

/** What a task needs of the superstep it is part of. */
export interface TaskOwner {
  readonly plan: GraphPlan;
  readonly context: RunContext;
  readonly subscriber: Subscriber<never>;
  /** Where the run is kept; without it no answer could come. */
  readonly home: Home | undefined;
  /** The state of this superstep, shared by its tasks. */
  readonly state: () => object;
  /** The number of this superstep. */
  readonly step: number;
  keep(task: Task, key: string, value: unknown, stored: () => void): void;
  /** Works out what its end leads to. */
  lead(task: Task): Led;
  settled(task: Task): void;
}

/** One run of a node in one superstep: its attempts, one after the other, and what came of them. */
export class Task implements AttemptOwner {
  status: TaskStatus = 'waiting';
  error: unknown;
  writes: readonly NodeWrite[] = [];
  /** Once it has finished in this pass. */
  led: Led | undefined;
  /** Not of a task that was answered something, or that failed: what it writes is not of its input alone. */
  cache: CachedWrites | undefined;
  private node: PlanNode;
  private current: Attempt | undefined;
  private attempts = 0;
  private kept: Memo | undefined;
  private sleep: Subscription | undefined;

  constructor(
    readonly due: DueTask,
    private readonly owner: TaskOwner,
    readonly prior: PendingTask | undefined,
  ) {
    this.node = owner.plan.nodes.get(due.node) as PlanNode;
  }

  get taskId(): string {
    return this.due.id;
  }

  get store(): unknown {
    const { plan, context } = this.owner;
    const store = plan.store ?? context.task?.store;
    if (store) return store;
    throw new RivuletError('NO_STORE', `node '${this.node.name}' of graph '${plan.name}' used run.store, and the graph has none. Compile it with one: compile({ store: memoryStore() })`);
  }

  get home(): Home | undefined {
    return this.owner.home;
  }

  get run(): RunScope | undefined {
    return this.current?.run;
  }

  /** Where it leads: its error handler's way, if that had the last word. */
  get exits(): Exits {
    return this.node;
  }

  /** Whose writes they are: the task's node, or its error handler. */
  get writer(): string {
    return this.node.name;
  }

  get memo(): Memo {
    return (this.kept ??= new Memo(this.prior, (key, value, stored) => {
      if (this.home) requireStorable(value, `what once('${key}') did`);
      this.owner.keep(this, key, value, stored);
    }));
  }

  /** What it asked in this pass and waits for. */
  get asked(): ReadonlyMap<string, Question> | undefined {
    return this.current?.interrupts?.open;
  }

  get open(): readonly OpenInterrupt[] {
    const { asked, prior, taskId, due } = this;
    const ids = asked ? [...asked.keys()] : [...(prior?.open ?? [])];
    return ids.map((id) => ({ id, taskId, node: due.node, ...((asked ?? prior?.asked)?.get(id) as Question) }));
  }

  start(): void {
    this.status = 'running';
    const { due, node, owner } = this;
    if (!this.prior) this.cache = CachedWrites.of(owner.plan, node);
    if (due.arg) return this.begin(due.arg.value);
    this.begin(node.read ? node.read(owner.state()) : owner.state());
  }

  /** It ended in an earlier pass. */
  restore({ finished }: PendingTask): void {
    this.status = finished ? 'finished' : 'suspended';
    if (!finished) return;
    this.writes = finished.writes;
    this.node = this.owner.plan.nodes.get(finished.node) ?? this.node;
  }

  /** Ends it from outside; what it does after is late. Returns what its teardown threw. */
  abort(): readonly unknown[] {
    if (this.status !== 'running') return [];
    this.status = 'aborted';
    this.sleep?.unsubscribe();
    const thrown = this.current?.leave() ?? [];
    if (this.run?.hub) this.run.tell({ type: 'node_error', ...this.head, error: new CancelledError() });
    return thrown;
  }

  writesOf(update: unknown): readonly NodeWrite[] {
    return writesOf(this.owner.plan, this.node.name, update);
  }

  clockOf(attempt: Attempt, context: RunContext): NodeClock | undefined {
    const { due, node, owner } = this;
    return NodeClock.start(due.timeout ?? node.policy.timeout, context, owner.subscriber, node.name, (error) => attempt.fail(error));
  }

  ended(attempt: Attempt, how: 'finished' | 'suspended'): void {
    if (this.status !== 'running') return;
    this.writes = attempt.writes;
    try {
      if (how === 'finished') this.led = this.owner.lead(this);
    } catch (error) {
      return this.failed(attempt, error);
    }
    const isNew = this.cache && how === 'finished' && !attempt.cached;
    if (isNew) this.cache?.keep(attempt.writes, this.owner.subscriber, attempt.run, () => this.end(attempt, how));
    else this.end(attempt, how);
  }

  failed(attempt: Attempt, error: unknown): void {
    if (this.status !== 'running') return;
    const { node, owner, due } = this;
    const { onError } = node.policy;
    if (attempt.run.hub) attempt.run.tell({ type: 'node_error', ...this.head, error });
    const delayMs = node.retryDelay?.(error, this.attempts, owner.context);
    if (delayMs !== undefined) {
      this.supersede();
      return this.retryLater(error, attempt.input, delayMs);
    }
    const handles = onError !== undefined && onError !== node.name && node.name === due.node; // a handler has none itself
    const handler = handles ? owner.plan.nodes.get(onError) : undefined;
    if (!handler) {
      this.status = 'failed';
      this.error = error;
      return owner.settled(this);
    }
    this.supersede();
    this.node = handler;
    this.cache = undefined;
    this.attempts = 0;
    this.begin({ input: attempt.input, error });
  }

  private end(attempt: Attempt, how: 'finished' | 'suspended'): void {
    if (this.status !== 'running') return;
    this.status = how;
    if (attempt.run.hub) attempt.run.tell({ type: 'node_end', ...this.head, writes: this.writes, ...(how === 'suspended' && { interrupts: this.open }), ...(attempt.cached && { cached: true }) });
    if (how === 'suspended') this.supersede();
    this.owner.settled(this);
  }

  /** A channel didn't take what it wrote. */
  refuse(error: unknown): void {
    if (this.run?.hub) this.run.tell({ type: 'node_error', ...this.head, error });
  }

  private begin(input: unknown): void {
    const { owner, node, due } = this;
    const attempt = ++this.attempts;
    const idPrefix = node.name === due.node ? due.id : `${due.id}/${node.name}`;
    this.current = new Attempt(this, node, idPrefix, input, owner, attempt);
    const { run } = this.current;
    if (run.hub) run.begin({ type: 'node_start', ...this.head, traceId: run.traceId, parentRunId: run.parentRunId, attempt, metadata: node.policy.metadata, input });
    this.current.start();
  }

  private retryLater(error: unknown, input: unknown, delayMs: number): void {
    const { context } = this.owner;
    if (context.hub) context.tell({ type: 'retry', attempt: this.attempts + 1, delayMs, error });
    this.sleep = context.scheduler.schedule(() => this.begin(input), delayMs);
  }

  /** What the attempt told doesn't count: it comes again. */
  private supersede(): void {
    const { run, due, attempts: attempt } = this;
    if (run?.hub) run.tell({ type: 'superseded', attempt, taskId: due.id });
  }

  /** What its events have in common. */
  private get head(): { readonly node: string; readonly taskId: string; readonly step: number } {
    return { node: this.node.name, taskId: this.due.id, step: this.owner.step };
  }
}
