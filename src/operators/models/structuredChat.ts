import { RivuletError } from '../../core/errors/RivuletError.js';
import { chain } from '../../core/flow/chain.js';
import type { Flow } from '../../core/flow/flow.js';
import type { WholeInput } from '../../core/flow/whole.js';
import type { MessageInput } from '../messages/toMessages.js';
import type { DeepPartial } from '../parsers/DeepPartial.js';
import { planOf, structuredBy, type RepairOptions, type StructuredOptions } from '../parsers/structured.js';
import { jsonSchemaOf } from '../tools/jsonSchemaOf.js';
import type { InferInput, InferOutput, Schema, StandardSchema } from '../tools/schema.js';
import { answerOfCall } from './answerOfCall.js';
import { chat } from './chat.js';
import type { ChatModel, ChatOptions, JsonSchema } from './ChatModel.js';

export interface StructuredChatOptions extends Omit<ChatOptions, 'output' | 'tools' | 'toolChoice' | 'parallelToolCalls'>, Omit<StructuredOptions, 'repair'> {
  /** What the answer is called when the model is asked for it: letters, digits, `_` and `-`. Default `'answer'`. */
  readonly name?: string | undefined;
  /** What the answer is, for the model to know. */
  readonly description?: string | undefined;
  /** Asks the provider to keep to the schema to the letter, where it can. */
  readonly strict?: boolean | undefined;
  /** How the model is asked: by its own structured output, the default where it has one, or by a tool that it has to call. */
  readonly strategy?: 'native' | 'tool' | undefined;
  /** As in `structured`; the model asked again is this one unless another is given. */
  readonly repair?: Partial<RepairOptions> | undefined;
}

/** A conversation's input in, an answer of a known shape out. */
export type StructuredChat<I, T> = Flow<WholeInput<MessageInput>, DeepPartial<I> | T, T>;

/**
 * Asks a model for an answer of a known shape: emits what there is of it while it streams, and folds to the checked answer.
 * A schema of something other than an object, which providers refuse, is asked for inside one.
 *
 * ```text
 * -q----------|
 * structuredChat(model, schema)
 * --a-b-c-(d|)
 * ```
 *
 * *Demand*: transparent, to the model's socket. *Timing*: the model's. *Errors*: the model's, as `MODEL_*` codes; `OUTPUT_INVALID`,
 * `JSON_INVALID`, `JSON_LIMIT` as `structured`.
 *
 * @throws RivuletError `TOOL_SCHEMA`, `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { scripted, structuredChat } from 'rivulet';
 * import { z } from 'zod';
 *
 * const model = scripted([{ reply: '{ "city": "Bern" }' }]);
 * const ask = structuredChat(model, z.object({ city: z.string() }));
 * const { city } = await ask.invoke('Where?'); // 'Bern'
 * ```
 */
export function structuredChat<S extends StandardSchema>(model: ChatModel, schema: S, options?: StructuredChatOptions): StructuredChat<InferInput<S>, InferOutput<S>>;
export function structuredChat<T = unknown>(model: ChatModel, schema: JsonSchema, options?: StructuredChatOptions): StructuredChat<T, T>;
export function structuredChat(model: ChatModel, schema: Schema, options: StructuredChatOptions = {}): StructuredChat<unknown, unknown> {
  const { name = 'answer', description, strict, strategy = strategyOf(model), repair, around, maxDepth, maxLength, ...asked } = options;
  if (!/^[\w-]{1,64}$/.test(name)) throw new RivuletError('INVALID_OPTION', `'${name}' can't name an answer. Use letters, digits, '_' and '-', 64 of them at most`);
  const own = jsonSchemaOf(schema);
  const wraps = own['type'] !== 'object';
  const told = wraps ? wrapped(own) : own;
  const reading = { around, maxDepth, maxLength, ...(repair && { repair: { model, ...repair } }) };
  const read = structuredBy(planOf(schema, reading, wraps ? unwrapped : (json) => json, told));
  if (strategy === 'native') {
    const output = { name, schema: description === undefined ? told : { description, ...told }, ...(strict !== undefined && { strict }) };
    return chain(chat(model, { ...asked, output }), read);
  }
  const respond = { name, description: description ?? 'Gives the answer', inputSchema: told, ...(strict !== undefined && { strict }) };
  return chain(chat(model, { ...asked, tools: [respond], toolChoice: { name }, parallelToolCalls: false }), answerOfCall(), read);
}

function strategyOf({ id, capabilities }: ChatModel): 'native' | 'tool' {
  if (capabilities.structuredOutput) return 'native';
  if (capabilities.tools !== false) return 'tool';
  throw new RivuletError('INVALID_OPTION', `'${id}' has neither structured output nor tools. Ask for JSON in the prompt and read it with structured(schema)`);
}

/** A schema as the one property of an object. Its references to itself begin at the root, which it no longer is. */
function wrapped(schema: JsonSchema): JsonSchema {
  const { $schema, ...value } = moved(schema) as Record<string, unknown>;
  return { ...($schema !== undefined && { $schema }), type: 'object', properties: { value }, required: ['value'], additionalProperties: false };
}

function moved(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(moved);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, key === '$ref' && typeof value === 'string' ? value.replace(/^#/, '#/properties/value') : moved(value)]));
}

function unwrapped(json: unknown): unknown {
  return typeof json === 'object' && json !== null ? (json as { readonly value?: unknown }).value : undefined;
}
