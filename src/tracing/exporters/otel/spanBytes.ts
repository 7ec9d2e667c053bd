import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { heapBytes } from '../heapBytes.js';

/** Ids, times and numbers. */
const FRAME = 200;

/** What a span takes in memory and on the wire, about. */
export function spanBytes({ name, attributes, events }: ReadableSpan): number {
  return events.reduce((bytes, event) => bytes + FRAME + attributeBytes(event.attributes ?? {}), FRAME + heapBytes(name) + attributeBytes(attributes));
}

function attributeBytes(attributes: Attributes): number {
  let bytes = 0;
  for (const [key, value] of Object.entries(attributes)) bytes += key.length + (typeof value === 'string' ? heapBytes(value) : 16);
  return bytes;
}
