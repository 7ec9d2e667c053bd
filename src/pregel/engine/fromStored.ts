import { RivuletError } from '../../core/errors/RivuletError.js';

/**
 * What was stored as JSON. Nothing is ever made of it but data.
 *
 * @param what it is, for the message
 * @throws RivuletError `STORED_INVALID` if it isn't JSON, or not of that shape
 */
export function fromStored<T>(json: string, what: string, isOne: (value: unknown) => value is T): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw damaged(`${what} isn't JSON`, cause);
  }
  if (isOne(value)) return value;
  throw damaged(`${what} isn't what the engine stores`);
}

/** An object with keys. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of strings. */
export function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function damaged(what: string, cause?: unknown): RivuletError {
  return new RivuletError('STORED_INVALID', `${what}. The store is damaged, or something else wrote to it: restore it from a backup`, { cause });
}
