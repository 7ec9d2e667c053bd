import type { Tracer } from '../core/trace/tracer.js';

/**
 * What stands between runs and a tracer, and changes or leaves out what it is told: `redact()(tracer)`. Several are composed by rxjs
 * `pipe`, the last of which hears the runs first: `pipe(redact(), sample(0.1))(tracer)` samples, and then redacts what is left.
 */
export type TracerOperator = (tracer: Tracer) => Tracer;
