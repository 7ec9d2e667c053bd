import type { RemoteRun } from '../../core/trace/RemoteRun.js';
import { passableTraceState } from './passableTraceState.js';
import { runInDottedOrder } from './runInDottedOrder.js';
import { spanIdOf } from './spanIds.js';

/** The headers of a request: a `Headers`, Node's, or any others by name. */
export type IncomingHeaders = { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Longer headers aren't read. */
const MAX_HEADER = 8192;

/**
 * The run that a request comes from, to be the `parent` of the run that serves it. Headers that say nothing of the kind, or that
 * nobody's client would send, are as none; so are parts of the baggage that can't be read. What is in them is the caller's word:
 * give them no weight that a stranger's may not have.
 *
 * @example
 * ```ts
 * import { lambda } from 'rivulet';
 * import { memoryTracer, remoteParent } from 'rivulet/tracing';
 *
 * const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
 * const tracer = memoryTracer();
 * await lambda((n: number) => n + 1).invoke(1, { parent: remoteParent(headers), tracer });
 * tracer.runs[0]?.parentId; // 'b7ad6b7169203331'
 * ```
 */
export function remoteParent(headers: IncomingHeaders): RemoteRun | undefined {
  const run = fromBoth(runInDottedOrder(headerOf(headers, 'langsmith-trace')), fromTraceparent(headerOf(headers, 'traceparent'), headerOf(headers, 'tracestate', ',')));
  return run && { ...run, ...fromBaggage(headerOf(headers, 'baggage', ',')) };
}

/** @param separator between those of several headers; without one there may be but one */
function headerOf(headers: IncomingHeaders, name: string, separator?: string): string {
  const value = typeof headers['get'] === 'function' ? headers.get(name) : valueIn(headers as Readonly<Record<string, unknown>>, name);
  const one: unknown = Array.isArray(value) && (separator || value.length === 1) ? value.join(separator) : value;
  return typeof one === 'string' && one.length <= MAX_HEADER ? one.trim() : '';
}

/** Node's are in lower case; a gateway's event may have them in any. */
function valueIn(headers: Readonly<Record<string, unknown>>, name: string): unknown {
  return headers[name] ?? headers[Object.keys(headers).find((key) => key.toLowerCase() === name) ?? name];
}

/**
 * LangSmith's header says more of a run, but its trace begins where its tree does: that of a run which is told by both began earlier, if
 * its caller knew nothing of LangSmith.
 */
function fromBoth(langsmith: RemoteRun | undefined, w3c: RemoteRun | undefined): RemoteRun | undefined {
  if (!langsmith || !w3c) return langsmith ?? w3c;
  return spanIdOf(langsmith.runId) === w3c.runId ? { ...w3c, ...langsmith, traceId: w3c.traceId } : langsmith;
}

/** W3C Trace Context, level 2: versions to come may say more after the flags. */
function fromTraceparent(traceparent: string, tracestate: string): RemoteRun | undefined {
  const [, version, trace = '', runId = '', flags = '', rest] = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(traceparent) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(trace) || /^0+$/.test(runId)) return undefined;
  const traceState = passableTraceState(tracestate);
  return { runId, traceId: trace.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'), isSampled: parseInt(flags, 16) % 2 === 1, ...(traceState !== undefined && { traceState }) };
}

function fromBaggage(baggage: string): Pick<RemoteRun, 'metadata' | 'tags' | 'project'> {
  const values = new Map(baggage.split(',').map(memberOf));
  const tags = values.get('langsmith-tags');
  const project = values.get('langsmith-project');
  const metadata = objectIn(values.get('langsmith-metadata'));
  return { ...(metadata && { metadata }), ...(tags && { tags: tags.split(',').filter((tag) => tag !== '') }), ...(project && { project }) };
}

/** `key=value;properties`, the value in percent codes. */
function memberOf(member: string): readonly [string, string] {
  const [, key = '', value = ''] = /^\s*([^=;\s]+)\s*=\s*([^;\s]*)/.exec(member) ?? [];
  try {
    return [key, decodeURIComponent(value)];
  } catch {
    return [key, ''];
  }
}

function objectIn(json: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json ?? 'null');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
