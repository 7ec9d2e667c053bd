import type { RunEvent } from '../../core/events/RunEvent.js';
import { isRivuletError } from '../../core/errors/RivuletError.js';

/** An event as one line of NDJSON. */
export function eventLine(event: RunEvent): string {
  return `${JSON.stringify(event, (_key, value: unknown) => (value instanceof Error ? plain(value) : value))}\n`;
}

function plain(error: Error): object {
  return { name: error.name, ...(isRivuletError(error) && { code: error.code }), message: error.message };
}
