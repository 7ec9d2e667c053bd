import { oneLine } from '../../drawing/errorText.js';
import { runPieces } from '../../drawing/runPieces.js';
import { styledLine } from '../../drawing/styledLine.js';
import { OpenRuns } from '../../runs/OpenRuns.js';
import type { RunSink } from '../../runs/runTracer.js';
import type { TracedRun } from '../../runs/TracedRun.js';
import type { TraceOutput } from './TraceOutput.js';

/** Writes a line for each run that has ended, with the names of those that it was within. */
export class RunLines implements RunSink {
  /** Of open runs: what stands before the name of one within. */
  private readonly paths = new OpenRuns<string>();

  constructor(
    private readonly out: TraceOutput,
    private readonly color: boolean,
  ) {}

  start(run: TracedRun): void {
    this.paths.set(run.id, `${this.pathTo(run)}${oneLine(run.name)} > `);
  }

  end(run: TracedRun): void {
    this.paths.delete(run.id);
    const pieces = runPieces({ run, children: [] }, { isRoot: run.parentId === undefined, path: this.pathTo(run) });
    this.out.write(`${styledLine(pieces, this.color)}\n`);
  }

  private pathTo({ parentId }: TracedRun): string {
    return (parentId === undefined ? undefined : this.paths.get(parentId)) ?? '';
  }
}
