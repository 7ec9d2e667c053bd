import { asyncScheduler } from 'rxjs';
import { requireMs } from '../../../core/errors/optionChecks.js';
import type { Tracer } from '../../../core/trace/tracer.js';
import { runTracer } from '../../runs/runTracer.js';
import { LiveTrees } from './LiveTrees.js';
import { RunLines } from './RunLines.js';
import type { ConsoleTracerOptions, TraceOutput } from './TraceOutput.js';

/** Draws runs as they go where that can be, and writes a line for each elsewhere. */
export function drawingTracer(out: TraceOutput, { color = out.isTTY === true, frameMs = 100, scheduler = asyncScheduler }: ConsoleTracerOptions): Tracer {
  requireMs('frameMs', frameMs);
  return runTracer(out.isTTY ? new LiveTrees(out, { color, frameMs, scheduler }) : new RunLines(out, color));
}
