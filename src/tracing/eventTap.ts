import type { MonoTypeOperatorFunction } from 'rxjs';
import { withContext } from '../core/context/withContext.js';
import type { EventSink } from '../core/events/EventHub.js';
import type { RunEvent } from '../core/events/RunEvent.js';
import type { Tracer } from '../core/trace/tracer.js';

/**
 * An operator that sees what happens in all that is upstream of it, and passes values on as they are. Given to a run as its `events` or its
 * `tracer` it sees that run.
 */
export interface EventTap<T> extends MonoTypeOperatorFunction<T>, Tracer {
  readonly name: string;
}

/** The two ways to use one sink. */
export function eventTap<T>(sink: EventSink): EventTap<T> {
  return Object.assign(withContext<T>({ events: sink }), { next: (event: RunEvent) => sink.next(event), tokens: sink.tokens });
}
