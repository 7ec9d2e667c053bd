import { asapScheduler, type Observable, type Subscriber } from 'rxjs';
import { lateError } from '../../core/bridge/lateError.js';
import type { RunContext } from '../../core/context/RunContext.js';
import { RunScope } from '../../core/context/RunScope.js';
import { ContextLink, createSource } from '../../core/subscription.js';
import type { Command } from '../graph/command.js';
import { AggregateGraphError } from './AggregateGraphError.js';
import type { Checkpoint } from './Checkpoint.js';
import type { GraphPlan } from '../graph/GraphPlan.js';
import { applyAll } from './gathered.js';
import type { Home } from './Home.js';
import { leadOf, nextCheckpoint, type Advance, type Led } from './nextCheckpoint.js';
import { Task, type TaskOwner } from './Task.js';
import { saidToParent } from './toParent.js';
import type { OpenInterrupt, PendingWork, TaskWork } from './TaskWork.js';

/** How a superstep ended: with the next checkpoint, waiting for answers, or by leaving for the graph above, with what is said to that. */
export type StepResult =
  | ({ readonly type: 'advanced' } & Advance)
  | { readonly type: 'suspended'; readonly interrupts: readonly OpenInterrupt[] }
  | { readonly type: 'left'; readonly commands: readonly Command[] };

/**
 * One superstep: runs the tasks that are due on one snapshot, and at the barrier applies their writes in task order. Pure: it
 * knows no store and no loop; what must be kept before the commit it emits as `TaskWork`.
 *
 * @param home where that is kept, so that tasks may wait for answers
 */
export function superstep(plan: GraphPlan, { checkpoint, pending }: Position, context: RunContext, home: Home | undefined): Observable<TaskWork | StepResult> {
  return createSource((subscriber) => new Superstep(plan, checkpoint, pending, context, home, subscriber).start());
}

/** What a superstep goes on from: a checkpoint, and what is known of its tasks already. */
export interface Position {
  readonly checkpoint: Checkpoint;
  readonly pending: PendingWork;
}

class Superstep implements TaskOwner {
  readonly subscriber: Subscriber<never>;
  private tasks: Task[] = [];
  private queue: Task[] = [];
  private started = 0;
  private settledCount = 0;
  private pumping = false;
  private ending = false;

  constructor(
    readonly plan: GraphPlan,
    private readonly checkpoint: Checkpoint,
    private readonly pending: PendingWork,
    readonly context: RunContext,
    readonly home: Home | undefined,
    private readonly out: Subscriber<TaskWork | StepResult>,
  ) {
    out.add(() => this.cancel()); // before what hangs on it is torn down
    this.subscriber = new ContextLink<never>(out as never, context);
  }

  readonly state = (): object => this.checkpoint.state;

  get step(): number {
    return this.checkpoint.step + 1;
  }

  start(): void {
    for (const due of this.checkpoint.due) {
      const prior = this.pending.size > 0 ? this.pending.get(due.id) : undefined;
      const task = new Task(due, this, prior);
      this.tasks.push(task);
      if (prior?.finished || prior?.waits) task.restore(prior);
      else this.queue.push(task);
    }
    this.pump();
  }

  keep(task: Task, key: string, value: unknown, stored: () => void): void {
    this.out.next({ type: 'task_work', kind: 'once', taskId: task.taskId, key, value, stored });
  }

  lead(task: Task): Led {
    const { due, exits, writes, run = new RunScope(this.subscriber) } = task;
    return leadOf(this.plan, this.checkpoint, { name: due.node, exits, writes, run }, this.context.ids);
  }

  settled(task: Task): void {
    this.settledCount++;
    if (task.status === 'failed') return this.fail();
    if (task.status === 'finished' && this.tasks.length > 1) this.out.next({ type: 'task_work', kind: 'writes', taskId: task.taskId, node: task.writer, writes: task.writes });
    if (!this.pumping) this.pump();
  }

  /** Starts what may run; a loop, as tasks may settle at once. */
  private pump(): void {
    this.pumping = true;
    const { queue, context } = this;
    while (this.started < queue.length && !this.ending && !this.out.closed && this.started - this.settledCount < context.maxConcurrency) (queue[this.started++] as Task).start();
    this.pumping = false;
    if (this.settledCount === queue.length && !this.ending) this.barrier();
  }

  /** Errors of the same turn surface together; then what still runs is aborted. */
  private fail(): void {
    if (this.ending) return;
    this.ending = true;
    if (this.started - this.settledCount === 0) this.failNow();
    else this.out.add(asapScheduler.schedule(() => this.failNow()));
  }

  private failNow(): void {
    const late = this.tasks.flatMap((task) => task.abort());
    const errors = [...this.tasks.filter((task) => task.status === 'failed').map((task) => task.error), ...late];
    this.out.error(errors.length === 1 ? errors[0] : new AggregateGraphError(errors, this.context.path));
  }

  private barrier(): void {
    this.ending = true;
    const { tasks, out, plan } = this;
    const interrupts = tasks.flatMap((task) => (task.status === 'suspended' ? task.open : []));
    const commands = saidToParent(tasks);
    let result: StepResult;
    if (interrupts.length > 0) {
      for (const { taskId, asked, prior } of tasks) {
        if (asked && asked.size > 0) out.next({ type: 'task_work', kind: 'open', taskId, answered: prior?.answers.size ?? 0, asked });
      }
      result = { type: 'suspended', interrupts };
    } else if (commands.length > 0) {
      result = { type: 'left', commands };
    } else {
      try {
        const led = tasks.map((task) => task.led ?? this.lead(task));
        result = { type: 'advanced', ...nextCheckpoint(plan, this.checkpoint, led, this.context.ids) };
      } catch (error) {
        tasks.find((task) => this.refuses(task))?.refuse(error);
        return out.error(error);
      }
    }
    this.tasks = this.queue = []; // else the collector keeps dead steps alive
    out.next(result);
    out.complete();
  }

  /** Whether a channel refuses what one task wrote, whatever its siblings did. */
  private refuses({ led }: Task): boolean {
    try {
      if (led) applyAll(this.plan, this.checkpoint.states, led.writes);
      return false;
    } catch {
      return true;
    }
  }

  private cancel(): void {
    for (const task of this.tasks) for (const error of task.abort()) lateError(error, task.run ?? this.context);
  }
}
