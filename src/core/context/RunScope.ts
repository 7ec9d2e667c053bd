import type { Observable, Subscriber } from 'rxjs';
import type { Unwrapped } from '../bridge/result.js';
import { LazySignal } from '../bridge/LazySignal.js';
import type { Demand } from '../demand/demand.js';
import { CancelledError } from '../errors/CancelledError.js';
import { RivuletError } from '../errors/RivuletError.js';
import { ContextLink, contextOf, demandOf } from '../subscription.js';
import { isRunContext, rootContext, RunContext } from './RunContext.js';
import type { InterruptOptions, TaskScope } from './TaskScope.js';

const SUBSCRIBER: unique symbol = Symbol.for('rivulet.scope.subscriber') as never;

/**
 * What a callback gets as its last argument, `run`: the fields of its context, and what it may do. An async callback
 * hands it on to what it awaits, `await flow.invoke(x, run)`, which so inherits tracer, scheduler, cancellation and demand.
 */
export class RunScope extends RunContext {
  private readonly lazy = new LazySignal();
  private awaiting: Subscriber<never> | undefined;

  /** @param subscriber what this call's results go to */
  constructor(private readonly subscriber: Subscriber<never>) {
    const above = contextOf(subscriber) ?? rootContext();
    super(above.settings, above, false);
  }

  /** What the runs that this call awaits hang on: they end with the call. Made when there is one. */
  get [SUBSCRIBER](): Subscriber<never> {
    return (this.awaiting ??= new ContextLink(this.subscriber, this));
  }

  /** This call's own: aborts when its subscription ends without having completed. */
  get signal(): AbortSignal {
    return this.lazy.signal;
  }

  /** The demand of the nearest boundary downstream of this call. */
  get demand(): Demand {
    return demandOf(this.subscriber);
  }

  get taskId(): string {
    return this.inTask('taskId').taskId;
  }

  get store(): unknown {
    return this.inTask('store').store;
  }

  /** Sends a `custom` event to whoever watches the run. */
  emit(value: unknown): void {
    if (this.task) this.task.emit(value);
    else this.tell({ type: 'custom', value });
  }

  /** Asks a human; see the engine. Outside a graph node: `NOT_IN_TASK`. */
  interrupt<A = unknown>(payload: unknown, options?: InterruptOptions<A>): Observable<A> {
    return this.inTask('interrupt').interrupt(payload, options) as Observable<A>;
  }

  /** `interrupt`, to be awaited. */
  answer<A = unknown>(payload: unknown, options?: InterruptOptions<A>): PromiseLike<A> {
    return this.inTask('answer').answer(payload, options) as PromiseLike<A>;
  }

  /** Memoises a side effect per task and key. */
  once<R>(key: string, effect: () => R): Observable<Unwrapped<R>> {
    return this.inTask('once').once(key, effect) as Observable<Unwrapped<R>>;
  }

  /** Says that the call is alive, so that its idle timeout starts over. */
  heartbeat(): void {
    this.task?.heartbeat();
  }

  /**
   * Its subscription ended without having completed.
   *
   * @param reason is asked for if somebody reads the signal
   */
  cancel(reason: () => unknown = cancelled): void {
    this.lazy.abort(reason);
    this.awaiting?.unsubscribe();
  }

  get cancelled(): boolean {
    return this.lazy.aborted;
  }

  private inTask(what: string): TaskScope {
    if (this.task) return this.task;
    throw new RivuletError('NOT_IN_TASK', `run.${what} was used outside a graph node. Only a node that an engine runs can be suspended or memoised`, { path: this.path });
  }
}

const cancelled = (): unknown => new CancelledError();

/** The subscriber of the call that `run` belongs to, if it is a callback's `run`. */
export function subscriberOf(run: unknown): Subscriber<never> | undefined {
  return isRunContext(run) && SUBSCRIBER in run ? (run as RunScope)[SUBSCRIBER] : undefined;
}
