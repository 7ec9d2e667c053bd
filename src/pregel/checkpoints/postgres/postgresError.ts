import { isRivuletError } from '../../../core/errors/RivuletError.js';
import { StoredError } from '../StoredError.js';
import { StoreError, type StoreFailure } from '../StoreError.js';

/** What the functions of the schema raise. */
export const RAISED = { invalid: 'RV001', newer: 'RV002' } as const;

const BY_CODE: readonly (readonly [RegExp, StoreFailure])[] = [
  [/^53100$/, 'full'],
  [/^(55P03|40001|40P01)$/, 'locked'],
  [/^57014$/, 'timeout'],
  [/^(08...|57P0.|53300|E(CONN.*|NOTFOUND|AI_AGAIN|TIMEDOUT|PIPE|HOSTUNREACH|NETUNREACH))$/, 'unreachable'],
];
// Drivers have no code for these.
const BY_MESSAGE: readonly (readonly [RegExp, StoreFailure])[] = [
  [/after calling end|is closed|was closed/i, 'closed'],
  [/timeout/i, 'timeout'],
  [/connection terminated|not queryable/i, 'unreachable'],
];

/** What a driver rejected with, as an error of the port's. */
export function postgresError(error: unknown): unknown {
  if (isRivuletError(error)) return error;
  const { code, message } = codeOf(error);
  if (code === RAISED.newer) return new StoredError('STORED_NEWER', message, error);
  if (code === RAISED.invalid || code.startsWith('XX00')) return new StoredError('STORED_INVALID', message, error);
  const reason = BY_CODE.find(([pattern]) => pattern.test(code)) ?? BY_MESSAGE.find(([pattern]) => pattern.test(message));
  return new StoreError(reason?.[1] ?? 'other', error);
}

/** Whether a commit was refused because its branch has a checkpoint of the same id. */
export function isDuplicateCheckpoint(error: unknown): boolean {
  const { code, constraint } = (error as { readonly cause?: unknown }).cause as { readonly code?: unknown; readonly constraint?: unknown } ?? {};
  return code === '23505' && constraint === 'checkpoint_id';
}

// What couldn't be reached at any of its addresses comes as an AggregateError.
function codeOf(error: unknown): { readonly code: string; readonly message: string } {
  const { code, message, errors } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown; readonly errors?: readonly unknown[] };
  if (typeof code === 'string') return { code, message: String(message) };
  return errors?.length ? codeOf(errors[0]) : { code: '', message: String(message) };
}
