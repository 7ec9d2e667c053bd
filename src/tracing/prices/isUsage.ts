import type { Usage } from '../../core/events/RunEvent.js';

/** Whether all that a model counted can be tokens. What it says comes from elsewhere: one `NaN` would spoil every sum that it gets into. */
export function isUsage({ inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, longCacheWriteTokens, reasoningTokens }: Usage): boolean {
  return [inputTokens, outputTokens].every(isCount) && [cachedInputTokens, cacheWriteTokens, longCacheWriteTokens, reasoningTokens].every((tokens) => tokens === undefined || isCount(tokens));
}

const isCount = (tokens: number): boolean => Number.isSafeInteger(tokens) && tokens >= 0;
