import { toJSONSchema, type $ZodType } from 'zod/v4/core';
import { zodToJsonSchema } from 'zod-to-json-schema';
import { RivuletError } from '../../core/errors/RivuletError.js';
import type { JsonSchema } from '../models/ChatModel.js';
import { requireJsonSchema } from './jsonSchemaValidator.js';
import { isStandardSchema, type Schema } from './schema.js';

/**
 * The JSON Schema (draft 7) of what a schema accepts: converted from zod 3, zod 4 or a Standard Schema that can say it; a
 * JSON Schema as it is. One that says nothing of the value is refused: a model can't follow it.
 *
 * *Timing*: synchronous.
 *
 * @throws RivuletError `TOOL_SCHEMA`
 *
 * @example
 * ```ts
 * import { jsonSchemaOf } from 'rivulet';
 * import { z } from 'zod';
 *
 * const schema = jsonSchemaOf(z.object({ city: z.string() })); // { type: 'object', properties: { city: { type: 'string' } }, … }
 * ```
 */
export function jsonSchemaOf(schema: Schema): JsonSchema {
  const converted = convert(schema);
  if (SAYS_SOMETHING.some((keyword) => converted[keyword] !== undefined)) return converted;
  throw new RivuletError('TOOL_SCHEMA', `a schema says nothing of its value: ${JSON.stringify(converted)}. Describe it, as in z.object({ … }) or { type: 'object', properties: { … } }`);
}

const SAYS_SOMETHING = ['type', 'properties', 'anyOf', 'oneOf', 'allOf', '$ref', 'enum', 'const'];

// zod-to-json-schema makes an empty schema of zod 4's, in silence, and zod 4 throws on zod 3's: ask each for its own.
function convert(schema: unknown): JsonSchema {
  if (isZod4(schema)) return converting(() => toJSONSchema(schema, { target: 'draft-7', io: 'input' }));
  if (isZod3(schema)) return converting(() => zodToJsonSchema(schema, { pipeStrategy: 'input' }));
  if (isStandardSchema(schema)) return fromStandard(schema['~standard']);
  return requireJsonSchema(schema);
}

function fromStandard({ vendor, jsonSchema }: { readonly vendor: string; readonly jsonSchema?: { input(options: { target: string }): JsonSchema } | undefined }): JsonSchema {
  if (jsonSchema) return converting(() => jsonSchema.input({ target: 'draft-07' }));
  throw new RivuletError('TOOL_SCHEMA', `a schema of '${vendor}' can't say its JSON Schema, which a model needs. Use a version of '${vendor}' with ~standard.jsonSchema, or give the JSON Schema itself`);
}

function converting(convertIt: () => object): JsonSchema {
  try {
    return convertIt() as JsonSchema;
  } catch (cause) {
    throw new RivuletError('TOOL_SCHEMA', `a schema has no JSON Schema: ${cause instanceof Error ? cause.message : String(cause)}. Use types that JSON knows, and transform them afterwards`, { cause });
  }
}

type Zod3 = Parameters<typeof zodToJsonSchema>[0];

function isZod4(schema: unknown): schema is $ZodType {
  return typeof schema === 'object' && schema !== null && '_zod' in schema;
}

function isZod3(schema: unknown): schema is Zod3 {
  return typeof schema === 'object' && schema !== null && '_def' in schema && typeof schema._def === 'object' && schema._def !== null && 'typeName' in schema._def;
}
