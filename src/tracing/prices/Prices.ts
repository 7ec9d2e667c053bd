import type { Usage } from '../../core/events/RunEvent.js';

/** What a model's tokens cost, per million. */
export interface Prices {
  readonly input: number;
  /** Of input that was read from the provider's cache. Default: as other input. */
  readonly cachedInput?: number;
  /** Default 0, as of embeddings. */
  readonly output?: number;
  /** Of output that is reasoning. Default: as other output. */
  readonly reasoning?: number;
}

/**
 * Prices by model: `gpt-5`, or `openai:gpt-5` for one provider's; with `*` at the end of all that begin so. The longest that fits counts.
 */
export type PriceTable = Readonly<Record<string, Prices>>;

/** What a model's run cost: its input, its output, and both. */
export interface RunCost {
  readonly inputCost: number;
  readonly outputCost: number;
  readonly cost: number;
}

/** What these tokens cost. The cached ones are among the input tokens, and those of reasoning among the output. */
export function costOf(usage: Usage, prices: Prices): RunCost {
  const { inputTokens, outputTokens, cachedInputTokens = 0, reasoningTokens = 0 } = usage;
  const { input: inputPrice, cachedInput = inputPrice, output: outputPrice = 0, reasoning = outputPrice } = prices;
  const inputCost = (Math.max(0, inputTokens - cachedInputTokens) * inputPrice + cachedInputTokens * cachedInput) / 1e6;
  const outputCost = (Math.max(0, outputTokens - reasoningTokens) * outputPrice + reasoningTokens * reasoning) / 1e6;
  return { inputCost, outputCost, cost: inputCost + outputCost };
}

/** The prices of the first of these ids that the table has any for. */
export function pricesOf(table: PriceTable, ids: readonly string[]): Prices | undefined {
  for (const id of ids) {
    const fitting = Object.keys(table).filter((pattern) => (pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern));
    const best = fitting.sort((a, b) => b.length - a.length)[0];
    if (best !== undefined) return table[best];
  }
  return undefined;
}
