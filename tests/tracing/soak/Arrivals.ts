import type { ExportingTracer } from 'rivulet/tracing';
import { platform } from '../../../src/core/bridge/platform.js';
import type { Heap } from './Heap.js';
import type { Table } from './Table.js';
import { RUNS } from './work.js';

/** How a run arrived: whether with its end, and with an error. */
export interface Arrival {
  readonly ended: boolean;
  readonly failed: boolean;
}

const MAX_MIB = 64;
/** A batch of 8 MiB while it is sent: as one text, as bytes, and as what the receiver, which is in the same process, makes of them. */
const ALLOWANCE_MIB = 4 * 8;
/** What the receiver notes of 10,000 runs, and compiled code. */
const LEFT_MIB = 10;

/** What a tracer said that it dropped. */
export class Reports {
  dropped = 0;
  private readonly said = platform.warn;

  constructor() {
    platform.warn = (warning) => {
      this.dropped += Number(/ dropped (\d+) runs?:/.exec(warning)?.[1] ?? 0);
    };
  }

  end(): void {
    platform.warn = this.said;
  }
}

export interface Outcome {
  readonly tracer: ExportingTracer;
  readonly reports: Reports;
  /** By id. */
  readonly arrived: ReadonlyMap<string, Arrival>;
  readonly heap?: Heap;
}

/** What is promised, whatever happened on the way. */
export function judge(table: Table, title: string, { tracer, reports, arrived, heap }: Outcome): void {
  const ended = [...arrived.values()].filter((arrival) => arrival.ended);
  const failed = ended.filter((arrival) => arrival.failed).length;
  table.title(title);
  table.equal('runs that arrived whole, and those that were dropped', ended.length + tracer.dropped, RUNS);
  table.equal(`of ${tracer.dropped.toLocaleString('en')} dropped were reported`, reports.dropped, tracer.dropped);
  if (tracer.dropped === 0) table.equal('arrived with their error', failed, RUNS / 100);
  if (!heap) return;
  table.atMost('memory at the worst moment, above what there was', heap.worst, MAX_MIB + ALLOWANCE_MIB, 'MiB');
  table.atMost('memory afterwards', heap.look(), LEFT_MIB, 'MiB');
}
