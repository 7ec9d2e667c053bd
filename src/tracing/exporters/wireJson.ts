/** Says a value in JSON's terms; what it doesn't know it returns as it is. */
export type Plain = (value: unknown) => unknown;

/**
 * A value as JSON, whatever it is: errors keep their message, maps and sets their items, and a cycle is cut. What can't be read
 * at all says so: a trace must not break the run that it shows.
 */
export function wireJson(value: unknown, plain: Plain = plainOf): string {
  try {
    return JSON.stringify(value, (_key, item: unknown) => plain(item)) ?? 'null';
  } catch {
    return acyclicJson(value, plain);
  }
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
  const cut = function (this: unknown, _key: string, given: unknown): unknown {
    const said = plain(given);
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
