import type { Attributes } from '@opentelemetry/api';
import { getNumberFromEnv } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** How long the texts in attributes may be, as the environment has it. Source: the span limits of OpenTelemetry's SDK specification. */
export function lengthLimit(): number {
  const limit = getNumberFromEnv('OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT') ?? getNumberFromEnv('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT') ?? Infinity;
  return limit > 0 ? limit : Infinity;
}

/** A span in whose attributes, and those of its events, texts are cut off after `limit` characters. */
export function limitedSpan(span: ReadableSpan, limit: number): ReadableSpan {
  if (limit === Infinity) return span;
  const events = span.events.map(({ attributes, ...event }) => ({ ...event, ...(attributes && { attributes: limited(attributes, limit) }) }));
  return { ...span, attributes: limited(span.attributes, limit), events };
}

function limited(attributes: Attributes, limit: number): Attributes {
  const cut = (value: unknown): unknown => (typeof value === 'string' ? value.slice(0, limit) : Array.isArray(value) ? value.map(cut) : value);
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, cut(value)])) as Attributes;
}
