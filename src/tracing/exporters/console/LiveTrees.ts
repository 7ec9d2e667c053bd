import type { SchedulerLike, Subscription } from 'rxjs';
import { treeLines } from '../../drawing/treeLines.js';
import { OpenRuns } from '../../runs/OpenRuns.js';
import { treesOf } from '../../runs/RunTree.js';
import type { RunSink } from '../../runs/runTracer.js';
import type { TracedRun } from '../../runs/TracedRun.js';
import { unheld } from '../unheld.js';
import type { TraceOutput } from './TraceOutput.js';

export interface LiveTreesOptions {
  readonly color: boolean;
  readonly frameMs: number;
  readonly scheduler: SchedulerLike;
}

/** A trace that is going on. */
interface OpenTrace {
  readonly runs: TracedRun[];
  /** How many are not drawn, for there are too many. */
  omitted: number;
  open: number;
}

const MAX_RUNS = 1000;
/** What a terminal has at least. */
const ROWS = 24;

/** Draws the open traces at the end of a terminal, again and again; one that has ended stays there. */
export class LiveTrees implements RunSink {
  private readonly traces = new OpenRuns<OpenTrace>();
  /** How many lines will be drawn anew. */
  private drawn = 0;
  private timer: Subscription | undefined;

  constructor(
    private readonly out: TraceOutput,
    private readonly options: LiveTreesOptions,
  ) {}

  start(run: TracedRun): void {
    let trace = this.traces.get(run.traceId);
    if (!trace) this.traces.set(run.traceId, (trace = { runs: [], omitted: 0, open: 0 }));
    trace.open++;
    if (trace.runs.length < MAX_RUNS) trace.runs.push(run);
    else trace.omitted++;
    this.arm();
  }

  end(run: TracedRun): void {
    const trace = this.traces.get(run.traceId);
    if (!trace || --trace.open > 0) return;
    this.traces.delete(run.traceId);
    this.show([], this.linesOf(trace));
    if (this.traces.size === 0) this.timer?.unsubscribe();
  }

  /** Draws in a while, as long as something goes on. */
  private arm(): void {
    if (this.timer && !this.timer.closed) return;
    const { scheduler, frameMs } = this.options;
    this.timer = unheld(scheduler.schedule(() => this.draw(), frameMs));
  }

  private draw(): void {
    const { columns = Infinity, rows = ROWS } = this.out;
    const lines = [...this.traces.values()].flatMap((trace) => this.linesOf(trace, columns - 1));
    const above = lines.length - (rows - 1);
    this.show(above > 0 ? [`… ${above + 1} more`, ...lines.slice(above + 1)] : lines);
    this.timer = undefined;
    this.arm();
  }

  private linesOf({ runs, omitted }: OpenTrace, columns?: number): readonly string[] {
    const { color, scheduler } = this.options;
    const lines = treeLines(treesOf(runs), { color, columns, now: scheduler.now() });
    return omitted === 0 ? lines : [...lines, `… and ${omitted} more`];
  }

  /** @param kept lines that are never drawn anew, above the others */
  private show(lines: readonly string[], kept: readonly string[] = []): void {
    const erased = this.drawn === 0 ? '' : `\u001b[${this.drawn}F\u001b[J`;
    this.drawn = lines.length;
    this.out.write(erased + [...kept, ...lines].map((line) => `${line}\n`).join(''));
  }
}
