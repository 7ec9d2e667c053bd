import type { RunContext } from '../../core/context/RunContext.js';
import { wireJson } from '../exporters/wireJson.js';
import { dottedOrderOf } from './dottedOrderOf.js';
import { passableTraceState } from './passableTraceState.js';
import { runInDottedOrder } from './runInDottedOrder.js';
import { spanIdOf, traceIdOf } from './spanIds.js';

/** What proxies and servers let through in one header. */
const MAX_BAGGAGE = 8192;

/**
 * The headers by which a request to another process carries the run that makes it, so that what runs there is a part of it:
 * `langsmith-trace` and `baggage` as LangSmith's clients have them, `traceparent` of W3C Trace Context, with the `tracestate` of the run's
 * caller. Nothing, if nobody traces the run and it came from nowhere else. Ids that aren't UUIDs, which LangSmith doesn't take, are in
 * `traceparent` alone, as `otelTracer` tells them. Tags and metadata are in the headers, as far as there is room: send them to no stranger.
 *
 * @param run a callback's `run`
 *
 * @example
 * ```ts
 * import { lambda } from 'rivulet';
 * import { headersOf, memoryTracer } from 'rivulet/tracing';
 *
 * const ask = lambda((_: string, run) => headersOf(run)); // fetch(url, { headers: headersOf(run) })
 * const headers = await ask.invoke('hi', { tracer: memoryTracer(), tags: ['beta'] });
 * headers['baggage']; // 'langsmith-tags=beta'
 * ```
 */
export function headersOf(run: RunContext): Readonly<Record<string, string>> {
  const traceparent = traceparentOf(run);
  if (traceparent === undefined) return {};
  const traceState = passableTraceState(run.remote?.traceState ?? '');
  const order = dottedOrderOf(run);
  const baggage = baggageOf(run);
  return {
    ...(order !== undefined && runInDottedOrder(order) && { 'langsmith-trace': order }),
    traceparent,
    ...(traceState !== undefined && { tracestate: traceState }),
    ...(baggage !== '' && { baggage }),
  };
}

/** Its flag says whether who is named in it may have been recorded: a run here is, if it is watched; of a caller that is passed on, its own word holds. */
function traceparentOf(run: RunContext): string | undefined {
  const runId = watchedId(run);
  return runId === undefined ? undefined : `00-${traceIdOf(run.traceId)}-${spanIdOf(runId)}-${run.hub || run.remote?.isSampled ? '01' : '00'}`;
}

/** The nearest run that is watched, here or where it came from. */
function watchedId({ place, runId, parent, remote }: RunContext): string | undefined {
  if (place) return runId;
  return parent ? watchedId(parent) : remote?.runId;
}

/** If it is too long together, without the longest. */
function baggageOf({ metadata, tags, remote }: RunContext): string {
  const items = {
    'langsmith-metadata': Object.keys(metadata).length > 0 ? wireJson(metadata) : '',
    'langsmith-tags': tags.join(','),
    'langsmith-project': remote?.project ?? '',
  };
  const members = Object.entries(items).flatMap(([key, value]) => (value === '' ? [] : [`${key}=${encodeURIComponent(wellFormed(value))}`]));
  while (members.join(',').length > MAX_BAGGAGE) members.splice(members.indexOf(longestOf(members)), 1);
  return members.join(',');
}

const longestOf = (members: readonly string[]): string => members.reduce((a, b) => (b.length > a.length ? b : a));

/** Half a surrogate pair has no percent code. */
const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd');
