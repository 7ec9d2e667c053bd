import type { JsonReader } from './partialJson/JsonReader.js';

/** What may be spent on snapshots for each character read, and before any is read: see `snapshotCost`. */
const EARNED = 8;
const GRANTED = 2 ** 24;

/**
 * Emits the growing value as values that stay as they are: what is closed is shared by all of them, open containers are
 * copied. The copies are paid by the text: a large open array, which would make the work quadratic, is copied each time it
 * has grown by a fraction of itself, and every other value after each piece.
 *
 * @returns what to call after each piece: the reader, whether it changed, and how long the piece was
 */
export function pacedSnapshots(emit: (value: unknown) => void): (reader: JsonReader, changed: boolean, added: number) => void {
  let credit = GRANTED;
  let owed: JsonReader | undefined;
  return (reader, changed, added) => {
    credit += added * EARNED;
    if (changed) owed = reader;
    if (owed !== reader) return;
    const cost = reader.snapshotCost;
    if (cost > credit) return;
    owed = undefined;
    credit -= cost;
    emit(reader.snapshot());
  };
}
