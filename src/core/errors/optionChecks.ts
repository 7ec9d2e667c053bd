import { RivuletError } from './RivuletError.js';

/** Throws `INVALID_OPTION` at build time unless `value` is a whole number of at least `min` (or Infinity, where allowed). */
export function requireCount(name: string, value: number, { min = 1, infinite = false }: { min?: number; infinite?: boolean } = {}): number {
  if ((Number.isInteger(value) && value >= min) || (infinite && value === Infinity)) return value;
  throw new RivuletError('INVALID_OPTION', `${name} is ${String(value)}. It must be a whole number of at least ${min}${infinite ? ' or Infinity' : ''}`);
}

/** Throws `INVALID_OPTION` at build time unless `value` is a duration in milliseconds: finite, and not negative. */
export function requireMs(name: string, value: number): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw new RivuletError('INVALID_OPTION', `${name} is ${String(value)}. It must be a number of milliseconds, 0 or more`);
}

/** Throws `INVALID_OPTION` at build time unless `value` is finite and more than 0. */
export function requirePositive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new RivuletError('INVALID_OPTION', `${name} is ${String(value)}. It must be a finite number above 0`);
}

/** Throws `INVALID_OPTION` at build time unless `value` is one of `choices`. */
export function requireOneOf<T extends string>(name: string, value: T, choices: readonly T[]): T {
  if (choices.includes(value)) return value;
  throw new RivuletError('INVALID_OPTION', `${name} is ${JSON.stringify(value)}. It must be one of ${choices.map((choice) => `'${choice}'`).join(', ')}`);
}

/** Throws `INVALID_OPTION` at build time unless `value` lies between `min` and `max`. */
export function requireWithin(name: string, value: number, min: number, max: number): number {
  if (value >= min && value <= max) return value;
  throw new RivuletError('INVALID_OPTION', `${name} is ${String(value)}. It must lie between ${min} and ${max}`);
}
