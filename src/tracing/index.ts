// Spans
export { span } from './span.js';
export { traced, type TracedOptions } from './traced.js';

// Runs
export { runTracer, type RunSink } from './runs/runTracer.js';
export type { RunMoment, TracedRun, TracedStatus } from './runs/TracedRun.js';
export type { Tracer } from '../core/trace/tracer.js';

// Exporters
export { memoryTracer, type MemoryTracer, type MemoryTracerOptions, type RunTree } from './exporters/memoryTracer.js';
