import type { SpanKind } from '../../../core/events/RunEvent.js';
import type { TracedRun } from '../../runs/TracedRun.js';
import { calledModel } from '../calledModel.js';
import { invocationOf } from '../invocationOf.js';
import { wireJson } from '../wireJson.js';
import { constructed, isMessage, langchainMessage, langsmithValue, textIn, usageMetadata } from './langchainMessage.js';
import type { LangsmithConfig } from './langsmithOptions.js';

/** What is said of a run at once: the JSON of its head and of its fields, in the order in which the official client sends them. */
export interface RunOperation {
  readonly op: 'post' | 'patch';
  readonly id: string;
  readonly head: string;
  readonly fields: readonly (readonly [name: string, json: string])[];
}

const RUN_TYPES: Readonly<Record<SpanKind, string>> = {
  chain: 'chain',
  llm: 'llm',
  tool: 'tool',
  retriever: 'retriever',
  embedding: 'embedding',
  prompt: 'prompt',
  parser: 'parser',
  graph: 'chain',
  node: 'chain',
  agent: 'chain',
};

/** The inputs of a run as JSON. */
export const inputsJson = (run: TracedRun, { hideInputs }: LangsmithConfig): string => (hideInputs ? '{}' : wireJson(inputsOf(run), langsmithValue));

/** A run as it is posted: begun, or whole. */
export function posted(run: TracedRun, inputs: string, config: LangsmithConfig): RunOperation {
  const { id, name, dottedOrder, tags, endTime } = run;
  const { traceId, parentId } = placeOf(run);
  const head = {
    session_name: run.project ?? config.project,
    id,
    name,
    start_time: startTime(run),
    end_time: endTime,
    run_type: RUN_TYPES[run.kind],
    child_runs: [],
    parent_run_id: parentId,
    trace_id: traceId,
    dotted_order: dottedOrder,
    tags,
  };
  return { op: 'post', id, head: wireJson(head), fields: [['inputs', inputs], ...fieldsOf(run, config), ['serialized', '{}']] };
}

/** What of a run that was posted is known only at its end. */
export function patched(run: TracedRun, inputs: string | undefined, config: LangsmithConfig): RunOperation {
  const { id, name, dottedOrder, tags, endTime } = run;
  const { traceId, parentId } = placeOf(run);
  const head = {
    name,
    run_type: RUN_TYPES[run.kind],
    start_time: startTime(run),
    end_time: endTime,
    parent_run_id: parentId,
    dotted_order: dottedOrder,
    trace_id: traceId,
    tags,
    session_name: run.project ?? config.project,
    id,
  };
  return { op: 'patch', id, head: wireJson(head), fields: [...(inputs === undefined ? [] : ([['inputs', inputs]] as const)), ...fieldsOf(run, config)] };
}


/** The id of a trace at LangSmith. */
export const rootIdOf = ({ dottedOrder }: TracedRun): string => idIn(dottedOrder.split('.', 1)[0] ?? '');

const idIn = (segment: string): string => segment.slice(segment.indexOf('Z') + 1);

/** As LangSmith's trees hang: a run whose parent's place isn't known is a root to it, though another tracer knows better. */
function placeOf(run: TracedRun): { readonly traceId: string; readonly parentId: string | undefined } {
  const above = run.dottedOrder.split('.').at(-2);
  return { traceId: rootIdOf(run), parentId: above === undefined ? undefined : idIn(above) };
}

const iso = (time: number): string => new Date(time).toISOString();

/** Microseconds, of which the last three digits are the execution order: that is how equal times are told apart. */
const startTime = ({ startTime, executionOrder }: TracedRun): string =>
  iso(startTime).replace('Z', `${String(Math.min(executionOrder, 999)).padStart(3, '0')}Z`);

