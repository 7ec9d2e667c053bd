import { isObservable, switchMap, type Observable } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import { requirePositive } from '../../core/errors/optionChecks.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { flow, type Flow, type RunInput } from '../../core/flow/flow.js';
import type { RunStream, StreamConfig } from '../../core/flow/stream.js';
import { whole } from '../../core/flow/whole.js';
import { withRetry, type RetryOptions } from '../../core/flow/withRetry.js';
import { withTimeout } from '../../core/flow/withTimeout.js';
import type { FunctionToolDefinition, JsonSchema } from '../models/ChatModel.js';
import { forbiddenKey } from './forbiddenKey.js';
import { jsonSchemaOf } from './jsonSchemaOf.js';
import type { Schema, Validation } from './schema.js';
import { ToolInputError } from './ToolInputError.js';
import { validatorOf, type Validator } from './validatorOf.js';

/** What a tool may set for itself, before what `callTools` sets for all. */
export interface ToolPolicies {
  /** For each attempt of a call. `Infinity` is no limit. */
  readonly timeoutMs?: number | undefined;
  readonly retry?: RetryOptions | undefined;
}

/** What can be changed in a copy of a tool. */
export interface ToolChanges<N extends string> extends ToolPolicies {
  /** Letters, digits, `_` and `-`, up to 64 of them: what every provider takes. */
  readonly name?: N;
  readonly description?: string | undefined;
  /** Asks the provider to keep to the schema, where it can. */
  readonly strict?: boolean | undefined;
}

const TOOL: unique symbol = Symbol.for('rivulet.tool') as never;

/** What a model can call: a flow from arguments to an output, with what a model is told of it. */
export interface Tool<I = never, O = unknown, R = O, N extends string = string> extends Flow<I, O, R>, ToolPolicies {
  /** The tool as it runs for one call of a model: its spans say which. */
  readonly [TOOL]: (callId: string) => Flow<I, O, R>;
  readonly name: N;
  readonly description?: string | undefined;
  /** The schema as it was given. */
  readonly input: Schema;
  readonly definition: FunctionToolDefinition;
  /** A copy with something changed. */
  with<const M extends string = N>(changes: ToolChanges<M>): Tool<I, O, R, M>;
  /** A copy whose work is done by `policy(work)`, such as a cached one. Arguments are checked before it; timeout and retry go around it. */
  wrap(policy: <A>(work: Flow<A, O, R>) => Flow<A, O, R>): Tool<I, O, R, N>;
}

/** Any tool, as a member of a list. It may be given anything: arguments are checked when it runs. */
export interface AnyTool extends Tool<never, unknown, unknown> {
  run(args: unknown, config?: RunInput): Observable<unknown>;
  invoke(args: unknown, config?: RunInput): Promise<unknown>;
  stream(args: unknown, config?: StreamConfig | RunContext): RunStream<unknown>;
}

/** Whether `value` is a tool, also one from another copy of the library. */
export function isTool(value: unknown): value is AnyTool {
  return typeof value === 'function' && TOOL in value;
}

/** The tool as it runs for one call of a model, for those who watch: its spans say which. */
export function forCall(tool: AnyTool, callId: string): Pick<AnyTool, 'run'> {
  return tool[TOOL](callId);
}

type Work = Flow<unknown, unknown, unknown>;

export interface ToolParts extends ToolChanges<string> {
  readonly name: string;
  readonly input: Schema;
  readonly work: Work;
}

interface CheckedParts extends ToolParts {
  readonly inputSchema: JsonSchema;
  readonly validate: Validator<unknown>;
}

/** @throws RivuletError `TOOL_SCHEMA`, `INVALID_OPTION` */
export function buildTool(parts: ToolParts): AnyTool {
  requireName(parts.name);
  return assemble({ ...parts, inputSchema: objectSchemaOf(parts), validate: validatorOf(parts.input) });
}

function assemble(parts: CheckedParts): AnyTool {
  const { name, description, input, inputSchema, strict, timeoutMs, retry, work } = parts;
  const operator = checking(parts, limited(work, parts));
  const flowOf = (metadata?: Readonly<Record<string, unknown>>): Work => flow(name, operator, { fold: work.fold, kind: 'tool', metadata });
  const definition: FunctionToolDefinition = Object.freeze({ name, ...(description !== undefined && { description }), inputSchema, ...(strict !== undefined && { strict }) });
  return Object.assign(flowOf(), {
    [TOOL]: (toolCallId: string) => flowOf({ toolCallId }),
    ...{ description, input, definition, timeoutMs, retry },
    with: (changes: ToolChanges<string>) => assemble({ ...parts, ...changes, name: requireName(changes.name ?? name) }),
    wrap: (policy: (work: Work) => Work) => assemble({ ...parts, work: policy(work) }),
  }) as unknown as AnyTool;
}

/** Checks the arguments, then runs the work on what the schema makes of them. */
function checking({ name, validate }: CheckedParts, work: Work): (source: Observable<unknown>) => Observable<unknown> {
  return whole((raw: unknown) => {
    const forbidden = forbiddenKey(raw);
    const validation = forbidden ? { issues: [forbidden] } : validate(raw);
    return isObservable(validation) ? validation.pipe(switchMap(start)) : start(validation);

    function start(checked: Validation<unknown>): Observable<unknown> {
      if (checked.issues) throw new ToolInputError(name, raw, checked.issues);
      return work.run(checked.value);
    }
  });
}

/** What was emitted before a failure was progress, or a part of a result that is made anew: it doesn't stand in the way of a retry. */
function limited(work: Work, { timeoutMs = Infinity, retry }: ToolPolicies): Work {
  const timed = timeoutMs === Infinity ? work : withTimeout(work, { totalMs: requirePositive('timeoutMs', timeoutMs) });
  return retry ? withRetry(timed, { restart: true, ...retry }) : timed;
}

function requireName(name: string): string {
  if (typeof name === 'string' && /^[a-zA-Z0-9_-]{1,64}$/.test(name)) return name;
  throw new RivuletError('TOOL_SCHEMA', `'${String(name)}' can't be a tool's name. Use letters, digits, '_' and '-', 64 of them at most: what every provider takes`);
}

/** Providers take nothing but objects as arguments; a union of objects needn't say so itself. */
function objectSchemaOf({ name, input }: ToolParts): JsonSchema {
  const schema = jsonSchemaOf(input);
  if (schema['type'] === 'object') return schema;
  if (schema['type'] === undefined) return { type: 'object', ...schema };
  throw new RivuletError('TOOL_SCHEMA', `the input of tool '${name}' is of type ${JSON.stringify(schema['type'])}. A model calls tools with an object: wrap it, as in z.object({ value: … })`);
}
