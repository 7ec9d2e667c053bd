import type { Attributes } from '@opentelemetry/api';
import type { TracedRun } from '../../runs/TracedRun.js';
import { invocationOf } from '../invocationOf.js';
import { usageMetadata } from '../langsmith/usageMetadata.js';
import { wireJson } from '../wireJson.js';
import { isModelCall } from './genAiAttributes.js';

/** The kinds that LangSmith knows; the others are chains there. */
const KINDS: ReadonlySet<string> = new Set(['llm', 'tool', 'retriever', 'embedding', 'prompt', 'parser']);

/**
 * What the other conventions have no word for: the run's exact ids and place, in LangSmith's words, and the rest in our own, so that
 * nothing is lost for whoever reads it back.
 *
 * @param content whether to tell what a model was asked with: its tools are part of it
 */
export function langsmithAttributes(run: TracedRun, content: boolean): Attributes {
  const { id, traceId, parentId, name, kind, status, tags, attempt, executionOrder, extra, usage, thread } = run;
  const { metadata } = invocationOf(run);
  return {
    'langsmith.span.kind': KINDS.has(kind) ? kind : 'chain',
    'langsmith.span.id': id,
    'langsmith.trace.id': traceId,
    ...(parentId !== undefined && { 'langsmith.span.parent_id': parentId }),
    'langsmith.is_root': parentId === undefined,
    'langsmith.span.dotted_order': run.dottedOrder,
    'langsmith.trace.name': name,
    ...(tags.length > 0 && { 'langsmith.span.tags': tags.join(', ') }),
    ...metadataAttributes({ ...(thread !== undefined && { thread_id: thread }), ...metadata }),
    ...(isModelCall(run) && usage && { 'langsmith.usage_metadata': wireJson(usageMetadata(usage, extra)) }),
    'rivulet.run': wireJson({ kind, status, attempt, executionOrder, tags, metadata: content ? run.metadata : metadata, extra, ...(usage && { usage }) }),
  };
}

function metadataAttributes(metadata: TracedRun['metadata']): Attributes {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [`langsmith.metadata.${key}`, typeof value === 'string' ? value : wireJson(value)]));
}
