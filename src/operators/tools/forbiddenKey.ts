import type { SchemaIssue } from './schema.js';

/**
 * Where `value` has a key of its own named `__proto__`: JSON can say it, and whoever copies it key by key changes a
 * prototype. Looks at all that JSON can say, without recursion: it may be deep.
 */
export function forbiddenKey(value: unknown): SchemaIssue | undefined {
  const open: Place[] = [{ value, above: undefined, key: '' }];
  const seen = new Set<unknown>();
  for (let place = open.pop(); place; place = open.pop()) {
    if (!isPlain(place.value) || seen.has(place.value)) continue;
    seen.add(place.value);
    if (Object.hasOwn(place.value, '__proto__')) return { path: [...pathOf(place), '__proto__'], message: "a key can't be named __proto__" };
    for (const [key, inner] of Object.entries(place.value)) open.push({ value: inner, above: place, key });
  }
  return undefined;
}

interface Place {
  readonly value: unknown;
  readonly above: Place | undefined;
  readonly key: string;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}

function pathOf(place: Place): readonly string[] {
  const path: string[] = [];
  for (let at: Place = place; at.above; at = at.above) path.push(at.key);
  return path.reverse();
}
