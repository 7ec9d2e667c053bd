/** `rivulet/otel` in Node: as `src/otel.ts`, with a tracer that sends what is left when the process ends. */

export { otelTracer } from './tracing/node/otelTracer.js';
export type { OtelTracerOptions } from './tracing/exporters/otel/otelTracer.js';
export type { ExportingTracer } from './tracing/exporters/exportingTracer.js';
