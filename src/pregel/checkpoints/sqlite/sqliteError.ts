import { isRivuletError } from '../../../core/errors/RivuletError.js';
import { StoredError } from '../StoredError.js';
import { StoreError, type StoreFailure } from '../StoreError.js';

const REASONS: readonly (readonly [RegExp, StoreFailure])[] = [
  [/^SQLITE_FULL/, 'full'],
  [/^SQLITE_(BUSY|LOCKED|PROTOCOL)/, 'locked'],
  [/^SQLITE_(CANTOPEN|PERM|READONLY|AUTH|IOERR)/, 'unreachable'],
];

/** What a driver threw, as an error of the port's. */
export function sqliteError(error: unknown): unknown {
  if (isRivuletError(error)) return error;
  const code = codeOf(error);
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return new StoredError('STORED_INVALID', 'the SQLite file is damaged, or none', error);
  return new StoreError(REASONS.find(([pattern]) => pattern.test(code))?.[1] ?? 'other', error);
}

/** Whether a statement was refused because a row of the same key is there. */
export function isDuplicate(error: unknown): boolean {
  return /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)/.test(codeOf(error));
}

// libsql has no code for a file it can't open.
function codeOf(error: unknown): string {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code === 'string' && code !== '') return code;
  return String(message).startsWith('ConnectionFailed') ? 'SQLITE_CANTOPEN' : '';
}
