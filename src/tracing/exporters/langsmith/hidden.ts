import { wireJson, type Plain } from '../wireJson.js';

/** Whether not to tell something; or what to tell in its place, of what would be sent. */
export type Hide = boolean | ((value: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>);

/** What is told of a value. Where the function fails nothing is: it is there to keep secrets. */
export function hidden(hide: Hide, value: unknown, plain: Plain): unknown {
  if (typeof hide === 'boolean') return hide ? {} : value;
  try {
    return hide(JSON.parse(wireJson(value, plain)) as Readonly<Record<string, unknown>>);
  } catch {
    return { hidden: 'the function that hides it failed' };
  }
}
