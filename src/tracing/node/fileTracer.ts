import { tap } from 'rxjs';
import { platform } from '../../core/bridge/platform.js';
import type { RunEvent } from '../../core/events/RunEvent.js';
import type { Parcel } from '../exporters/Backlog.js';
import type { ExportingTracer } from '../exporters/ExportingTracer.js';
import { ExportQueue, type ExportLimits } from '../exporters/ExportQueue.js';
import { flushed } from '../exporters/flushed.js';
import { runTracer } from '../runs/runTracer.js';
import { storedLine } from '../runs/StoredRun.js';
import type { TracedRun } from '../runs/TracedRun.js';
import { TraceFile } from './TraceFile.js';

/**
 * Writes runs to a file, as NDJSON: a line a run, in batches and in the background, through a bounded queue. A run that takes longer
 * than a batch waits has a line when it begins and another when it ends, so that after a crash one sees what was going on. What waits
 * is written when the process ends, also by an uncaught error. `rivulet trace FILE` draws it, `readTrace` reads it. In Node only.
 *
 * *Timing*: `scheduler`. *Errors*: none; what can't be written is dropped, counted and reported.
 *
 * @throws RivuletError `INVALID_OPTION`; the file system's error, if the file can't be written
 *
 * @example
 * ```ts
 * import { lambda } from 'rivulet';
 * import { fileTracer } from 'rivulet/tracing';
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 *
 * const tracer = fileTracer(join(mkdtempSync(join(tmpdir(), 'traces-')), 'runs.ndjson'));
 * await lambda((n: number) => n + 1, 'add').invoke(1, { tracer });
 * await tracer.flush();
 * ```
 */
export function fileTracer(path: string, limits: ExportLimits = {}): ExportingTracer {
  return new WritingTracer(new TraceFile(path), limits);
}

class WritingTracer implements ExportingTracer {
  readonly name = 'fileTracer';
  private readonly queue: ExportQueue<string>;
  private readonly tracer = runTracer({ start: (run) => this.begin(run), end: (run) => this.end(run) });
  private readonly begun = new Map<string, Parcel<string>>();
  private listens = false;

  constructor(
    private readonly file: TraceFile,
    limits: ExportLimits,
  ) {
    this.queue = new ExportQueue({ name: this.name, send: (lines) => file.append(lines).pipe(tap({ complete: () => this.written(lines.length) })), sizeOf: (line) => line.length, ...limits });
  }

  get dropped(): number {
    return this.queue.dropped;
  }

  next(event: RunEvent): void {
    this.tracer.next(event);
  }

  flush(): Promise<void> {
    return flushed(this.queue);
  }

  private begin(run: TracedRun): void {
    this.begun.set(run.id, this.queue.push(storedLine(run)));
    this.listen();
  }

  private end(run: TracedRun): void {
    const first = this.begun.get(run.id);
    this.begun.delete(run.id);
    if (!first) return;
    const line = (): string => storedLine(run);
    this.queue.amend(first, line, line);
    this.listen();
  }

  /** While there is something to write. */
  private listen(): void {
    if (!this.listens) process.on('exit', this.leave);
    this.listens = true;
  }

  private written(count: number): void {
    if (this.queue.size > count) return;
    process.off('exit', this.leave);
    this.listens = false;
  }

  private readonly leave = (): void => {
    const { unsent } = this.queue;
    try {
      if (unsent.length > 0) this.file.appendNow(unsent);
    } catch (error) {
      platform.warn(`${this.name} could not write ${unsent.length} runs as the process ended: ${String(error)}`);
    }
  };
}
