const MAX_CHARS = 300;

/** A value in one short line of an error message. */
export function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : value instanceof Error ? `${value.name}: ${value.message}` : asJson(value);
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text;
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value); // cyclic, or a bigint
  }
}
