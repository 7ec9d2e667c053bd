import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import root from 'otlp-definitions/build/src/generated/root.js';

/** A value as OTLP has it, made plain. */
export type Plain = string | number | boolean | readonly Plain[];

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly status: { readonly code: string; readonly message: string };
  readonly attributes: Readonly<Record<string, Plain>>;
  readonly events: readonly { readonly name: string; readonly ms: number; readonly attributes: Readonly<Record<string, Plain>> }[];
  readonly resource: Readonly<Record<string, Plain>>;
  readonly scope: string;
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface WireSpan {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly parentSpanId?: Uint8Array;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: unknown;
  readonly endTimeUnixNano: unknown;
  readonly status: { readonly code: number; readonly message: string };
  readonly attributes: readonly KeyValue[];
  readonly events: readonly { readonly name: string; readonly timeUnixNano: unknown; readonly attributes: readonly KeyValue[] }[];
}

interface WireRequest {
  readonly resourceSpans: readonly { readonly resource: { readonly attributes: readonly KeyValue[] }; readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly WireSpan[] }[] }[];
}

/** What is used of the definitions, which come without types of their own. */
interface Definitions {
  readonly collector: { readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: { decode(body: Uint8Array): WireRequest }; readonly ExportTraceServiceResponse: { encode(message: object): { finish(): Uint8Array } } } } };
  readonly trace: { readonly v1: { readonly Span: { readonly SpanKind: Readonly<Record<number, string>> }; readonly Status: { readonly StatusCode: Readonly<Record<number, string>> } } };
}

const { collector: services, trace } = (root as unknown as { readonly opentelemetry: { readonly proto: Definitions } }).opentelemetry.proto;
const { ExportTraceServiceRequest: Request, ExportTraceServiceResponse: Response } = services.trace.v1;

/** An OTLP/HTTP receiver on loopback, as a collector is one: it decodes what arrives by OpenTelemetry's own protobuf definitions. */
export class Collector {
  readonly spans: ReceivedSpan[] = [];
  readonly requests: { readonly path: string; readonly headers: Readonly<Record<string, string | string[] | undefined>> }[] = [];
  /** The answers to the next requests; after them all is well. */
  readonly refusals: { readonly status: number; readonly headers?: Readonly<Record<string, string>> }[] = [];

  /** What it takes in one request. */
  maxBytes = Infinity;

  /** Drops every connection. */
  down = false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Collector> {
    const server = createServer((request, response) => {
      if (collector.down) return void request.socket.destroy();
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        collector.requests.push({ path: request.url ?? '', headers: request.headers });
        const refusal = collector.refusals.shift();
        if (refusal) return response.writeHead(refusal.status, refusal.headers).end();
        const body = Buffer.concat(pieces);
        if (body.length > collector.maxBytes) return response.writeHead(413).end();
        collector.take(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
        return response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(Response.encode({}).finish());
      });
    });
    const collector = new Collector(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1/traces`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(body: Uint8Array): void {
    const { resourceSpans } = Request.decode(body);
    for (const { resource, scopeSpans } of resourceSpans) {
      for (const { scope, spans } of scopeSpans) this.spans.push(...spans.map((span) => received(span, plainAttributes(resource.attributes), scope.name)));
    }
  }
}

function received(span: WireSpan, resource: Readonly<Record<string, Plain>>, scope: string): ReceivedSpan {
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: hex(span.parentSpanId ?? new Uint8Array()),
    name: span.name,
    kind: trace.v1.Span.SpanKind[span.kind] ?? '',
    startMs: ms(span.startTimeUnixNano),
    endMs: ms(span.endTimeUnixNano),
    status: { code: trace.v1.Status.StatusCode[span.status.code] ?? '', message: span.status.message },
    attributes: plainAttributes(span.attributes),
    events: span.events.map(({ name, timeUnixNano, attributes }) => ({ name, ms: ms(timeUnixNano), attributes: plainAttributes(attributes) })),
    resource,
    scope,
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const ms = (nanos: unknown): number => Number(BigInt(String(nanos)) / 1000n) / 1000;
const plainAttributes = (attributes: readonly KeyValue[]): Readonly<Record<string, Plain>> => Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));

function plain({ stringValue, boolValue, intValue, doubleValue, arrayValue }: Readonly<Record<string, unknown>>): Plain {
  if (arrayValue) return (arrayValue as { readonly values: readonly Readonly<Record<string, unknown>>[] }).values.map(plain);
  if (typeof stringValue === 'string' || typeof boolValue === 'boolean') return (stringValue ?? boolValue) as Plain;
  return Number(doubleValue ?? String(intValue));
}
