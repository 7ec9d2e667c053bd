import { concatText, foldOfValue, last, type Fold, type Folding } from '../../core/flow/fold.js';
import type { WholeOf } from '../../core/flow/whole.js';

/**
 * How a tool's emissions make its result: strings concatenate; chunks that describe themselves, such as a model's, make
 * what they say; else the last is the result and those before it were progress. Nothing emitted is `undefined`.
 */
export function toolFold<O>(): Fold<O, WholeOf<O>> {
  return { kind: 'tool', start: () => new ToolFolding() as unknown as Folding<O, WholeOf<O>> };
}

class ToolFolding implements Folding<unknown, unknown> {
  private folding: Folding<unknown, unknown> | undefined;
  private allStrings = true;

  add(chunk: unknown): void {
    if (this.allStrings && typeof chunk !== 'string') {
      this.allStrings = false;
      this.folding = (foldOfValue(chunk) ?? last<unknown>()).start();
    }
    this.folding ??= (concatText as Fold<unknown, unknown>).start();
    this.folding.add(chunk);
  }

  result(): unknown {
    return this.folding?.result();
  }
}
