import type { OutputConfig, ThinkingConfigParam } from '@anthropic-ai/sdk/resources/messages';
import type { ChatOptions } from '../ChatModel.js';
import { generationOf } from './generationOf.js';

type Reasoning = NonNullable<ChatOptions['reasoning']>;

interface ThinkingParams {
  readonly thinking?: ThinkingConfigParam;
  readonly effort?: NonNullable<OutputConfig['effort']>;
}

const ADAPTS_SINCE = 406;
const ADAPTS_ONLY_SINCE = 407;
const LEAST_BUDGET_TOKENS = 1024;
const BUDGET_TOKENS = { minimal: LEAST_BUDGET_TOKENS, low: 2048, medium: 8192, high: 16_384 };

/**
 * How much to think. Since Claude 4.6 models find out for themselves, guided by an effort, and since 4.7 they take no budget any
 * more; those before know nothing but a budget, and thus for them an effort makes one, of half of `maxTokens` at most.
 */
export function toThinkingParams(model: string, reasoning: Reasoning | undefined, maxTokens: number | undefined): ThinkingParams {
  if (!reasoning) return {};
  const { effort, budgetTokens } = reasoning;
  const generation = generationOf(model) ?? 0;
  if (generation >= ADAPTS_ONLY_SINCE || (generation >= ADAPTS_SINCE && budgetTokens === undefined)) {
    return { thinking: { type: 'adaptive', display: 'summarized' }, ...(effort && { effort: effort === 'minimal' ? 'low' : effort }) };
  }
  const budget = budgetTokens ?? Math.min(BUDGET_TOKENS[effort ?? 'medium'], maxTokens === undefined ? Infinity : Math.floor(maxTokens / 2));
  return { thinking: { type: 'enabled', budget_tokens: Math.max(LEAST_BUDGET_TOKENS, budget) } };
}
