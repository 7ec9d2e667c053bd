import { describe, expect, test } from '@jest/globals';
import { firstValueFrom, isObservable } from 'rxjs';
import { z } from 'zod';
import { z as z3 } from 'zod/v3';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import type { Schema, Validation } from './schema.js';
import { validatorOf } from './validatorOf.js';

function said<T>(result: Validation<T> | object): Validation<T> {
  if (isObservable(result)) throw new Error('an asynchronous validation');
  return result as Validation<T>;
}

const PLACES: readonly (readonly [string, Schema])[] = [
  ['zod 4', z.object({ places: z.array(z.object({ city: z.string() })) })],
  ['zod 3', z3.object({ places: z3.array(z3.object({ city: z3.string() })) })],
  ['JSON Schema', { type: 'object', properties: { places: { type: 'array', items: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } } }, required: ['places'] }],
  ['frozen JSON Schema with references', Object.freeze({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', properties: { places: { type: 'array', items: { $ref: '#/definitions/place' } } }, definitions: { place: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } } })],
];

describe('validatorOf', () => {
  test.each(PLACES)('%s: lets a good value through and says where a bad one is wrong', (_, schema) => {
    const validate = validatorOf(schema);
    const good = { places: [{ city: 'Bern' }, { city: 'Rome' }] };
    expect(validate(good)).toEqual({ value: good });
    const bad = said(validate({ places: [{ city: 'Bern' }, { city: 3 }] }));
    expect(bad.issues).toHaveLength(1);
    expect(bad.issues?.[0]).toMatchObject({ path: ['places', 1, 'city'], message: expect.stringMatching(/string/) });
  });

  test('gives what the schema makes of the value', () => {
    expect(validatorOf(z.object({ n: z.number().default(1) }))({})).toEqual({ value: { n: 1 } });
  });

  test('is asynchronous where the schema is', async () => {
    const validate = validatorOf(z.string().refine(async (text) => text !== 'no'));
    const good = validate('yes');
    if (!isObservable(good)) throw new Error('a synchronous validation');
    expect(await firstValueFrom(good)).toEqual({ value: 'yes' });
    const bad = validate('no');
    if (!isObservable(bad)) throw new Error('a synchronous validation');
    expect((await firstValueFrom(bad)).issues).toHaveLength(1);
  });

  test('understands issues whose keys are objects or symbols', () => {
    const path = [{ key: 'a' }, 0, Symbol('s')];
    const validate = validatorOf({ '~standard': { version: 1, vendor: 'acme', validate: () => ({ issues: [{ message: 'no', path }, { message: 'never' }] }) } });
    expect(validate(1)).toEqual({ issues: [{ message: 'no', path: ['a', 0, 'Symbol(s)'] }, { message: 'never', path: [] }] });
  });

  test.each<[string, Record<string, unknown>, unknown, (string | number)[]]>([
    ['a key with / and ~ and %', { type: 'object', properties: { 'a/b~c%d': { type: 'number' } } }, { 'a/b~c%d': 'x' }, ['a/b~c%d']],
    ['a key that looks like an index', { type: 'object', properties: { 0: { type: 'number' } } }, { 0: 'x' }, ['0']],
    ['a key too many', { type: 'object', properties: {}, additionalProperties: false }, { more: 1 }, ['more']],
    ['a missing key that every object inherits', { type: 'object', required: ['toString'] }, {}, []],
    ['a draft 2020-12 tuple', { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] }, ['a', 'b'], [1]],
    ['a union', { anyOf: [{ type: 'string' }, { type: 'number' }] }, true, []],
    ['what JSON has not', { type: 'object' }, undefined, []],
    ['a key with a lone surrogate', { type: 'object', additionalProperties: { type: 'number' } }, { '\ud800': 'x' }, []],
  ])('JSON Schema: finds %s', (_, schema, value, path) => {
    expect(said(validatorOf(schema)(value)).issues?.[0]?.path).toEqual(path);
  });

  test('JSON Schema: a schema that refers to itself without end is an issue, not a crash', () => {
    expect(said(validatorOf({ $ref: '#' })(1)).issues).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ['a reference to nowhere', { type: 'object', properties: { a: { $ref: '#/$defs/missing' } } }],
    ['a reference to elsewhere', { $ref: 'https://example.com/schema.json' }],
    ['two parts with one id', { $defs: { a: { $id: 'x', type: 'string' }, b: { $id: 'x', type: 'number' } } }],
    ['a reference that is no address', { type: 'object', properties: { a: { $ref: 'http://[' } } }],
    ['a list', []],
    ['nothing', undefined],
    ['a schema of a library unknown here', new (class Yup {
      readonly type = 'object';
    })()],
    ['a schema that holds itself', ((): unknown => { const s: Record<string, unknown> = { type: 'object' }; s['properties'] = { s }; return s; })()],
  ])('JSON Schema: refuses %s when it is built', (_, schema) => {
    let error: unknown;
    try {
      validatorOf(schema as never);
    } catch (thrown) {
      error = thrown;
    }
    expect(isRivuletError(error, 'TOOL_SCHEMA')).toBe(true);
  });
});
