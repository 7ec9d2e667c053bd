import type { MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';
import type { ChatRequest } from '../ChatModel.js';
import { wellFormed } from '../wellFormed.js';
import { generationOf } from './generationOf.js';
import { toConversation } from './toConversation.js';
import { toStrictSchema } from './toStrictSchema.js';
import { toThinkingParams } from './toThinkingParams.js';
import { toToolParams } from './toToolParams.js';

/** What the API takes, also in its version of 2023, which the SDK's types have left behind. */
export interface RequestBody extends Omit<MessageCreateParamsBase, 'stream'> {
  readonly temperature?: number;
  readonly top_p?: number;
  readonly top_k?: number;
}

/** The body of a request, but for whether it streams. */
export function toRequestBody(model: string, request: ChatRequest, defaultMaxTokens: number): RequestBody {
  const { messages, maxTokens, stop, reasoning, output, extra } = request;
  const conversation = toConversation(messages);
  const { thinking, effort } = toThinkingParams(model, reasoning, maxTokens);
  // A budget is part of max_tokens: unless the caller says how they relate, it comes on top of what the answer may take.
  const budget = thinking?.type === 'enabled' ? thinking.budget_tokens : 0;
  const format = output && { type: 'json_schema' as const, schema: toStrictSchema(output.schema, `the output '${output.name}'`) };
  return wellFormed({
    model,
    max_tokens: maxTokens ?? defaultMaxTokens + budget,
    ...(conversation.system.length > 0 && { system: [...conversation.system] }),
    messages: conversation.messages,
    ...toToolParams(request),
    ...toSampling(model, request),
    ...(stop && stop.length > 0 && { stop_sequences: [...stop] }),
    ...(thinking && { thinking }),
    ...((effort || format) && { output_config: { ...(effort && { effort }), ...(format && { format }) } }),
    ...extra,
  });
}

const SAMPLES_UNTIL = 406;

/** Claude takes neither temperature nor top_p since 4.7 and refuses a request with them, so that they stay out, as `seed` does. */
function toSampling(model: string, { temperature, topP }: ChatRequest): { readonly temperature?: number; readonly top_p?: number } {
  if ((generationOf(model) ?? 0) > SAMPLES_UNTIL) return {};
  return { ...(temperature !== undefined && { temperature }), ...(topP !== undefined && { top_p: topP }) };
}

/** The headers a body asks for: the API's version of 2026 has no sampling parameters. */
export function headersFor(...bodies: readonly RequestBody[]): Readonly<Record<string, string>> {
  const samples = bodies.some((body) => 'temperature' in body || 'top_p' in body || 'top_k' in body);
  return samples ? { 'anthropic-version': '2023-06-01' } : {};
}
