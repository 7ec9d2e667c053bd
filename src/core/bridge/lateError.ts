import type { RunContext } from '../context/RunContext.js';
import { isRivuletError } from '../errors/RivuletError.js';

/** An error that arrives after its call ended is an event, unless it only echoes the cancellation. */
export function lateError(error: unknown, context: RunContext): void {
  const echo = (error instanceof Error && error.name === 'AbortError') || isRivuletError(error, 'CANCELLED');
  if (!echo) context.tell({ type: 'late_error', error });
}
