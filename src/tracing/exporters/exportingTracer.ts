import { merge } from 'rxjs';
import type { Tracer } from '../../core/trace/tracer.js';
import { runTracer, type RunSink } from '../runs/runTracer.js';
import type { ExportQueue } from './ExportQueue.js';

/** A tracer that sends runs somewhere, in batches and in the background. */
export interface ExportingTracer extends Tracer {
  /** Sends what waits without further delay; resolves when all runs told so far are sent or dropped. It never rejects. */
  flush(): Promise<void>;
  /** How many runs were dropped because the queue was full, or because they could not be sent. */
  readonly dropped: number;
}

/**
 * Makes a tracer of a queue, or several, and of the sink that fills them with runs: an exporter of one's own is these two.
 *
 * @param queues send what they are given, and are flushed with the tracer; the tracer has the name of the first
 *
 * @example
 * ```ts
 * import { lambda } from 'rivulet';
 * import { ExportQueue, exportingTracer } from 'rivulet/tracing';
 * import { of } from 'rxjs';
 *
 * const table: string[] = [];
 * const send = (rows: readonly string[]) => of(table.push(...rows)); // in life: an insert into a database
 * const queue = new ExportQueue<string>({ name: 'table', send, sizeOf: (row) => row.length });
 * const tracer = exportingTracer(queue, { end: ({ name, status }) => queue.push(`${name} ${status}`) });
 * await lambda((n: number) => n + 1, 'add').invoke(1, { tracer });
 * await tracer.flush();
 * table; // ['add ok']
 * ```
 */
export function exportingTracer<T>(queues: ExportQueue<T> | readonly ExportQueue<T>[], sink: RunSink): ExportingTracer {
  const tracer = runTracer(sink);
  const all = [queues].flat();
  return {
    name: all[0]?.name ?? 'exporter',
    tokens: tracer.tokens,
    get dropped() {
      return all.reduce((sum, { dropped }) => sum + dropped, 0);
    },
    next: (event) => tracer.next(event),
    flush: () => new Promise((resolve) => merge(...all.map((queue) => queue.flush())).subscribe({ complete: resolve })),
  };
}
