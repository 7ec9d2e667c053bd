import { describe, expect, test } from '@jest/globals';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import { isModelError, ModelError } from './ModelError.js';
import { modelErrorFrom } from './modelErrorFrom.js';

const headers = (fields: Record<string, string>): { get(name: string): string | null } => ({ get: (name) => fields[name] ?? null });
const from = (fields: Partial<Parameters<typeof modelErrorFrom>[0]>): ModelError => modelErrorFrom({ provider: 'acme', message: 'it said', ...fields });

describe('modelErrorFrom', () => {
  test('says what happened in the provider\'s words, then what to do', () => {
    const { message } = from({ status: 429, headers: headers({ 'retry-after': '2' }) });
    expect(message).toBe('MODEL_RATE_LIMIT: acme limits the rate of requests (HTTP 429): it said. Wait 2000 ms, as withRetry does (docs/errors/MODEL_RATE_LIMIT.md)');
  });

  test('believes the name before the status', () => {
    expect(from({ status: 400, names: ['context_length_exceeded'] }).code).toBe('MODEL_CONTEXT_LENGTH');
    expect(from({ status: 400, names: [null, 'overloaded_error'] }).code).toBe('MODEL_OVERLOADED');
    expect(from({ status: 400, names: ['authentication_error'] })).toMatchObject({ code: 'MODEL_AUTH', retryable: false });
  });

  test.each([
    [408, true],
    [409, true],
    [425, true],
    [429, true],
    [500, true],
    [529, true],
    [400, false],
    [401, false],
    [404, false],
    [413, false],
  ])('status %i: retryable is %s', (status, retryable) => {
    expect(from({ status }).retryable).toBe(retryable);
  });

  test('no connection, and a failure in the middle of an answer, may pass', () => {
    expect(from({ network: true })).toMatchObject({ code: 'MODEL_NETWORK', retryable: true });
    expect(from({})).toMatchObject({ code: 'MODEL_OVERLOADED', retryable: true });
  });

  test.each([
    [{ 'retry-after-ms': '20', 'retry-after': '1' }, 20],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:09 GMT', date: 'Thu, 01 Jan 1970 00:00:04 GMT' }, 5000],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:09 GMT' }, 8000],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
    [{ 'retry-after': '-1' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{}, undefined],
  ])('reads %j as a wait of %s ms', (fields, retryAfterMs) => {
    expect(from({ status: 429, headers: headers(fields), now: 1000 }).retryAfterMs).toBe(retryAfterMs);
  });

  test('keeps the cause and the id of the request', () => {
    const cause = new Error('raw');
    expect(from({ status: 500, headers: headers({ 'request-id': 'r' }), cause })).toMatchObject({ cause, requestId: 'r', provider: 'acme', status: 500 });
  });
});

test('a ModelError is known as such, and as an error of its code', () => {
  const error = new ModelError('MODEL_AUTH', 'no', { provider: 'acme' });
  expect([isModelError(error), isRivuletError(error, 'MODEL_AUTH'), isModelError(new Error('x'))]).toEqual([true, true, false]);
});
