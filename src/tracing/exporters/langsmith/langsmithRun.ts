import type { SpanKind } from '../../../core/events/RunEvent.js';
import type { TracedRun } from '../../runs/TracedRun.js';
import { calledModel } from '../calledModel.js';
import { heapBytes } from '../heapBytes.js';
import { invocationOf } from '../invocationOf.js';
import { plainOf, wireJson } from '../wireJson.js';
import { hidden } from './hidden.js';
import { constructed, isMessage, langchainMessage, langsmithValue, textIn } from './langchainMessage.js';
import type { LangsmithHost } from './LangsmithHost.js';
import type { LangsmithConfig } from './langsmithOptions.js';
import type { RunPlace } from './runPlace.js';
import { usageMetadata } from './usageMetadata.js';

/** What is said of a run at once: the JSON of its head and of its fields, in the order in which the official client sends them. */
export interface RunOperation {
  readonly op: 'post' | 'patch';
  readonly id: string;
  readonly head: string;
  readonly fields: readonly (readonly [name: string, json: string])[];
}

/** What a part's head takes. */
const PART_BYTES = 200;

/** Bytes, about. */
export const operationBytes = ({ head, fields }: RunOperation): number => fields.reduce((size, [, json]) => size + heapBytes(json) + PART_BYTES, heapBytes(head) + PART_BYTES);

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

/** What is said of a run apart from its place: the same wherever it goes. */
export type RunFields = RunOperation['fields'];

/** The inputs of a run as JSON. */
export const inputsJson = (run: TracedRun, { hideInputs }: LangsmithConfig): string => wireJson(hidden(hideInputs, inputsOf(run), langsmithValue), langsmithValue);

/** A run as it is posted: begun, or whole. */
export function posted(run: TracedRun, inputs: string, fields: RunFields, place: RunPlace): RunOperation {
  const { name, tags, endTime } = run;
  const { project, id, traceId, parentId, dottedOrder } = place;
  const head = {
    session_name: project,
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
  return { op: 'post', id, head: wireJson(head), fields: [['inputs', inputs], ...fields, ['serialized', '{}']] };
}

/** What of a run that was posted is known only at its end. */
export function patched(run: TracedRun, inputs: string | undefined, fields: RunFields, place: RunPlace): RunOperation {
  const { name, tags, endTime } = run;
  const { project, id, traceId, parentId, dottedOrder } = place;
  const head = {
    name,
    run_type: RUN_TYPES[run.kind],
    start_time: startTime(run),
    end_time: endTime,
    parent_run_id: parentId,
    dotted_order: dottedOrder,
    trace_id: traceId,
    tags,
    session_name: project,
    id,
  };
  return { op: 'patch', id, head: wireJson(head), fields: [...(inputs === undefined ? [] : ([['inputs', inputs]] as const)), ...fields] };
}

const iso = (time: number): string => new Date(time).toISOString();

/** Microseconds, of which the last three digits are the execution order: that is how equal times are told apart. */
const startTime = ({ startTime, executionOrder }: TracedRun): string =>
  iso(startTime).replace('Z', `${String(Math.min(executionOrder, 999)).padStart(3, '0')}Z`);

/** All but its inputs. */
export function fieldsOf(run: TracedRun, config: LangsmithConfig, host: LangsmithHost): RunFields {
  const fields: (readonly [string, string])[] = [];
  if (run.outputs !== undefined) fields.push(['outputs', wireJson(hidden(config.hideOutputs, outputsOf(run), langsmithValue), langsmithValue)]);
  fields.push(['events', wireJson(eventsOf(run))], ['extra', wireJson(extraOf(run, config, host))]);
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

function extraOf(run: TracedRun, config: LangsmithConfig, host: LangsmithHost): unknown {
  const { kind, usage, attempt, status, thread } = run;
  const { model, provider } = calledModel(run);
  const { parameters, tools, metadata } = invocationOf(run);
  const told = {
    ...(config.runtimeInfo && surroundings(config, host)),
    ...(kind === 'llm' && { ls_model_type: 'chat' }),
    ...((kind === 'llm' || kind === 'embedding') && { ls_model_name: model, ...(provider !== undefined && { ls_provider: provider }) }),
    ...samplingOf(parameters),
    ...(attempt > 1 && { attempt }),
    ...(status === 'interrupted' && { interrupted: true }),
    ...(thread !== undefined && { thread_id: thread }),
    ...metadata,
    ...(usage && (kind === 'llm' || kind === 'embedding') && { usage_metadata: usageMetadata(usage, run.extra) }),
    ...(config.runtimeInfo && config.samplingRate !== undefined && { ls_tracing_sample_rate: config.samplingRate }),
  };
  return {
    ...run.extra,
    ...(kind === 'llm' && { invocation_params: { model, ...parameters, ...(tools.length > 0 && { tools }) } }),
    ...(kind === 'tool' && { tool_call_id: metadata['toolCallId'] }),
    metadata: hidden(config.hideMetadata, told, plainOf),
    ...(config.runtimeInfo && { runtime: { ...RUNTIME, ...host.release } }),
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

const surroundings = ({ revision }: LangsmithConfig, { metadata }: LangsmithHost): Readonly<Record<string, string>> => ({
  ...metadata,
  ...(revision !== undefined && { revision_id: revision }),
});

const RUNTIME = { library: 'rivulet', runtime: typeof window === 'undefined' ? 'node' : 'browser', sdk: 'rivulet' };

function errorOf({ status, error }: TracedRun): string | undefined {
  if (error === undefined) return status === 'cancelled' ? 'Cancelled' : undefined;
  if (!(error instanceof Error)) return typeof error === 'string' ? error : wireJson(error);
  return error.stack ? `${error.message}\n\n${error.stack}` : `${error.name}: ${error.message}`;
}
