import type { PatchOperation } from '../events/RunEvent.js';
import { PatchedDocument } from './PatchedDocument.js';

/**
 * A JSON document after a patch (RFC 6902). The given one stays as it is; what the patch doesn't touch is the same object in both, so that a
 * UI sees by `===` what there is to render again.
 *
 * @param document what the patches before it made; before the first, which puts a whole document, `undefined`
 * @throws RivuletError `PATCH_INVALID` for a patch that doesn't fit the document
 *
 * @example
 * ```ts
 * import { applyPatch } from 'rivulet';
 *
 * const before = { items: ['a'], other: { n: 1 } };
 * const after = applyPatch(before, [{ op: 'add', path: '/items/-', value: 'b' }]);
 * after.items; // ['a', 'b']
 * after.other === before.other; // true
 * ```
 */
export function applyPatch<T>(document: T | undefined, patch: readonly PatchOperation[]): T {
  if (patch.length === 0) return document as T;
  const patched = new PatchedDocument(document);
  for (const operation of patch) patched.apply(operation);
  return patched.value as T;
}
