import type { Observable, Subscriber } from 'rxjs';
import type { RunConfig } from '../context/RunConfig.js';
import { contextFor, isRunContext, type RunContext } from '../context/RunContext.js';
import { DEFAULT_OVERFLOW } from '../demand/overflow.js';
import { Relay } from '../demand/Relay.js';
import { BackpressureError } from '../errors/BackpressureError.js';
import { EventHub, type EventSink } from '../events/EventHub.js';
import type { RunEvent, RunEventType } from '../events/RunEvent.js';
import { contextOf, createSource, Link } from '../subscription.js';
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

/**
 * Events on their way to the consumer. What a graph tells of its supersteps is bounded by their tasks, as a step starts only when
 * nothing waits here; what else happens in a run is bounded here.
 */
class EventQueue extends Relay<RunEvent> implements EventSink {
  private unbidden = 0;

  constructor(private readonly consumer: Subscriber<RunEvent>) {
    super(consumer, ({ type }) => {
      if (!OF_STEPS.has(type)) this.unbidden--;
    });
  }

  next(event: RunEvent): void {
    if (!OF_STEPS.has(event.type) && ++this.unbidden > DEFAULT_OVERFLOW) return this.consumer.error(new BackpressureError(0, this.size));
    this.push(event);
  }
}

const OF_STEPS: ReadonlySet<RunEventType> = new Set(['step_start', 'node_start', 'node_end', 'node_error', 'state_update', 'checkpoint', 'interrupt', 'step_end'] as const);
