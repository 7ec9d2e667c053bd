const TRACE_ID = /^[\da-f]{32}$/;
const SPAN_ID = /^[\da-f]{16}$/;

/** A trace's id for OpenTelemetry: the 16 bytes of its UUID. */
export function traceIdOf(id: string): string {
  const hex = id.replaceAll('-', '').toLowerCase();
  return TRACE_ID.test(hex) ? hex : digestOf(id);
}

/** A run's id for OpenTelemetry: the last 8 bytes of its UUID, which are the random ones. A caller's span has such an id already. */
export function spanIdOf(id: string): string {
  return SPAN_ID.test(id) ? id : traceIdOf(id).slice(16);
}

/** 16 bytes for an id that the program made in its own way: FNV-1a with four offsets. */
function digestOf(id: string): string {
  return [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b].map((offset) => fnv1a(id, offset).toString(16).padStart(8, '0')).join('');
}

function fnv1a(text: string, offset: number): number {
  let hash = offset;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
