import type { Attributes } from '@opentelemetry/api';
import { isRivuletError } from '../../../core/errors/RivuletError.js';

/** What an error is called: its code where it is one of ours, else its class. */
export function errorType(error: unknown): string {
  if (isRivuletError(error)) return error.code;
  return error instanceof Error ? error.name : typeof error;
}

/** What an error says. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error as the attributes of an `exception` event. */
export function exceptionAttributes(error: unknown): Attributes {
  const stack = error instanceof Error ? error.stack : undefined;
  return { 'exception.type': errorType(error), 'exception.message': errorMessage(error), ...(stack !== undefined && { 'exception.stacktrace': stack }) };
}
