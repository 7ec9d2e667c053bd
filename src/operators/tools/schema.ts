import type { JsonSchema } from '../models/ChatModel.js';

/** The [Standard Schema](https://standardschema.dev) interface, which zod 3.24+, zod 4, valibot, ArkType and others implement. */
export interface StandardSchema<I = unknown, T = I> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<T> | Promise<StandardResult<T>>;
    /** In types only. */
    readonly types?: { readonly input: I; readonly output: T } | undefined;
    /** Its JSON Schema, where the library has one. */
    readonly jsonSchema?: { readonly input: (options: { readonly target: string }) => Record<string, unknown> } | undefined;
  };
}

/** What a Standard Schema's `validate` says. */
export type StandardResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined }[] };

/** What describes a value: a schema of zod 3 or 4, any Standard Schema, or a plain JSON Schema. */
export type Schema<T = unknown> = StandardSchema<unknown, T> | JsonSchema;

/** What a schema accepts; `unknown` for a JSON Schema. */
export type InferInput<S> = S extends StandardSchema ? NonNullable<S['~standard']['types']>['input'] : unknown;

/** What a schema makes of what it accepts; `unknown` for a JSON Schema. */
export type InferOutput<S> = S extends StandardSchema ? NonNullable<S['~standard']['types']>['output'] : unknown;

/** One thing that is wrong with a value, and where. */
export interface SchemaIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A schema's word on one value. */
export type Validation<T> = { readonly value: T; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] };

/** Whether `schema` is a Standard Schema; a few libraries' schemas are functions. */
export function isStandardSchema(schema: unknown): schema is StandardSchema {
  return ((typeof schema === 'object' && schema !== null) || typeof schema === 'function') && '~standard' in schema;
}

/** Whether `schema` is a plain object, as JSON Schemas are; an instance of a class is the schema of a library unknown here. */
export function isJsonSchema(schema: unknown): schema is JsonSchema {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return false;
  const prototype: unknown = Object.getPrototypeOf(schema);
  return prototype === null || Object.getPrototypeOf(prototype) === null; // also of another realm
}
