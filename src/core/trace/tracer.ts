import type { EventSink } from '../events/EventHub.js';

/**
 * The tracing port: a sink of run events that lives longer than one run. A trace is a projection of the event stream:
 * `run_start`/`span_start` open, `span_end`/`run_end`/`run_error` close. It observes and never exerts pressure.
 */
export interface Tracer extends EventSink {
  readonly name?: string;
}
