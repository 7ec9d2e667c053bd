import type { EventSink } from '../core/events/EventHub.js';
import type { RunEvent } from '../core/events/RunEvent.js';
import { eventTap, type EventTap } from './eventTap.js';

/**
 * Sees every event of the runs upstream, as it happens. It observes: it slows nothing down, and an error of its own is reported but ends
 * no run.
 *
 * ```text
 * -a-b-|
 * tapEvents(see)
 * -a-b-|   see(run_start) … see(token) … see(run_end)
 * ```
 *
 * *Demand*: transparent. *Timing*: synchronous. *Errors*: the source's.
 *
 * @param observer an observer of events, a Subject of them, or a function
 *
 * @example
 * ```ts
 * import { chat, scripted } from 'rivulet';
 * import { tapEvents } from 'rivulet/tracing';
 * import { of } from 'rxjs';
 *
 * const seen: string[] = [];
 * of('Hi').pipe(chat(scripted([{ reply: 'Hello!' }])), tapEvents(({ type }) => seen.push(type))).subscribe();
 * seen; // ['span_start', 'token', 'span_end']
 * ```
 */
export function tapEvents<T>(observer: EventSink | ((event: RunEvent) => void)): EventTap<T> {
  return eventTap(typeof observer === 'function' && !('next' in observer) ? { next: observer } : (observer as EventSink));
}
