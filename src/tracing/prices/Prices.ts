import type { Usage } from '../../core/events/RunEvent.js';
import { isUsage } from './isUsage.js';

/** What tokens cost, per million. */
export interface TokenPrices {
  readonly input: number;
  /** Of input that was read from the provider's cache. Default: as other input. */
  readonly cachedInput?: number;
  /** Of input that was written to it. Default: as other input. */
  readonly cacheWrite?: number;
  /** Of what was written to be kept for an hour. Default: as other input that was written. */
  readonly longCacheWrite?: number;
  /** Default 0, as of embeddings. */
  readonly output?: number;
  /** Of output that is reasoning. Default: as other output. */
  readonly reasoning?: number;
}

/** What a model's tokens cost, per million. */
export interface Prices extends TokenPrices {
  /** What all tokens of a call cost in place of these, if its input is more than `above` tokens. */
  readonly long?: TokenPrices & { readonly above: number };
}

/**
 * Prices by model. `gpt-5` is also `openai:gpt-5`, `openai/gpt-5` and, dated, `gpt-5-2025-08-07`; with a `*` at the end a name stands for all that begin so. The
 * longest that fits counts.
 */
export type PriceTable = Readonly<Record<string, Prices>>;

/** What a model's run cost: its input, its output, and both. */
export interface RunCost {
  readonly inputCost: number;
  readonly outputCost: number;
  readonly cost: number;
}

/** What these tokens cost; nothing is known of numbers that can't be tokens. */
export function costOf(usage: Usage, prices: Prices): RunCost | undefined {
  if (!isUsage(usage)) return undefined;
  const { inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteTokens = 0, longCacheWriteTokens = 0, reasoningTokens = 0 } = usage;
  const { input, cachedInput = input, cacheWrite = input, longCacheWrite = cacheWrite, output = 0, reasoning = output } = pricesAt(inputTokens, prices);
  const written = atLeast0(cacheWriteTokens - longCacheWriteTokens) * cacheWrite + longCacheWriteTokens * longCacheWrite;
  const inputCost = (atLeast0(inputTokens - cachedInputTokens - cacheWriteTokens) * input + cachedInputTokens * cachedInput + written) / 1e6;
  const outputCost = (atLeast0(outputTokens - reasoningTokens) * output + reasoningTokens * reasoning) / 1e6;
  return { inputCost, outputCost, cost: inputCost + outputCost };
}

/** Some gateways count as parts what is not in the whole. */
const atLeast0 = (tokens: number): number => Math.max(0, tokens);

function pricesAt(inputTokens: number, prices: Prices): TokenPrices {
  const { long } = prices;
  return long && inputTokens > long.above ? long : prices;
}

/** The prices of the first of these ids that the table has any for. */
export function pricesOf(table: PriceTable, ids: readonly string[]): Prices | undefined {
  const patterns = Object.keys(table);
  for (const id of ids.flatMap(namesOf)) {
    const undated = id.replace(DATE, '');
    const fitting = patterns.filter((pattern) => (pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : pattern === id || pattern === undated));
    const best = fitting.sort((a, b) => b.length - a.length)[0];
    if (best !== undefined) return table[best];
  }
  return undefined;
}

/** `-2025-08-07`, `-20250929` or `@20250929`: which version of a model it is. */
const DATE = /[-@]\d{4}(-?)\d{2}\1\d{2}$/;

/** A name, and what is left of it without whoever serves the model: `openrouter:openai/gpt-5`, `openai/gpt-5`, `gpt-5`. */
function namesOf(id: string): readonly string[] {
  const names = [id];
  for (const { index } of id.matchAll(/[:/]/g)) names.push(id.slice(index + 1));
  return names;
}
