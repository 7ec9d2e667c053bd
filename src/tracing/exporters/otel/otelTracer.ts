import { context as otelContext, type Attributes } from '@opentelemetry/api';
import { ExportResultCode, suppressTracing, type ExportResult } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { Observable } from 'rxjs';
import { requireCount } from '../../../core/errors/optionChecks.js';
import { exportingTracer, type ExportingTracer } from '../exportingTracer.js';
import { ExportQueue, type ExportLimits } from '../ExportQueue.js';
import { GivenInputs } from '../GivenInputs.js';
import { lengthLimit, limitedSpan } from './limitedSpan.js';
import { otelResource } from './otelResource.js';
import { readableSpan } from './readableSpan.js';
import { spanBytes } from './spanBytes.js';

export interface OtelTracerOptions extends ExportLimits {
  /** Where traces go, as in `http://localhost:4318/v1/traces`. Default: what `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` or `OTEL_EXPORTER_OTLP_ENDPOINT` says, else a collector on this machine. */
  readonly url?: string;
  /** For every request: keys, for instance. Default: those of `OTEL_EXPORTER_OTLP_HEADERS`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The resource's `service.name`. Default: that of `OTEL_SERVICE_NAME`. */
  readonly serviceName?: string;
  /** What else the resource says of the program: its version, its environment. */
  readonly resource?: Attributes;
  /** Whether to tell what was said: inputs, outputs, messages, arguments, the data of events. Default true. */
  readonly content?: boolean;
  /** Longer texts are cut off, and are no JSON any more then. Default: `OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT`, or `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`, or none. */
  readonly attributeValueLengthLimit?: number;
  /** A batch is sent when it takes so many bytes. Default 4 MiB: collectors take 20 MiB in a request, and a character may be three bytes there. */
  readonly batchBytes?: number;
  /** Any exporter of OpenTelemetry's SDK, in place of OTLP over HTTP. */
  readonly exporter?: SpanExporter;
}

/**
 * Sends runs as spans to OpenTelemetry: by OTLP over HTTP, in protobuf, to a collector or to any backend that speaks it. Spans are told
 * in the words of the GenAI semantic conventions and of OpenInference; LangSmith's ids are there too. They are sent in batches, in the
 * background, through a bounded queue. Inputs are read when a run begins, and outputs when it ends, so that what becomes of them later
 * doesn't show in a trace.
 *
 * *Timing*: `scheduler`. *Errors*: none; what can't be sent is dropped, counted and reported.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts no-run
 * import { chain, chat, prompt, scripted, text } from 'rivulet';
 * import { otelTracer } from 'rivulet/otel';
 *
 * const tracer = otelTracer({ url: 'http://localhost:4318/v1/traces', serviceName: 'poet' });
 * const poem = chain(prompt('A verse about {topic}'), chat(scripted([{ reply: 'O sea!' }])), text());
 * await poem.invoke({ topic: 'the sea' }, { tracer });
 * await tracer.flush();
 * ```
 */
export function otelTracer(options: OtelTracerOptions = {}): ExportingTracer {
  const { url, headers, serviceName, resource: attributes = {}, content = true, attributeValueLengthLimit = lengthLimit(), exporter, batchBytes = 4 * 2 ** 20, ...limits } = options;
  const limit = requireCount('attributeValueLengthLimit', attributeValueLengthLimit, { infinite: true });
  const resource = otelResource(serviceName, attributes);
  const sender = exporter ?? new OTLPTraceExporter({ ...(url !== undefined && { url }), ...(headers && { headers: { ...headers } }) });
  const queue = new ExportQueue<ReadableSpan>({ name: 'otelTracer', send: (spans) => exported(sender, spans), sizeOf: spanBytes, batchBytes, ...limits });
  const given = new GivenInputs();
  return exportingTracer(queue, {
    start: (run) => content && given.keep(run),
    end: (run) => queue.push(limitedSpan(readableSpan(given.withInputs(run), resource, content), limit)),
  });
}

/** Untraced itself, lest an instrumented HTTP client tell of every batch. */
function exported(exporter: SpanExporter, spans: readonly ReadableSpan[]): Observable<never> {
  return new Observable<never>((subscriber) => {
    const ended = ({ code, error }: ExportResult): void => (code === ExportResultCode.SUCCESS ? subscriber.complete() : subscriber.error(failure(error)));
    otelContext.with(suppressTracing(otelContext.active()), () => exporter.export([...spans], ended));
  });
}

/** With its HTTP status where the retry policy looks for it. */
function failure(error: (Error & { readonly code?: unknown }) | undefined): Error {
  if (!error) return new Error('the exporter failed and did not say why');
  return typeof error.code === 'number' ? Object.assign(new Error(error.message || `HTTP ${error.code}`, { cause: error }), { status: error.code }) : error;
}
