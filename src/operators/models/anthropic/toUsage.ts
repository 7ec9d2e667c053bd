import type { CacheCreation, MessageDeltaUsage } from '@anthropic-ai/sdk/resources/messages';
import type { Usage } from '../../../core/events/RunEvent.js';

/** What Anthropic counts; a gateway may leave out any of it. */
export type TokenCounts = { readonly [K in keyof MessageDeltaUsage]?: MessageDeltaUsage[K] | undefined } & { readonly cache_creation?: Partial<CacheCreation> | null };

/** Anthropic counts what it read from its cache, and what it wrote there, apart from the input; here both are part of it. */
export function toUsage(counts: TokenCounts): Usage {
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, cache_creation, output_tokens, output_tokens_details } = counts;
  const longCacheWriteTokens = cache_creation?.ephemeral_1h_input_tokens;
  return {
    inputTokens: (input_tokens ?? 0) + (cache_creation_input_tokens ?? 0) + (cache_read_input_tokens ?? 0),
    outputTokens: output_tokens ?? 0,
    ...(cache_read_input_tokens != null && { cachedInputTokens: cache_read_input_tokens }),
    ...(cache_creation_input_tokens != null && { cacheWriteTokens: cache_creation_input_tokens }),
    ...(longCacheWriteTokens && { longCacheWriteTokens }),
    ...(output_tokens_details && { reasoningTokens: output_tokens_details.thinking_tokens }),
  };
}
