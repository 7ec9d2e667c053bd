import { platform } from '../core/bridge/platform.js';

/**
 * The value, which in development can't be changed any more, to the bottom: plain objects and arrays, as far as they aren't frozen
 * already. What is of a class is left alone, so are buffers, and in production everything.
 */
export function frozen<T>(value: T): T {
  if (platform.development) freezeAll(value);
  return value;
}

/** The same for a value whose parts are frozen already. */
export function frozenOutside<T>(value: T): T {
  return platform.development && isPlain(value) ? Object.freeze(value) : value;
}

/** With a list of its own in place of the stack: a value may be nested deeper than that goes. */
function freezeAll(value: unknown): void {
  const found: object[] = [];
  const take = (part: unknown): void => {
    if (isPlain(part) && !Object.isFrozen(part)) found.push(Object.freeze(part));
  };
  take(value);
  for (let part = found.pop(); part; part = found.pop()) {
    if (Array.isArray(part)) part.forEach(take);
    else for (const { value } of Object.values(Object.getOwnPropertyDescriptors(part))) take(value); // no getter is called
  }
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
