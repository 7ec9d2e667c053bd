import { plainOf, wireJson } from './wireJson.js';

/** What lies deeper, as in a cycle it does, is copied by its JSON. */
const MAX_DEPTH = 200;

/**
 * A value as `wireJson` would say it now: what becomes of it later doesn't show. It shares texts with the value, and all that is
 * frozen through and through, so that it takes little room beside it.
 */
export function snapshotOf(value: unknown): unknown {
  try {
    return copyOf(value, '', 0);
  } catch {
    return JSON.parse(wireJson(value)) as unknown; // which cuts cycles, and says of what can't be read that it can't
  }
}

function copyOf(given: unknown, key: string, depth: number): unknown {
  if (typeof given === 'string') return given;
  const value = plainOf(saidBy(given, key));
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof String || value instanceof Number || value instanceof Boolean) return value.valueOf();
  if (depth === MAX_DEPTH) throw new RangeError(`deeper than ${MAX_DEPTH}`);
  if (Array.isArray(value)) return arrayOf(value, depth + 1);
  return recordOf(value as Readonly<Record<string, unknown>>, depth + 1);
}

/** Its `toJSON`, if it has one. A Buffer's would say all its bytes. */
function saidBy(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return 'toJSON' in value && typeof value.toJSON === 'function' ? (value.toJSON(key) as unknown) : value;
}

function arrayOf(items: readonly unknown[], depth: number): readonly unknown[] {
  const copy = Array.from(items, (item, index) => copyOf(item, `${index}`, depth));
  return Object.isFrozen(items) && copy.every((item, index) => Object.is(item, items[index])) ? items : copy;
}

function recordOf(record: Readonly<Record<string, unknown>>, depth: number): Readonly<Record<string, unknown>> {
  const entries = Object.keys(record).map((key) => [key, copyOf(record[key], key, depth)] as const);
  return Object.isFrozen(record) && entries.every(([key, item]) => Object.is(item, record[key])) ? record : Object.fromEntries(entries);
}
