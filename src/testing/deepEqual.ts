/**
 * Whether two values have the same content: own enumerable properties, of which `undefined` counts as absent, whatever
 * the prototype; errors also by name and message. Values may be cyclic.
 */
export function deepEqual(a: unknown, b: unknown, seen = new Map<unknown, unknown>()): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return false;
  if (seen.get(a) === b) return true;
  seen.set(a, b);
  if (kind === 'Date' || kind === 'RegExp') return String(a) === String(b) && Object.is(Number(a), Number(b));
  if (kind === 'Error' && ((a as Error).name !== (b as Error).name || (a as Error).message !== (b as Error).message)) return false;
  if (kind === 'Map' || kind === 'Set') return deepEqual([...(a as Iterable<unknown>)], [...(b as Iterable<unknown>)], seen);
  if (Array.isArray(a) && a.length !== (b as readonly unknown[]).length) return false;
  return sameProperties(a as Fields, b as Fields, seen);
}

type Fields = Readonly<Record<string, unknown>>;

function sameProperties(a: Fields, b: Fields, seen: Map<unknown, unknown>): boolean {
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (!deepEqual(own(a, key), own(b, key), seen)) return false;
  }
  return true;
}

const own = (fields: Fields, key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined);

const kindOf = (value: object): string => (value instanceof Error ? 'Error' : Object.prototype.toString.call(value).slice(8, -1));
