import type { Tracer } from '../../core/trace/tracer.js';

/** A tracer that sends runs somewhere, in batches and in the background. */
export interface ExportingTracer extends Tracer {
  /** Sends what waits without further delay; resolves when all runs told so far are sent or dropped. It never rejects. */
  flush(): Promise<void>;
  /** How many runs were dropped because the queue was full, or because they could not be sent. */
  readonly dropped: number;
}
