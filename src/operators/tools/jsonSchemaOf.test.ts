import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import * as zMini from 'zod/mini';
import { z as z3 } from 'zod/v3';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import { jsonSchemaOf } from './jsonSchemaOf.js';
import type { StandardSchema } from './schema.js';

function failure(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

const WEATHER = { type: 'object', properties: { city: { type: 'string' }, days: { type: 'number' } }, required: ['city'] };

describe('jsonSchemaOf', () => {
  test('converts a schema of zod 4, of what it accepts: a default makes a property optional', () => {
    const schema = z.object({ city: z.string(), days: z.number().default(3).transform(String) });
    const found = jsonSchemaOf(schema);
    expect(found).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', required: ['city'] });
    expect(found['properties']).toEqual({ city: { type: 'string' }, days: { type: 'number', default: 3 } });
    expect(JSON.parse(JSON.stringify(found))).toEqual({ ...found });
  });

  test('converts a schema of zod 4 mini', () => {
    expect(jsonSchemaOf(zMini.object({ city: zMini.string(), days: zMini.optional(zMini.number()) }))).toMatchObject(WEATHER);
  });

  test('converts a schema of zod 3, which zod 4 would refuse', () => {
    const schema = z3.object({ city: z3.string().describe('where'), days: z3.number().default(3) });
    expect(jsonSchemaOf(schema)).toMatchObject({ type: 'object', properties: { city: { type: 'string', description: 'where' }, days: { default: 3 } }, required: ['city'] });
    expect(jsonSchemaOf(z3.string().pipe(z3.coerce.number()))).toMatchObject({ type: 'string' });
  });

  test('converts recursive schemas', () => {
    interface Tree {
      readonly children: readonly Tree[];
    }
    const tree: z.ZodType<Tree> = z.lazy(() => z.object({ children: z.array(tree) }));
    expect(JSON.stringify(jsonSchemaOf(tree))).toContain('$ref');
    const tree3: z3.ZodType<Tree> = z3.lazy(() => z3.object({ children: z3.array(tree3) }));
    expect(JSON.stringify(jsonSchemaOf(tree3))).toContain('$ref');
  });

  test('asks a Standard Schema for what it accepts, also one that is a function', () => {
    const standard = (jsonSchema?: { input(options: { target: string }): Record<string, unknown> }): StandardSchema => ({
      '~standard': { version: 1, vendor: 'acme', validate: (value) => ({ value }), jsonSchema },
    });
    const targets: string[] = [];
    const input = ({ target }: { target: string }): Record<string, unknown> => {
      targets.push(target);
      return { type: 'string' };
    };
    expect(jsonSchemaOf(standard({ input }))).toEqual({ type: 'string' });
    expect(jsonSchemaOf(Object.assign(() => undefined, standard({ input })))).toEqual({ type: 'string' });
    expect(targets).toEqual(['draft-07', 'draft-07']);
    expect(failure(() => jsonSchemaOf(standard()))).toMatchObject({ code: 'TOOL_SCHEMA', message: expect.stringContaining("'acme'") });
  });

  test('leaves a JSON Schema as it is', () => {
    const schema = Object.freeze({ type: 'object', properties: {} });
    expect(jsonSchemaOf(schema)).toBe(schema);
  });

  test.each<[string, unknown]>([
    ['any value of zod 4', z.any()],
    ['any value of zod 3', z3.any()],
    ['an empty JSON Schema', {}],
    ['a JSON Schema of words alone', { description: 'a city' }],
    ['a type JSON does not know, in zod 4', z.object({ at: z.date() })],
    ['a type JSON does not know, in zod 4, at the top', z.bigint()],
    ['nothing', undefined],
    ['null', null],
    ['a string', 'string'],
    ['a list', []],
    ['a function', () => true],
    ['a schema of a library unknown here', new (class Yup {
      readonly type = 'object';
    })()],
  ])('refuses %s', (_, schema) => {
    const error = failure(() => jsonSchemaOf(schema as never));
    expect(isRivuletError(error, 'TOOL_SCHEMA')).toBe(true);
  });
});
