import { requireCount } from '../../core/errors/optionChecks.js';
import { flow, type Flow } from '../../core/flow/flow.js';
import { last } from '../../core/flow/fold.js';
import { operate } from '../../core/subscription.js';
import type { MessageInput } from '../messages/toMessages.js';
import { chat } from '../models/chat.js';
import type { ChatModel, ChatOptions, JsonSchema } from '../models/ChatModel.js';
import { jsonSchemaOf } from '../tools/jsonSchemaOf.js';
import type { InferInput, InferOutput, Schema, StandardSchema } from '../tools/schema.js';
import { validatorOf } from '../tools/validatorOf.js';
import type { DeepPartial } from './DeepPartial.js';
import { checkFeedOptions } from './JsonFeed.js';
import type { JsonTextOptions } from './partialJson/JsonText.js';
import { repairRequest, type RepairProblem } from './repairRequest.js';
import { StructuredRun, type StructuredPlan } from './StructuredRun.js';
import type { TextInput } from './TextDeltas.js';

export interface RepairOptions {
  /** Who is asked to correct an answer: the model that gave it, or a cheaper one. */
  readonly model: ChatModel;
  /** How often it is asked. Default 1. */
  readonly maxAttempts?: number | undefined;
  /** How it is asked. */
  readonly options?: ChatOptions | undefined;
  /** What it is asked. Default: the schema, what is wrong, and the answer. */
  readonly prompt?: ((problem: RepairProblem) => MessageInput) | undefined;
}

export interface StructuredOptions extends JsonTextOptions {
  /** Asks a model again while the answer isn't JSON or doesn't fit; what was emitted of it is superseded. Default: it fails. */
  readonly repair?: RepairOptions | undefined;
}

/** What grows is as the schema takes it, what ends the run as the schema makes it. */
export type StructuredFlow<I, T> = Flow<TextInput, DeepPartial<I> | T, T>;

/**
 * Reads an answer of a known shape while it streams: emits what there is of it, each value staying as it is, and at the end the
 * complete answer as the schema makes it. Nothing but that last value is checked.
 *
 * ```text
 * -a-b--c|          {"city": "Be   rn", "days"   : 3}
 * structured(z.object({ city: z.string(), days: z.number() }))
 * -p-q---(r|)       { city: 'Be' }   { city: 'Bern' }   { city: 'Bern', days: 3 }
 * ```
 *
 * *Demand*: transparent, to the repairing model too. *Timing*: synchronous, if the schema is. *Errors*: `OUTPUT_INVALID` with the issues
 * and the raw answer; `JSON_INVALID`, `JSON_LIMIT` as `json`; the repairing model's.
 *
 * @param schema of zod 3 or 4, any Standard Schema, or a JSON Schema
 * @throws RivuletError `TOOL_SCHEMA`, `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { chain, chat, scripted, structured } from 'rivulet';
 * import { z } from 'zod';
 *
 * const schema = z.object({ city: z.string(), days: z.number() });
 * const ask = chain(chat(scripted([{ reply: '{ "city": "Bern", "days": 3 }' }])), structured(schema));
 * const { days } = await ask.invoke('Where, and how long?'); // 3
 * ```
 */
export function structured<S extends StandardSchema>(schema: S, options?: StructuredOptions): StructuredFlow<InferInput<S>, InferOutput<S>>;
export function structured<T = unknown>(schema: JsonSchema, options?: StructuredOptions): StructuredFlow<T, T>;
export function structured(schema: Schema, options: StructuredOptions = {}): StructuredFlow<unknown, unknown> {
  return structuredBy(planOf(schema, options, (json) => json));
}

/** The flow of a plan. */
export function structuredBy(plan: StructuredPlan): StructuredFlow<unknown, unknown> {
  const operator = operate<TextInput, unknown>((source, subscriber) => new StructuredRun(plan, subscriber).read(source));
  return flow('structured', operator, { fold: last(), kind: 'parser' });
}

/**
 * @param select what in the JSON is the answer
 * @param asked the schema that a model is told of, where it is not the answer's own
 */
export function planOf(schema: Schema, { repair, ...reading }: StructuredOptions, select: (json: unknown) => unknown, asked?: JsonSchema): StructuredPlan {
  checkFeedOptions(reading);
  const plan = { reading, select, validate: validatorOf(schema) };
  if (!repair) return { ...plan, maxRepairs: 0, repair: neverRepaired };
  const { model, maxAttempts = 1, options = {}, prompt = repairRequest } = repair;
  const described = asked ?? jsonSchemaOf(schema);
  const native = model.capabilities.structuredOutput && described['type'] === 'object';
  const ask = chat(model, native ? { output: { name: 'answer', schema: described }, ...options } : options);
  return { ...plan, maxRepairs: requireCount('maxAttempts', maxAttempts), repair: (error, text) => ask.run(prompt({ error, text, schema: described })) };
}

function neverRepaired(error: unknown): never {
  throw error;
}
