import { foldOfValue, type Fold, type Folding } from './fold.js';

/** The first chunk says how the run folds, if it describes itself; else it folds as `otherwise` says. */
export function describedFold<O, R>(otherwise: Fold<O>): Fold<O, R> {
  return { kind: `described or ${otherwise.kind}`, start: () => new DescribedFolding(otherwise as Fold<unknown>) as unknown as Folding<O, R> };
}

class DescribedFolding implements Folding<unknown, unknown> {
  private folding: Folding<unknown, unknown> | undefined;

  constructor(private readonly otherwise: Fold<unknown>) {}

  add(chunk: unknown): void {
    this.folding ??= (foldOfValue(chunk) ?? this.otherwise).start();
    this.folding.add(chunk);
  }

  result(): unknown {
    return (this.folding ?? this.otherwise.start()).result();
  }
}
