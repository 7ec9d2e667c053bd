import { isRivuletError, RivuletError } from '../../core/errors/RivuletError.js';
import { isModelError, ModelError } from '../../operators/models/ModelError.js';
import type { RecordedError } from './Cassette.js';

/** An error as a cassette keeps it: without its cause, which may hold a request with its key. */
export function recordedError(error: unknown): RecordedError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name } = error;
  if (!isRivuletError(error)) return { name, message: error.message };
  const plain = { name, code: error.code, message: error.message.replace(`${error.code}: `, '').replace(/ \(docs\/errors\/\w+\.md\)$/, '') };
  if (!isModelError(error)) return plain;
  const { provider, status, retryAfterMs, retryable } = error;
  return { ...plain, provider, retryable, ...(status !== undefined && { status }), ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** The error that was recorded. */
export function revivedError({ name, message, code, provider, ...more }: RecordedError): Error {
  if (code === undefined) return Object.defineProperty(new Error(message), 'name', { value: name });
  return provider === undefined ? new RivuletError(code, message) : new ModelError(code as ModelError['code'], message, { provider, ...more });
}
