import { wireJson } from '../exporters/wireJson.js';

/** A value as JSON has it, also one that JSON knows nothing of. */
export function jsonValue(value: unknown): unknown {
  return typeof value === 'string' ? value : (JSON.parse(wireJson(value)) as unknown);
}
