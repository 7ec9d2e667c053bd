import { tap } from 'rxjs';
import { platform } from '../../core/bridge/platform.js';
import type { Parcel } from '../exporters/Backlog.js';
import { exportingTracer, type ExportingTracer } from '../exporters/exportingTracer.js';
import { ExportQueue, type ExportLimits } from '../exporters/ExportQueue.js';
import { GivenInputs } from '../exporters/GivenInputs.js';
import { heapBytes } from '../exporters/heapBytes.js';
import type { RunSink } from '../runs/runTracer.js';
import { storedLine } from '../runs/StoredRun.js';
import type { TracedRun } from '../runs/TracedRun.js';
import { TraceFile } from './TraceFile.js';

/**
 * Writes runs to a file, as NDJSON: a line a run, in batches and in the background, through a bounded queue. A run that takes longer
 * than a batch waits has a line when it begins and another when it ends, so that after a crash one sees what was going on. What waits
 * is written when the process ends, also by an uncaught error. Values are read when they are told, so that what becomes of them later
 * doesn't show in a trace. `rivulet trace FILE` draws it, `readTrace` reads it. In Node only.
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
  const lines = new StoredLines(new TraceFile(path), limits);
  return exportingTracer(lines.queue, lines);
}

class StoredLines implements RunSink {
  readonly queue: ExportQueue<string>;
  private readonly begun = new WeakMap<TracedRun, Parcel<string>>();
  private readonly given = new GivenInputs();
  private listens = false;

  constructor(
    private readonly file: TraceFile,
    limits: ExportLimits,
  ) {
    this.queue = new ExportQueue({ name: 'fileTracer', send: (lines) => file.append(lines).pipe(tap({ complete: () => this.written(lines.length) })), sizeOf: heapBytes, ...limits });
  }

  start(run: TracedRun): void {
    this.given.keep(run);
    this.begun.set(run, this.queue.push(storedLine(run)));
    this.listen();
  }

  end(run: TracedRun): void {
    const first = this.begun.get(run);
    if (!first) return;
    const line = (): string => storedLine(this.given.withInputs(run));
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
      platform.warn(`${this.queue.name} could not write ${unsent.length} runs as the process ended: ${String(error)}`);
    }
  };
}
