/**
 * Milliseconds to wait, as a server asks for: `retry-after-ms`, or `retry-after` in seconds or as a date (RFC 9110 §10.2.3), which
 * the server's own `date` makes relative.
 *
 * @param now for a date of a server that sends no `date`
 */
export function retryAfter(headers: { get(name: string): string | null }, now: number | undefined): number | undefined {
  const ms = amount(headers.get('retry-after-ms'));
  if (ms !== undefined) return ms;
  const value = headers.get('retry-after');
  const seconds = amount(value);
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  if (!value || !/[a-z]/i.test(value)) return undefined; // or Date.parse makes a year of it
  const sent = Date.parse(headers.get('date') ?? '');
  const waitMs = Date.parse(value) - (Number.isNaN(sent) ? (now ?? NaN) : sent);
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

function amount(text: string | null): number | undefined {
  return text !== null && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
