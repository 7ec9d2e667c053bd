import type { RunContext } from '../context/RunContext.js';
import { isRivuletError } from '../errors/RivuletError.js';

/** An error that arrives after its call ended is an event, unless it only echoes the cancellation. */
export function lateError(error: unknown, context: RunContext): void {
  const echo = isRivuletError(error, 'CANCELLED') || (error as { readonly name?: unknown } | null | undefined)?.name === 'AbortError';
  if (!echo) context.tell({ type: 'late_error', error });
}
