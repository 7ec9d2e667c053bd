import { RivuletError } from '../../../core/errors/RivuletError.js';
import { keysOf } from '../../../core/events/jsonPointer.js';
import type { PatchOperation } from '../../../core/events/RunEvent.js';
import type { Fold, Folding } from '../../../core/flow/fold.js';
import { setMember } from './setMember.js';

/** Applies the patches that a growing value emits, which only add and replace: the result is the value. */
export const jsonPatchFold: Fold<readonly PatchOperation[], unknown> = { kind: 'patch', start: () => new PatchFolding() };

class PatchFolding implements Folding<readonly PatchOperation[], unknown> {
  private value: unknown = undefined;

  add(patch: readonly PatchOperation[]): void {
    for (const operation of patch) this.apply(operation);
  }

  result(): unknown {
    if (this.value !== undefined) return this.value;
    throw new RivuletError('EMPTY_RUN', 'the run completed without a patch. Give it a text with JSON in it');
  }

  /** What an operation brings is copied: it grows here, and belongs to whoever else reads the patch. */
  private apply({ op, path, value }: PatchOperation): void {
    const keys = keysOf(path);
    const last = keys.pop();
    if (last === undefined) {
      this.value = copied(value);
      return;
    }
    let container = this.value as object;
    for (const key of keys) container = (container as Record<string, object>)[key] as object;
    if (op === 'add' && Array.isArray(container)) container.splice(Number(last), 0, copied(value));
    else setMember(container, last, copied(value));
  }
}

/** Containers nest no deeper than the reader's `maxDepth`. */
function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copied);
  const copy = {};
  for (const key of Object.keys(value)) setMember(copy, key, copied((value as Record<string, unknown>)[key]));
  return copy;
}
