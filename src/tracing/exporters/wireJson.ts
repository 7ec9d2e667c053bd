/** Says a value in JSON's terms; what it doesn't know it returns as it is. */
export type Plain = (value: unknown) => unknown;

/**
 * A value as JSON, whatever it is: errors keep their message, maps and sets their items, and a cycle is cut. What can't be read
 * at all says so: a trace must not break the run that it shows.
 */
export function wireJson(value: unknown, plain: Plain = plainOf): string {
  try {
    return JSON.stringify(value, replacing(plain)) ?? 'null';
  } catch {
    return acyclicJson(value, plain);
  }
}

type Replacer = (this: unknown, key: string, item: unknown) => unknown;

/** A Buffer would have said all its bytes before it is asked. */
function replacing(plain: Plain): Replacer {
  return function (key, item) {
    const given = (this as Readonly<Record<string, unknown>>)[key];
    return plain(ArrayBuffer.isView(given) ? given : item);
  };
}

/** Values that JSON knows nothing of. */
export function plainOf(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
    case 'symbol':
      return String(value);
    case 'function':
      return `[function ${value.name}]`;
    case 'object':
      return value === null || Array.isArray(value) ? value : plainObject(value);
    default:
      return value;
  }
}

function plainObject(value: object): unknown {
  if (value instanceof Error) return { ...value, name: value.name, message: value.message };
  if (value instanceof Map) return Object.fromEntries(value) as unknown;
  if (value instanceof Set) return [...(value as Set<unknown>)];
  if (value instanceof Float32Array || value instanceof Float64Array) return [...value];
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  return value;
}

function acyclicJson(value: unknown, plain: Plain): string {
  const above: { readonly given: unknown; readonly said: unknown }[] = [];
  const replaced = replacing(plain);
  const cut: Replacer = function (key, given) {
    const said = replaced.call(this, key, given);
    if (typeof said !== 'object' || said === null) return said;
    while (above.length > 0 && above[above.length - 1]?.said !== this) above.pop();
    if (above.some((item) => item.given === given)) return '[circular]';
    above.push({ given, said });
    return said;
  };
  try {
    return JSON.stringify(value, cut) ?? 'null';
  } catch (error) {
    return JSON.stringify(`[not readable: ${error instanceof Error ? error.message : String(error)}]`);
  }
}
