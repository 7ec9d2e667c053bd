import { RivuletError } from '../errors/RivuletError.js';
import type { PatchOperation } from '../events/RunEvent.js';
import type { Fold, Folding } from '../flow/fold.js';
import { PatchedDocument } from './PatchedDocument.js';

/** Patches, applied in order: the result is the document that they make. The first one puts the whole of it. */
export const patchFold: Fold<readonly PatchOperation[], unknown> = { kind: 'patch', start: () => new PatchFolding() };

class PatchFolding implements Folding<readonly PatchOperation[], unknown> {
  private readonly document = new PatchedDocument(undefined);

  add(patch: readonly PatchOperation[]): void {
    for (const operation of patch) this.document.apply(operation);
  }

  result(): unknown {
    const { value } = this.document;
    if (value !== undefined) return value;
    throw new RivuletError('EMPTY_RUN', 'the run completed without a patch, and without one there is no document. Give it something to tell: a text with JSON in it, or events of a run');
  }
}