function fieldsOf(run: TracedRun, config: LangsmithConfig): readonly (readonly [string, string])[] {
  const fields: (readonly [string, string])[] = [];
  const { hideOutputs } = config;
  if (run.outputs !== undefined) fields.push(['outputs', hideOutputs ? '{}' : wireJson(outputsOf(run), langsmithValue)]);
  fields.push(['events', wireJson(eventsOf(run))], ['extra', wireJson(extraOf(run, config))]);
  const error = errorOf(run);
  if (error !== undefined) fields.push(['error', JSON.stringify(error)]);
  return fields;
}

function inputsOf({ kind, inputs }: TracedRun): unknown {
  if (kind !== 'llm') return record('input', inputs);
  const messages = (Array.isArray(inputs) ? inputs : [inputs]).map(asMessage);
  return { messages: [messages] };
}

const asMessage = (value: unknown): unknown =>
  typeof value === 'string' ? langchainMessage({ role: 'user', content: [{ type: 'text', text: value }] }) : value;

function outputsOf({ kind, outputs }: TracedRun): unknown {
  if (kind === 'llm' && isMessage(outputs)) return { generations: [[{ text: textIn(outputs), message: outputs }]], llmOutput: {} };
  if (kind === 'prompt' && Array.isArray(outputs) && outputs.every(isMessage)) return constructed(['prompt_values', 'ChatPromptValue'], { messages: outputs });
  return record('output', outputs);
}

/** LangSmith's inputs and outputs are objects with names. */
function record(name: string, value: unknown): unknown {
  if (value === undefined) return {};
  return isRecord(value) ? value : { [name]: value };
}

function isRecord(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function eventsOf(run: TracedRun): unknown {
  const { startTime, firstTokenTime, endTime, status } = run;
  return [
    { name: 'start', time: iso(startTime) },
    ...(firstTokenTime === undefined ? [] : [{ name: 'new_token', time: iso(firstTokenTime) }]),
    ...run.events.map(({ name, time, data }) => ({ name, time: iso(time), ...(data !== undefined && { kwargs: data }) })),
    ...(endTime === undefined ? [] : [{ name: status === 'error' || status === 'cancelled' ? 'error' : 'end', time: iso(endTime) }]),
  ];
}

function extraOf(run: TracedRun, { hideMetadata, revision }: LangsmithConfig): unknown {
  const { kind, usage, attempt, status, thread } = run;
  const { model, provider } = calledModel(run);
  const { parameters, tools, metadata } = invocationOf(run);
  const told = {
    ...(revision !== undefined && { revision_id: revision }),
    ...(kind === 'llm' && { ls_model_type: 'chat' }),
    ...((kind === 'llm' || kind === 'embedding') && { ls_model_name: model, ...(provider !== undefined && { ls_provider: provider }) }),
    ...samplingOf(parameters),
    ...(attempt > 1 && { attempt }),
    ...(status === 'interrupted' && { interrupted: true }),
    ...(thread !== undefined && { thread_id: thread }),
    ...metadata,
    ...(usage && (kind === 'llm' || kind === 'embedding') && { usage_metadata: usageMetadata(usage) }),
  };
  return {
    ...run.extra,
    ...(kind === 'llm' && { invocation_params: { model, ...parameters, ...(tools.length > 0 && { tools }) } }),
    ...(kind === 'tool' && { tool_call_id: metadata['toolCallId'] }),
    metadata: hideMetadata ? {} : told,
    runtime: RUNTIME,
  };
}

/** What LangSmith compares model calls by. */
function samplingOf({ temperature, max_tokens: maxTokens, stop }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    ...(temperature !== undefined && { ls_temperature: temperature }),
    ...(maxTokens !== undefined && { ls_max_tokens: maxTokens }),
    ...(stop !== undefined && { ls_stop: stop }),
  };
}

const RUNTIME = { library: 'rivulet', runtime: typeof window === 'undefined' ? 'node' : 'browser', sdk: 'rivulet' };

function errorOf({ status, error }: TracedRun): string | undefined {
  if (error === undefined) return status === 'cancelled' ? 'Cancelled' : undefined;
  if (!(error instanceof Error)) return typeof error === 'string' ? error : wireJson(error);
  return error.stack ? `${error.message}\n\n${error.stack}` : `${error.name}: ${error.message}`;
}
