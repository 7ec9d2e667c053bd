import { requireCount, requireMs } from '../../core/errors/optionChecks.js';
import type { PruneOptions } from './Checkpointer.js';

/** Throws `INVALID_OPTION` for options that can't be meant; says whether there is anything to remove by them. */
export function checkPrune({ keepLast, maxAgeMs }: PruneOptions): boolean {
  if (keepLast !== undefined) requireCount('keepLast', keepLast, { min: 0 });
  if (maxAgeMs !== undefined) requireMs('maxAgeMs', maxAgeMs);
  return keepLast !== undefined || maxAgeMs !== undefined;
}
