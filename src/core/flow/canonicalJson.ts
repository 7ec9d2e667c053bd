import { RivuletError } from '../errors/RivuletError.js';

/** Deeper values are refused rather than followed to the end of the stack. */
const MAX_DEPTH = 500;

/**
 * A value as JSON that is the same for equal values: keys in order, no white space (RFC 8785).
 *
 * @throws RivuletError `INVALID_OPTION` for what isn't JSON: functions, dates, cycles, numbers that aren't finite …
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value !== 'object' || depth > MAX_DEPTH) throw notJson(value, depth);
  if (Array.isArray(value)) return `[${Array.from(value, (item) => canonicalJson(item, depth + 1)).join(',')}]`;
  if (!isPlain(value)) throw notJson(value, depth);
  const fields = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key], depth + 1)}`);
  return `{${fields.join(',')}}`;
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null; // Object.prototype, also another realm's
}

function notJson(value: unknown, depth: number): RivuletError {
  const what = depth > MAX_DEPTH ? `a value nested more than ${MAX_DEPTH} deep` : `${typeof value === 'object' ? (value?.constructor.name ?? 'an object') : typeof value}`;
  return new RivuletError('INVALID_OPTION', `an input with ${what} in it has no JSON to be its cache key. Give the cache a key of its own: { key: (input) => … }`);
}
