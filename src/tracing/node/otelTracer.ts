import type { ExportingTracer } from '../exporters/exportingTracer.js';
import { otelTracer as inBackground, type OtelTracerOptions } from '../exporters/otel/otelTracer.js';
import { flushOnExit } from './flushOnExit.js';

/**
 * Sends runs as spans to OpenTelemetry: by OTLP over HTTP, in protobuf, to a collector or to any backend that speaks it. Spans are told
 * in the words of the GenAI semantic conventions and of OpenInference; LangSmith's ids are there too. They are sent in batches, in the
 * background, through a bounded queue. Inputs are read when a run begins, and outputs when it ends, so that what becomes of them later
 * doesn't show in a trace. What is left is sent when the process ends: see `flushOnExit`.
 *
 * *Timing*: `scheduler`. *Errors*: none; what can't be sent is dropped, counted and reported.
 *
 * @throws RivuletError `INVALID_OPTION`
 */
export function otelTracer(options: OtelTracerOptions = {}): ExportingTracer {
  return flushOnExit(inBackground(options));
}
