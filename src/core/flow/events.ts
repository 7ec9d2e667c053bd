import type { Observable, Subscriber } from 'rxjs';
import type { RunConfig } from '../context/RunConfig.js';
import { contextFor, isRunContext, type RunContext } from '../context/RunContext.js';
import type { Demand } from '../demand/demand.js';
import { DEFAULT_OVERFLOW } from '../demand/overflow.js';
import { Outbox } from '../demand/Outbox.js';
import { Waiters } from '../demand/Waiters.js';
import { BackpressureError } from '../errors/BackpressureError.js';
import { EventHub } from '../events/EventHub.js';
import type { RunEvent } from '../events/RunEvent.js';
import { contextOf, createSource, demandOf, Link } from '../subscription.js';
import type { FlowDefinition } from './FlowDefinition.js';
import { openRun } from './run.js';

/**
 * One run as its events. It bears demand: the run waits while events wait. A failed run ends it with `run_error`, and then
 * with the error itself.
 */
export function eventsOf<I, O, R>(definition: FlowDefinition<I, O, R>, input: I, config: RunConfig | RunContext | undefined): Observable<RunEvent> {
  return createSource((subscriber) => {
    const above = isRunContext(config) ? config : contextOf(subscriber);
    const queue = new EventQueue(subscriber);
    const plain = contextFor(above, config);
    const hub = plain.hub?.with(queue) ?? new EventHub([queue]);
    const context = plain.with({ hub });
    const link = new Link<O>(subscriber, {
      next: () => undefined, // chunks are told as events by those who make them
      error: (error) => queue.endWith(() => subscriber.error(error)),
      complete: () => queue.endWith(() => subscriber.complete()),
      demand: queue,
    });
    openRun(definition, input, context, above === undefined, config, link);
  });
}

/** Events on their way to the consumer. The run is asked to wait while one waits. */
class EventQueue implements Demand {
  private readonly outbox: Outbox<RunEvent | (() => void)>;
  private readonly downstream: Demand;
  private readonly waiters = new Waiters();
  private cancelWait: (() => void) | undefined;

  constructor(private readonly subscriber: Subscriber<RunEvent>) {
    this.downstream = demandOf(subscriber);
    this.outbox = new Outbox(this.downstream, (item) => {
      if (typeof item === 'function') return item();
      subscriber.next(item);
      this.wake();
    });
    subscriber.add(() => this.close());
  }

  private close(): void {
    this.outbox.close();
    this.cancelWait?.();
  }

  next(event: RunEvent): void {
    if (this.outbox.size < DEFAULT_OVERFLOW) this.outbox.push(event);
    else this.subscriber.error(new BackpressureError(0, this.outbox.size));
  }

  /** Ends after the events that still wait. */
  endWith(end: () => void): void {
    if (this.outbox.size === 0) end();
    else this.outbox.push(end);
  }

  get ready(): boolean {
    return this.outbox.size === 0 && this.downstream.ready;
  }

  whenReady(resume: () => void): () => void {
    const cancel = this.waiters.add(resume);
    this.wake();
    return cancel;
  }

  /** Once nothing waits here, those who wait hear of downstream's demand. */
  private wake(): void {
    if (this.outbox.size > 0 || this.waiters.size === 0) return;
    this.cancelWait?.();
    this.cancelWait = this.downstream.ready ? undefined : this.downstream.whenReady(() => this.wake());
    this.waiters.wake(this);
  }
}
