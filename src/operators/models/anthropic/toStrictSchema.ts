import { jsonSchemaOutputFormat } from '@anthropic-ai/sdk/helpers/json-schema';
import { RivuletError } from '../../../core/errors/RivuletError.js';
import type { JsonSchema } from '../ChatModel.js';

/** The part of a schema that Anthropic can hold a model to; the rest goes into descriptions, and is for whoever validates to check. */
export function toStrictSchema(schema: JsonSchema, owner: string): JsonSchema {
  try {
    return jsonSchemaOutputFormat(schema as { readonly type: 'object' }).schema;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RivuletError('INVALID_OPTION', `anthropic can't hold the model to the schema of ${owner}: ${reason}. Make it an object whose parts have types`, { cause });
  }
}
