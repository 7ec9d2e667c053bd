import { isRivuletError } from '../../core/errors/RivuletError.js';

/**
 * What a run contains, as JSON text. Errors, maps, sets, big integers and cycles, which JSON doesn't know, become what a reader
 * understands; bytes are counted.
 */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, item: unknown) => plain(item)) ?? 'null';
  } catch {
    return withoutCycles(value);
  }
}

/** It was a cycle, or something in it threw. */
function withoutCycles(value: unknown): string {
  const above: unknown[] = [];
  function acyclic(this: unknown, _key: string, item: unknown): unknown {
    while (above.length > 0 && above.at(-1) !== this) above.pop();
    if (above.includes(item)) return '[circular]';
    const shown = plain(item);
    if (typeof shown === 'object' && shown !== null) above.push(shown);
    return shown;
  }
  try {
    return JSON.stringify(value, acyclic) ?? 'null';
  } catch (error) {
    return JSON.stringify(`[not JSON: ${error instanceof Error ? error.message : String(error)}]`);
  }
}

function plain(item: unknown): unknown {
  if (typeof item === 'bigint') return String(item);
  if (typeof item !== 'object' || item === null) return item;
  if (item instanceof Error) return plainError(item);
  if (item instanceof Map) return [...item];
  if (item instanceof Set) return [...item];
  return ArrayBuffer.isView(item) || item instanceof ArrayBuffer ? `[${item.byteLength} bytes]` : item;
}

/** An error as plain data; its message says the code where it is one of ours. */
function plainError(error: Error): object {
  const { name, message, stack, cause } = error;
  return { name, ...(isRivuletError(error) && { code: error.code, path: error.path }), message, ...(stack !== undefined && { stack }), ...(cause !== undefined && { cause }) };
}
