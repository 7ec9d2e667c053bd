import { expect, test } from '@jest/globals';
import { RivuletError } from '../../../core/errors/RivuletError.js';
import { postgresError } from './postgresError.js';

test.each([
  ['53100', { code: 'STORE_FAILED', reason: 'full', transient: false }],
  ['40P01', { code: 'STORE_FAILED', reason: 'locked', transient: true }],
  ['57014', { code: 'STORE_FAILED', reason: 'timeout', transient: true }],
  ['57P01', { code: 'STORE_FAILED', reason: 'unreachable', transient: true }],
  ['08006', { code: 'STORE_FAILED', reason: 'unreachable' }],
  ['53300', { code: 'STORE_FAILED', reason: 'unreachable' }],
  ['ECONNREFUSED', { code: 'STORE_FAILED', reason: 'unreachable' }],
  ['XX001', { code: 'STORED_INVALID' }],
  ['RV002', { code: 'STORED_NEWER' }],
  ['42501', { code: 'STORE_FAILED', reason: 'other' }],
])('%s becomes an error of the port, with its cause', (code, expected) => {
  const cause = Object.assign(new Error('as the driver says'), { code });
  expect(postgresError(cause)).toMatchObject({ ...expected, cause });
});

test.each([
  ['Cannot use a pool after calling end on the pool', 'closed'],
  ['PGlite is closed', 'closed'],
  ['timeout exceeded when trying to connect', 'timeout'],
  ['Connection terminated unexpectedly', 'unreachable'],
  ['something else', 'other'],
])("a driver's error without a code is known by its words: %s", (message, reason) => {
  expect(postgresError(new Error(message))).toMatchObject({ code: 'STORE_FAILED', reason });
});

test('what was tried at several addresses is known by the first', () => {
  const first = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  expect(postgresError(new AggregateError([first]))).toMatchObject({ reason: 'unreachable' });
});

test("what isn't the driver's keeps its code, or is the cause", () => {
  const own = new RivuletError('LEASE_LOST', 'lost');
  expect(postgresError(own)).toBe(own);
  expect(postgresError(undefined)).toMatchObject({ code: 'STORE_FAILED', reason: 'other' });
});
