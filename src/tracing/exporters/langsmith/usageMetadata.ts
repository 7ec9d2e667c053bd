import type { Usage } from '../../../core/events/RunEvent.js';

/** Tokens as LangSmith counts them, and what they cost where `costs` said so. The details are parts of the totals. */
export function usageMetadata(usage: Usage, extra: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens } = usage;
  const { cost, inputCost, outputCost } = extra;
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...((cachedInputTokens ?? cacheWriteTokens) !== undefined && { input_token_details: { cache_read: cachedInputTokens, cache_creation: cacheWriteTokens } }),
    ...(reasoningTokens !== undefined && { output_token_details: { reasoning: reasoningTokens } }),
    ...(typeof cost === 'number' && { input_cost: inputCost, output_cost: outputCost, total_cost: cost }),
  };
}
