import type { Attributes } from '@opentelemetry/api';
import type { SpanKind } from '../../../core/events/RunEvent.js';
import type { TracedRun } from '../../runs/TracedRun.js';
import { wireJson } from '../wireJson.js';
import { calledModel } from '../calledModel.js';
import { invocationOf } from '../invocationOf.js';
import { isModelCall } from './genAiAttributes.js';

const KINDS: Partial<Record<SpanKind, string>> = { llm: 'LLM', embedding: 'EMBEDDING', tool: 'TOOL', retriever: 'RETRIEVER', agent: 'AGENT', prompt: 'PROMPT' };

/**
 * A run in the words of the OpenInference conventions, which Phoenix and others read.
 *
 * @param content whether to tell what was said
 */
export function openInferenceAttributes(run: TracedRun, content: boolean): Attributes {
  return {
    'openinference.span.kind': KINDS[run.kind] ?? 'CHAIN',
    ...(run.thread !== undefined && { 'session.id': run.thread }),
    ...(run.tags.length > 0 && { 'tag.tags': [...run.tags] }),
    ...(content && valueAttributes('input', run.inputs)),
    ...(content && valueAttributes('output', run.outputs)),
    ...(isModelCall(run) && modelAttributes(run)),
    ...(content && run.kind === 'llm' && requestAttributes(run)),
    ...(run.kind === 'tool' && toolAttributes(run)),
  };
}

function requestAttributes(run: TracedRun): Attributes {
  const { parameters, tools } = invocationOf(run);
  return {
    ...(Object.keys(parameters).length > 0 && { 'llm.invocation_parameters': wireJson(parameters) }),
    ...Object.fromEntries(tools.map((tool, index) => [`llm.tools.${index}.tool.json_schema`, wireJson(tool)])),
  };
}

function toolAttributes({ name, metadata: { toolCallId } }: TracedRun): Attributes {
  return { 'tool.name': name, ...(typeof toolCallId === 'string' && { 'tool.id': toolCallId }) };
}

/** A text is told as it is, anything else as JSON. */
function valueAttributes(side: 'input' | 'output', value: unknown): Attributes {
  if (value === undefined) return {};
  const isText = typeof value === 'string';
  return { [`${side}.value`]: isText ? value : wireJson(value), [`${side}.mime_type`]: isText ? 'text/plain' : 'application/json' };
}

function modelAttributes(run: TracedRun): Attributes {
  const { usage } = run;
  return {
    [run.kind === 'llm' ? 'llm.model_name' : 'embedding.model_name']: calledModel(run).model,
    ...(usage && {
      'llm.token_count.prompt': usage.inputTokens,
      'llm.token_count.completion': usage.outputTokens,
      'llm.token_count.total': usage.inputTokens + usage.outputTokens,
      ...(usage.cachedInputTokens !== undefined && { 'llm.token_count.prompt_details.cache_read': usage.cachedInputTokens }),
      ...(usage.cacheWriteTokens !== undefined && { 'llm.token_count.prompt_details.cache_write': usage.cacheWriteTokens }),
      ...(usage.reasoningTokens !== undefined && { 'llm.token_count.completion_details.reasoning': usage.reasoningTokens }),
    }),
  };
}
