/** `rivulet/otel`: traces for OpenTelemetry. Needs its packages: `@opentelemetry/api core resources sdk-trace-base exporter-trace-otlp-proto`. */

export { otelTracer, type OtelTracerOptions } from './tracing/exporters/otel/otelTracer.js';
export type { ExportingTracer } from './tracing/exporters/exportingTracer.js';
