import type { Observable } from 'rxjs';
import type { InterruptOptions, TaskScope } from '../../core/context/TaskScope.js';
import type { Command } from '../graph/command.js';
import type { Home } from '../engine/Home.js';
import { CallNames } from '../engine/CallNames.js';
import { NESTING, type Nesting } from '../engine/Nesting.js';
import type { OpenInterrupt, PendingTask } from '../engine/TaskWork.js';

const PREVIOUS: unique symbol = Symbol.for('rivulet.previous') as never;

/**
 * A part of a node's work that is known by a name of its own: what it asks and memoises is found again by that, whatever the node
 * did before it, or skipped as it was done.
 */
export class TaskCall implements TaskScope, Nesting {
  readonly [NESTING] = true;
  readonly [PREVIOUS]: unknown;
  private readonly names: CallNames;
  private asked = 0;

  /** @param previous what the entrypoint saved last on its thread */
  constructor(
    private readonly node: TaskScope & Nesting,
    private readonly name: string,
    previous?: unknown,
  ) {
    this[PREVIOUS] = previous;
    this.names = new CallNames(name);
  }

  get taskId(): string {
    return this.node.taskId;
  }
  get store(): unknown {
    return this.node.store;
  }
  get home(): Home | undefined {
    return this.node.home;
  }
  get prior(): PendingTask | undefined {
    return this.node.prior;
  }

  interrupt(payload: unknown, options?: InterruptOptions): Observable<unknown> {
    return this.node.interrupt(payload, this.keyed(options));
  }
  answer(payload: unknown, options?: InterruptOptions): PromiseLike<unknown> {
    return this.node.answer(payload, this.keyed(options));
  }
  once(key: string, effect: () => unknown): Observable<unknown> {
    return this.node.once(`${this.name}/${key}`, effect);
  }
  heartbeat(): void {
    this.node.heartbeat();
  }
  emit(value: unknown): void {
    this.node.emit(value);
  }
  nextCall(what?: string): string {
    return this.names.next(what);
  }
  waitFor(interrupts: readonly OpenInterrupt[]): void {
    this.node.waitFor(interrupts);
  }
  endWith(commands: readonly Command[]): void {
    this.node.endWith(commands);
  }

  private keyed(options: InterruptOptions = {}): InterruptOptions {
    return { ...options, key: `${this.name}/${options.key ?? this.asked++}` };
  }
}

/** What the entrypoint that a task belongs to saved last on its thread; also of another copy of the library. */
export function previousOf(task: TaskScope | undefined): unknown {
  return task && PREVIOUS in task ? task[PREVIOUS] : undefined;
}
