import type { Attributes } from '@opentelemetry/api';
import type { SpanKind } from '../../../core/events/RunEvent.js';
import type { TracedRun } from '../../runs/TracedRun.js';
import { wireJson } from '../wireJson.js';
import { calledModel } from '../calledModel.js';
import { inputMessages, outputMessages } from './genAiMessages.js';
import { requestAttributes } from './requestAttributes.js';

const OPERATIONS: Partial<Record<SpanKind, string>> = {
  llm: 'chat',
  embedding: 'embeddings',
  tool: 'execute_tool',
  retriever: 'retrieval',
  agent: 'invoke_agent',
  graph: 'invoke_workflow',
};

/** What a span is called: the operation and its object, as the conventions ask; else the run's name. */
export function spanName(run: TracedRun): string {
  const operation = OPERATIONS[run.kind];
  if (operation === undefined) return run.name;
  return `${operation} ${isModelCall(run) ? calledModel(run).model : run.name}`;
}

/** Whether a run is a call of a model: of these the tokens count, what is around them tells of the same ones again. */
export function isModelCall({ kind }: TracedRun): boolean {
  return kind === 'llm' || kind === 'embedding';
}

/**
 * A run in the words of OpenTelemetry's GenAI semantic conventions. Source: client-inference.md, gen-ai-spans.md and gen-ai-agent-spans.md
 * of github.com/open-telemetry/semantic-conventions-genai.
 *
 * @param content whether to tell what was said
 */
export function genAiAttributes(run: TracedRun, content: boolean): Attributes {
  const operation = OPERATIONS[run.kind];
  return {
    ...(operation !== undefined && { 'gen_ai.operation.name': operation }),
    ...(run.thread !== undefined && { 'gen_ai.conversation.id': run.thread }),
    ...(isModelCall(run) && modelAttributes(run)),
    ...(run.kind === 'llm' && requestAttributes(run, content)),
    ...(content && run.kind === 'llm' && messageAttributes(run)),
    ...(run.kind === 'agent' && { 'gen_ai.agent.name': run.name }),
    ...(content && run.kind === 'retriever' && typeof run.inputs === 'string' && { 'gen_ai.retrieval.query.text': run.inputs }),
    ...(run.kind === 'graph' && { 'gen_ai.workflow.name': run.name }),
    ...(run.kind === 'tool' && toolAttributes(run, content)),
  };
}

function modelAttributes(run: TracedRun): Attributes {
  const { model, provider } = calledModel(run);
  const { usage, firstTokenTime, startTime } = run;
  return {
    ...(provider !== undefined && { 'gen_ai.provider.name': provider, 'gen_ai.system': provider }), // the name now, and before 2025
    'gen_ai.request.model': model,
    ...answerAttributes(run.outputs),
    ...(firstTokenTime !== undefined && { 'gen_ai.request.stream': true, 'gen_ai.response.time_to_first_chunk': (firstTokenTime - startTime) / 1000 }),
    ...(usage && {
      'gen_ai.usage.input_tokens': usage.inputTokens, // the cached ones are among them
      'gen_ai.usage.output_tokens': usage.outputTokens,
      ...(usage.cachedInputTokens !== undefined && { 'gen_ai.usage.cache_read.input_tokens': usage.cachedInputTokens }),
      ...(usage.cacheWriteTokens !== undefined && { 'gen_ai.usage.cache_creation.input_tokens': usage.cacheWriteTokens }),
      ...(usage.reasoningTokens !== undefined && { 'gen_ai.usage.reasoning.output_tokens': usage.reasoningTokens }),
    }),
  };
}

function answerAttributes(outputs: unknown): Attributes {
  const { id, finishReason, metadata } = (typeof outputs === 'object' && outputs !== null ? outputs : {}) as {
    readonly id?: unknown;
    readonly finishReason?: unknown;
    readonly metadata?: { readonly model?: unknown };
  };
  return {
    ...(typeof id === 'string' && { 'gen_ai.response.id': id }),
    ...(typeof finishReason === 'string' && { 'gen_ai.response.finish_reasons': [finishReason] }),
    ...(typeof metadata?.model === 'string' && { 'gen_ai.response.model': metadata.model }),
  };
}

function messageAttributes({ inputs, outputs }: TracedRun): Attributes {
  const [asked, answered] = [inputMessages(inputs), outputMessages(outputs)];
  return { ...(asked && { 'gen_ai.input.messages': wireJson(asked) }), ...(answered && { 'gen_ai.output.messages': wireJson(answered) }) };
}

function toolAttributes({ name, inputs, outputs, metadata: { toolCallId } }: TracedRun, content: boolean): Attributes {
  return {
    'gen_ai.tool.name': name,
    'gen_ai.tool.type': 'function',
    ...(typeof toolCallId === 'string' && { 'gen_ai.tool.call.id': toolCallId }),
    ...(content && inputs !== undefined && { 'gen_ai.tool.call.arguments': wireJson(inputs) }),
    ...(content && outputs !== undefined && { 'gen_ai.tool.call.result': wireJson(outputs) }),
  };
}
