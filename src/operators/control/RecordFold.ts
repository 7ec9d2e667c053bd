import { FOLD, foldOfValue, last, type Fold, type Folding } from '../../core/flow/fold.js';

const PARTS: unique symbol = Symbol.for('rivulet.recordParts') as never;
const ANEW: unique symbol = Symbol.for('rivulet.recordAnew') as never;

type AnyFold = Fold<unknown, unknown>;

/** Chunks of some values of a record on its way to `R`. It says itself how it folds, unseen by JSON and equality. */
export type RecordChunk<C, R> = { readonly [K in keyof C]?: C[K] } & { readonly [FOLD]: Fold<never, R> };

/** What whole chunks, such as a record's, are chunks of: said by `FOLD`, as `RecordChunk` has it. */
export type ChunkOfWhole<R> = { readonly [FOLD]: Fold<never, R> };

/** The value of `key` starts over with this chunk, and folds so. */
export interface Anew {
  readonly key: string;
  readonly fold: AnyFold;
}

export type Fields = Readonly<Record<string, unknown>>;
export type AnyRecordChunk = RecordChunk<Fields, unknown>;

/** How chunks of a record make it: each value by a fold of its own. */
export class RecordFold<R> implements Fold<AnyRecordChunk, R> {
  readonly kind = 'record';
  readonly [PARTS]: ReadonlyMap<string, AnyFold>;
  private readonly described = { [FOLD]: this };

  /** @param result makes the result of the values, in order */
  constructor(
    parts: Iterable<readonly [string, AnyFold]>,
    private readonly result: (entries: readonly (readonly [string, unknown])[]) => unknown = Object.fromEntries,
  ) {
    this[PARTS] = new Map(parts);
  }

  start(): Folding<AnyRecordChunk, R> {
    return new RecordFolding(this[PARTS], this.result) as Folding<AnyRecordChunk, R>;
  }

  /** A chunk of one value. */
  chunk(key: string, value: unknown): AnyRecordChunk {
    return { __proto__: this.described, [key]: value } as unknown as AnyRecordChunk;
  }

  /** A chunk of several values, or of none. */
  chunks(fields: Fields, anew?: Anew): AnyRecordChunk {
    return { __proto__: anew ? { ...this.described, [ANEW]: anew } : this.described, ...fields } as unknown as AnyRecordChunk;
  }
}

class RecordFolding implements Folding<AnyRecordChunk, unknown> {
  private readonly foldings = new Map<string, Folding<unknown, unknown>>();

  constructor(
    private readonly parts: ReadonlyMap<string, AnyFold>,
    private readonly make: (entries: readonly (readonly [string, unknown])[]) => unknown,
  ) {
    for (const [key, fold] of parts) this.foldings.set(key, fold.start());
  }

  add(chunk: AnyRecordChunk): void {
    const anew = anewOf(chunk);
    if (anew) this.foldings.set(anew.key, anew.fold.start());
    for (const key of Object.keys(chunk)) this.of(key).add(chunk[key]);
  }

  result(): unknown {
    return this.make([...this.foldings].map(([key, folding]) => [key, folding.result()] as const));
  }

  private of(key: string): Folding<unknown, unknown> {
    let folding = this.foldings.get(key);
    if (!folding) this.foldings.set(key, (folding = last<unknown>().start()));
    return folding;
  }
}

/** The fold of a chunk of a record; `undefined` for any other value. */
export function recordFoldOf(value: unknown): RecordFold<unknown> | undefined {
  const fold = foldOfValue(value);
  return fold && PARTS in fold ? (fold as unknown as RecordFold<unknown>) : undefined;
}

/** The folds of a record's values. */
export const partsOf = (fold: RecordFold<unknown>): ReadonlyMap<string, AnyFold> => fold[PARTS];

/** Which value starts over with a chunk, if one does. */
export const anewOf = (chunk: AnyRecordChunk): Anew | undefined => (chunk as { readonly [ANEW]?: Anew })[ANEW];
