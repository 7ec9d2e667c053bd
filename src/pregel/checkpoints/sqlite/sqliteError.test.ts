import { expect, test } from '@jest/globals';
import { RivuletError } from '../../../core/errors/RivuletError.js';
import { sqliteError } from './sqliteError.js';

test.each([
  ['SQLITE_FULL', { code: 'STORE_FAILED', reason: 'full', transient: false }],
  ['SQLITE_BUSY_SNAPSHOT', { code: 'STORE_FAILED', reason: 'locked', transient: true }],
  ['SQLITE_IOERR_WRITE', { code: 'STORE_FAILED', reason: 'unreachable' }],
  ['SQLITE_READONLY_DBMOVED', { code: 'STORE_FAILED', reason: 'unreachable' }],
  ['SQLITE_CORRUPT_INDEX', { code: 'STORED_INVALID' }],
  ['SQLITE_NOTADB', { code: 'STORED_INVALID' }],
  ['SQLITE_ERROR', { code: 'STORE_FAILED', reason: 'other' }],
])('%s becomes an error of the port, with its cause', (code, expected) => {
  const cause = Object.assign(new Error('as the driver says'), { code });
  expect(sqliteError(cause)).toMatchObject({ ...expected, cause });
});

test("what isn't the driver's keeps its code, or is the cause", () => {
  const own = new RivuletError('LEASE_LOST', 'lost');
  expect(sqliteError(own)).toBe(own);
  expect(sqliteError('a string')).toMatchObject({ code: 'STORE_FAILED', reason: 'other', cause: 'a string' });
  expect(sqliteError(null)).toMatchObject({ code: 'STORE_FAILED', reason: 'other' });
});
