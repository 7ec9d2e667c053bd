import { CHECKPOINT_FORMAT, type CheckpointHead, type CheckpointMetadata } from './Checkpointer.js';
import { quotedId } from './quotedId.js';
import { StoredError } from './StoredError.js';
import { idOfKey } from './storedKey.js';

/** A row as a driver hands it out. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** Refuses a checkpoint that a newer version of the library wrote. Errors: `STORED_NEWER`. */
export function checkFormat(format: number, id: string): void {
  if (format > CHECKPOINT_FORMAT) throw new StoredError('STORED_NEWER', `checkpoint ${quotedId(id)} has format ${format}, and ${CHECKPOINT_FORMAT} is the newest known here`);
}

/** A checkpoint from its row in a database. Errors: `STORED_INVALID`, `STORED_NEWER`. */
export function storedHead(thread: string, namespace: string, row: StoredRow): CheckpointHead {
  const id = storedId(row, 'id');
  const format = storedNumber(row, 'format');
  checkFormat(format, id);
  return {
    thread,
    namespace,
    branch: storedId(row, 'branch'),
    format,
    id,
    parentId: row['parent_id'] === null ? undefined : storedId(row, 'parent_id'),
    step: storedNumber(row, 'step'),
    createdAt: storedNumber(row, 'created_at'),
    metadata: metadataOf(storedText(row, 'metadata'), id),
    body: storedText(row, 'body'),
  };
}

/** A column that holds text. Errors: `STORED_INVALID`. */
export function storedText(row: StoredRow, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new StoredError('STORED_INVALID', `a stored ${column} is ${value === null ? 'null' : typeof value}, not text`);
}

/** A column that holds an id. Errors: `STORED_INVALID`. */
export function storedId(row: StoredRow, column: string): string {
  const text = storedText(row, column);
  try {
    return idOfKey(text);
  } catch (cause) {
    throw new StoredError('STORED_INVALID', `a stored ${column} is no id`, cause);
  }
}

/** A column that holds a number. Errors: `STORED_INVALID`. */
export function storedNumber(row: StoredRow, column: string): number {
  const value = row[column];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new StoredError('STORED_INVALID', `a stored ${column} is ${value === null ? 'null' : typeof value}, not a number`);
}

function metadataOf(text: string, id: string): CheckpointMetadata {
  let metadata: unknown;
  try {
    metadata = JSON.parse(text);
  } catch (cause) {
    throw new StoredError('STORED_INVALID', `the metadata of checkpoint ${quotedId(id)} isn't JSON`, cause);
  }
  if (typeof metadata === 'object' && metadata !== null && 'source' in metadata) return metadata as CheckpointMetadata;
  throw new StoredError('STORED_INVALID', `the metadata of checkpoint ${quotedId(id)} isn't what a commit writes`);
}
