import { requireCount } from '../../core/errors/optionChecks.js';
import type { RunEvent } from '../../core/events/RunEvent.js';
import type { Tracer } from '../../core/trace/tracer.js';
import { treesOf, type RunTree } from '../runs/RunTree.js';
import { runTracer } from '../runs/runTracer.js';
import type { TracedRun } from '../runs/TracedRun.js';

export interface MemoryTracerOptions {
  /** Of more runs the oldest are dropped, and counted. Default 10,000. */
  readonly maxRuns?: number;
}

/** A tracer that keeps what it sees. */
export interface MemoryTracer extends Tracer {
  /** In the order in which they began. */
  readonly runs: readonly TracedRun[];
  /** How many were dropped to make room. */
  readonly dropped: number;
  /** The runs as trees: those whose parent isn't here are roots. */
  trees(): readonly RunTree[];
  clear(): void;
}

/**
 * A tracer for programs that look at their own runs, and for tests.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { chain, lambda } from 'rivulet';
 * import { memoryTracer, span } from 'rivulet/tracing';
 *
 * const tracer = memoryTracer();
 * const add = span('add', 'tool', lambda((n: number) => n + 1));
 * await chain(add, add).invoke(1, { tracer });
 * tracer.runs.map(({ kind, inputs, outputs }) => [kind, inputs, outputs]); // [['chain', 1, 3], ['tool', 1, 2], ['tool', 2, 3]]
 * ```
 */
export function memoryTracer({ maxRuns = 10_000 }: MemoryTracerOptions = {}): MemoryTracer {
  return new KeepingTracer(requireCount('maxRuns', maxRuns));
}

class KeepingTracer implements MemoryTracer {
  readonly tokens = 'first';
  private ring: TracedRun[] = [];
  private begun = 0;
  private readonly tracer = runTracer({ start: (run) => this.keep(run), end: () => undefined });

  constructor(private readonly maxRuns: number) {}

  next(event: RunEvent): void {
    this.tracer.next(event);
  }

  get runs(): readonly TracedRun[] {
    const oldest = this.dropped % this.maxRuns;
    return [...this.ring.slice(oldest), ...this.ring.slice(0, oldest)];
  }

  get dropped(): number {
    return Math.max(0, this.begun - this.maxRuns);
  }

  trees(): readonly RunTree[] {
    return treesOf(this.runs);
  }

  clear(): void {
    this.ring = [];
    this.begun = 0;
  }

  private keep(run: TracedRun): void {
    this.ring[this.begun++ % this.maxRuns] = run;
  }
}
