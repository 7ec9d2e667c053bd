import { textHash } from '../runs/textHash.js';

/** All zeros are no id. */
const TRACE_ID = /^(?!0+$)[\da-f]{32}$/;
const SPAN_ID = /^(?!0+$)[\da-f]{16}$/;

/** A trace's id for OpenTelemetry: the 16 bytes of its UUID. */
export function traceIdOf(id: string): string {
  const hex = id.replaceAll('-', '').toLowerCase();
  return TRACE_ID.test(hex) ? hex : digestOf(id);
}

/** A run's id for OpenTelemetry: the last 8 bytes of its UUID, which are the random ones. A caller's span has such an id already. */
export function spanIdOf(id: string): string {
  if (SPAN_ID.test(id)) return id;
  const end = traceIdOf(id).slice(16);
  return SPAN_ID.test(end) ? end : digestOf(id).slice(16);
}

/** 16 bytes for an id that the program made in its own way: the same in every process. */
function digestOf(id: string): string {
  return [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b].map((seed) => textHash(id, seed).toString(16).padStart(8, '0')).join('');
}
