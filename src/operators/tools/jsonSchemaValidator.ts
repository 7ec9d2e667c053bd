import { dereference, validate, type OutputUnit, type Schema as CheckedSchema, type SchemaDraft } from '@cfworker/json-schema';
import { RivuletError } from '../../core/errors/RivuletError.js';
import type { JsonSchema } from '../models/ChatModel.js';
import { isJsonSchema, type SchemaIssue, type Validation } from './schema.js';

/** Checks values against a JSON Schema of draft 4, 7, 2019-09 or 2020-12. Refuses a schema with references to nowhere. */
export function jsonSchemaValidator(schema: JsonSchema): (value: unknown) => Validation<unknown> {
  requireJsonSchema(schema);
  const own = converting(() => JSON.parse(JSON.stringify(schema)) as CheckedSchema); // the library writes into the schema it is given
  const lookup = prepared(own);
  const draft = draftOf(schema);
  return (value) => {
    try {
      const { valid, errors } = validate(value, own, draft, lookup, false);
      return valid ? { value } : { issues: errors.filter(isCause).map((unit) => toIssue(unit, value)) };
    } catch (cause) {
      return { issues: [{ path: [], message: `The value can't be checked: ${cause instanceof Error ? cause.message : String(cause)}` }] };
    }
  };
}

function prepared(schema: CheckedSchema): ReturnType<typeof dereference> {
  const lookup = converting(() => dereference(schema));
  for (const part of Object.values(lookup)) {
    if (typeof part === 'boolean' || part.__absolute_ref__ === undefined || part.__absolute_ref__ in lookup) continue;
    throw new RivuletError('TOOL_SCHEMA', `a JSON Schema refers to ${String(part.$ref)}, which is not in it. Put the definition into the schema: nothing is loaded from elsewhere`);
  }
  return lookup;
}

/** @throws RivuletError `TOOL_SCHEMA` */
export function requireJsonSchema(schema: unknown): JsonSchema {
  if (isJsonSchema(schema)) return schema;
  throw new RivuletError('TOOL_SCHEMA', `${typeof schema === 'object' ? 'an object of some class' : String(schema)} is not a schema known here. Give a schema of zod (3.24 or newer), a Standard Schema or a JSON Schema`);
}

function converting<T>(prepare: () => T): T {
  try {
    return prepare();
  } catch (cause) {
    throw new RivuletError('TOOL_SCHEMA', `a JSON Schema can't be used: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function draftOf({ $schema }: JsonSchema): SchemaDraft {
  const named = /draft-0?(4|6|7)|2019-09/.exec(String($schema));
  if (!named) return '2020-12';
  return named[1] === '4' ? '4' : named[1] ? '7' : '2019-09';
}

/** Beside what is wrong the library lists every applicator above it, which says nothing more. */
function isCause({ keyword }: OutputUnit): boolean {
  return !APPLICATORS.has(keyword);
}

const APPLICATORS = /* @__PURE__ */ new Set(['$ref', '$recursiveRef', 'properties', 'patternProperties', 'additionalProperties', 'unevaluatedProperties', 'items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'allOf', 'if', 'then', 'else', 'dependentSchemas', 'dependencies']);

function toIssue({ instanceLocation, keyword, error }: OutputUnit, value: unknown): SchemaIssue {
  const path: (string | number)[] = [];
  let inside = value;
  for (const part of instanceLocation.split('/').slice(1)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(inside) ? Number(key) : key);
    inside = (inside as Readonly<Record<string, unknown>> | undefined)?.[key];
  }
  return { path, message: keyword === 'false' ? 'Nothing is allowed here.' : error };
}
