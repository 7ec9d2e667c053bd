import type { Unwrapped } from '../../core/bridge/result.js';
import type { RunScope } from '../../core/context/RunScope.js';
import { flow, isFlow, type Flow } from '../../core/flow/flow.js';
import { whole, type WholeOf } from '../../core/flow/whole.js';
import type { JsonSchema, ProviderToolDefinition } from '../models/ChatModel.js';
import { buildTool, type AnyTool, type Tool, type ToolChanges } from './buildTool.js';
import type { InferInput, InferOutput, Schema, StandardSchema } from './schema.js';
import { toolFold } from './toolFold.js';

/** A tool that the provider runs itself, passed to the model as it is. */
export type ProviderTool = ProviderToolDefinition;

export interface ToolOptions<N extends string, S, Run> extends ToolChanges<N> {
  readonly name: N;
  /** A schema of zod 3 or 4, any Standard Schema that can say its JSON Schema, or a JSON Schema: of an object. */
  readonly input: S;
  /** What is done: a callback, or a flow. */
  readonly run: Run;
}

type Callback<A, T> = (args: A, run: RunScope) => T;
type PlainSchema = JsonSchema & { readonly '~standard'?: never };

/** Overloads: what a JSON Schema accepts is said by the callback's own parameter, what another accepts by the schema. */
export interface ToolFactory {
  <const N extends string, A, O, R>(options: ToolOptions<N, PlainSchema, Flow<A, O, R>>): Tool<A, O, R, N>;
  <const N extends string, A, T>(options: ToolOptions<N, PlainSchema, Callback<A, T>>): Tool<A, Unwrapped<T>, WholeOf<Unwrapped<T>>, N>;
  <const N extends string, S extends StandardSchema, O, R>(options: ToolOptions<N, S, Flow<InferOutput<S>, O, R>>): Tool<InferInput<S>, O, R, N>;
  <const N extends string, S extends StandardSchema, T>(options: ToolOptions<N, S, Callback<InferOutput<S>, T>>): Tool<InferInput<S>, Unwrapped<T>, WholeOf<Unwrapped<T>>, N>;
  /** A tool that the provider runs itself, in the provider's own words. */
  provider(provider: string, definition: Readonly<Record<string, unknown>>): ProviderTool;
}

function define(options: ToolOptions<string, Schema, Flow<unknown, unknown> | Callback<unknown, unknown>>): AnyTool {
  const { run } = options;
  return buildTool({ ...options, work: isFlow(run) ? run : flow(options.name, whole(run), { fold: toolFold() }) });
}

const provider = (name: string, definition: Readonly<Record<string, unknown>>): ProviderTool => Object.freeze({ provider: name, definition });

/**
 * Makes a tool of a callback (or a flow). What it returns may be a value, a promise, an Observable or an async iterable:
 * strings that it emits concatenate, of other values the last is the result and those before it are progress.
 *
 * ```text
 * -i----------|
 * tool({ name: 'count', input, run: () => timer(3, 3).pipe(take(2)) })
 * ----0--(1|)    its result is 1
 * ```
 *
 * *Demand*: transparent. *Timing*: the callback's. *Errors*: `TOOL_INPUT` for arguments that don't fit, before `run` is
 * called; `TIMEOUT`; the callback's.
 *
 * @throws RivuletError `TOOL_SCHEMA`, `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { tool } from 'rivulet';
 * import { z } from 'zod';
 *
 * const add = tool({
 *   name: 'add',
 *   description: 'Adds two numbers',
 *   input: z.object({ a: z.number(), b: z.number() }),
 *   run: ({ a, b }) => a + b,
 *   timeoutMs: 1000,
 * });
 * const sum = await add.invoke({ a: 1, b: 2 }); // 3
 * ```
 */
export const tool = /* @__PURE__ */ Object.assign(define, { provider }) as unknown as ToolFactory;
