import { createTraceState, SpanKind, SpanStatusCode, TraceFlags, type HrTime, type SpanContext, type SpanStatus } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace-base';
import { spanIdOf, traceIdOf } from '../../distributed/spanIds.js';
import type { TracedRun } from '../../runs/TracedRun.js';
import { wireJson } from '../wireJson.js';
import { errorMessage, errorType, exceptionAttributes } from './exceptionOf.js';
import { genAiAttributes, isModelCall, spanName } from './genAiAttributes.js';
import { langsmithAttributes } from './langsmithAttributes.js';
import { openInferenceAttributes } from './openInferenceAttributes.js';

const SCOPE = { name: 'rivulet' };

/**
 * A run that has ended, as OpenTelemetry's exporters take it.
 *
 * @param content whether to tell what was said
 */
export function readableSpan(run: TracedRun, resource: Resource, content: boolean): ReadableSpan {
  const { parentId, startTime, endTime = startTime, error } = run;
  const context = spanContext(run, run.id);
  return {
    name: spanName(run),
    kind: isModelCall(run) ? SpanKind.CLIENT : SpanKind.INTERNAL,
    spanContext: () => context,
    ...(parentId !== undefined && { parentSpanContext: parentContext(run, parentId) }),
    startTime: hrTime(startTime),
    endTime: hrTime(endTime),
    duration: hrTime(endTime - startTime),
    ended: true,
    status: statusOf(run),
    attributes: {
      ...genAiAttributes(run, content),
      ...openInferenceAttributes(run, content),
      ...langsmithAttributes(run, content),
      ...(error !== undefined && { 'error.type': errorType(error) }),
    },
    events: eventsOf(run, content),
    links: [],
    resource,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** @param runId its own, or its parent's */
function spanContext({ traceId, remote }: TracedRun, runId: string): SpanContext {
  const traceState = remote?.traceState;
  return { traceId: traceIdOf(traceId), spanId: spanIdOf(runId), traceFlags: TraceFlags.SAMPLED, ...(traceState !== undefined && { traceState: createTraceState(traceState) }) };
}

/** The first run here that has a parent has it in another process, which may not record it. */
function parentContext(run: TracedRun, parentId: string): SpanContext {
  const context = spanContext(run, parentId);
  if (run.executionOrder > 1) return { ...context, isRemote: false };
  return { ...context, isRemote: true, traceFlags: run.remote?.isSampled === false ? TraceFlags.NONE : TraceFlags.SAMPLED };
}

/** Seconds and nanoseconds. */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}

/** One that was left, or waits for an answer, neither succeeded nor failed. */
function statusOf({ status, error }: TracedRun): SpanStatus {
  if (status === 'error') return { code: SpanStatusCode.ERROR, message: errorMessage(error) };
  return { code: status === 'ok' ? SpanStatusCode.OK : SpanStatusCode.UNSET };
}

/** `new_token` is what LangSmith calls the first token's event. */
function eventsOf({ events, firstTokenTime, error, startTime, endTime = startTime }: TracedRun, content: boolean): TimedEvent[] {
  return [
    ...(firstTokenTime === undefined ? [] : [{ name: 'new_token', time: hrTime(firstTokenTime) }]),
    ...events.map(({ name, time, data }) => ({ name, time: hrTime(time), ...(content && data !== undefined && { attributes: { data: wireJson(data) } }) })),
    ...(error === undefined ? [] : [{ name: 'exception', time: hrTime(endTime), attributes: exceptionAttributes(error) }]),
  ];
}
