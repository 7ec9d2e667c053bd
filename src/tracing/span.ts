import type { SpanKind } from '../core/events/RunEvent.js';
import { flow, type Flow } from '../core/flow/flow.js';

/**
 * Makes each run of a flow a span: whoever traces sees it as a run of its own, with its input, its result, how long it took and how
 * it ended. With no tracer in the context it is the flow, subscribed to with the very subscriber that was given.
 *
 * ```text
 * -a-----|
 * span('double', 'tool', lambda((n) => timer(3).pipe(map(() => n * 2))))
 * ----b--|   begins at 1, with a; ends at 7, with b
 * ```
 *
 * @param kind one of the field's usual kinds of run. Default: a chain
 *
 * @example
 * ```ts
 * import { lambda } from 'rivulet';
 * import { memoryTracer, span } from 'rivulet/tracing';
 *
 * const search = span('search', 'retriever', lambda((query: string) => [`about ${query}`]));
 * const tracer = memoryTracer();
 * await search.invoke('rain', { tracer });
 * tracer.runs[0]?.kind; // 'retriever'
 * ```
 */
export function span<I, O, R>(name: string, kind: SpanKind, target: Flow<I, O, R>): Flow<I, O, R> {
  return flow<I, O, R>(name, target, { fold: target.fold, kind });
}
