import { isOverwrite, overwrite } from './overwrite.js';
import { requireJson } from './requireJson.js';

const OVERWRITE = '$overwrite';
const LOOKS_LIKE_ONE = /^\$+overwrite$/;

/**
 * A write as JSON data: an `overwrite` becomes `{ "$overwrite": value }`, and data that looks like that gets a `$` more.
 *
 * @throws InvalidUpdateError `INVALID_UPDATE` for what isn't JSON, naming channel and path
 */
export function encodeWrite(write: unknown, channel: string): unknown {
  if (isOverwrite(write)) return { [OVERWRITE]: requireJson<unknown>(write.value, channel) };
  requireJson(write, channel);
  const key = onlyKey(write);
  return key === undefined ? write : { [`$${key}`]: (write as Record<string, unknown>)[key] };
}

/** The write that was encoded as this data. */
export function decodeWrite(data: unknown): unknown {
  const key = onlyKey(data);
  if (key === undefined) return data;
  const value = (data as Record<string, unknown>)[key];
  return key === OVERWRITE ? overwrite(value) : { [key.slice(1)]: value };
}

/** The one key of what looks like an encoded overwrite. */
function onlyKey(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const keys = Object.keys(data).filter((key) => (data as Record<string, unknown>)[key] !== undefined); // as JSON will have them
  return keys.length === 1 && LOOKS_LIKE_ONE.test(keys[0] as string) ? keys[0] : undefined;
}
