/** What a value takes besides its characters. */
const OVERHEAD = 16;

/** About how many characters a value holds: texts and bytes by their length, each part of it a little besides. It stops counting beyond `limit`. */
export function weightOf(value: unknown, limit: number): number {
  const left: object[] = [];
  let weight = ownWeight(value, left);
  if (left.length === 0) return weight; // as of a token
  const seen = new Set<unknown>([value]);
  for (let part = left.pop(); part && weight <= limit; part = left.pop()) {
    if (seen.has(part)) continue;
    seen.add(part);
    weight += ownWeight(part, left);
  }
  return weight;
}

/** @param nested gets the objects in it */
function ownWeight(value: unknown, nested: object[]): number {
  if (typeof value === 'string') return OVERHEAD + value.length;
  if (typeof value !== 'object' || value === null) return OVERHEAD;
  if (ArrayBuffer.isView(value)) return OVERHEAD + value.byteLength;
  let weight = OVERHEAD;
  for (const part of partsOf(value)) {
    if (typeof part === 'string') weight += OVERHEAD + part.length;
    else if (typeof part === 'object' && part !== null) nested.push(part);
    else weight += OVERHEAD;
  }
  return weight;
}

function partsOf(value: object): Iterable<unknown> {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)].flat();
  if (value instanceof Set) return value as Set<unknown>;
  try {
    return Object.values(value);
  } catch {
    return []; // a getter that throws
  }
}
