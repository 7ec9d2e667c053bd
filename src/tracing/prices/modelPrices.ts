import type { PriceTable, Prices, TokenPrices } from './Prices.js';

/** As OpenAI prices long inputs: twice for what goes in, half as much again for what comes out. */
function openaiLong(prices: TokenPrices): Prices {
  const { input, cachedInput = input, cacheWrite = input, output = 0 } = prices;
  return { ...prices, long: { above: 272_000, input: 2 * input, cachedInput: 2 * cachedInput, cacheWrite: 2 * cacheWrite, output: 1.5 * output } };
}

const gpt6Sol = { input: 2, cachedInput: 0.1, cacheWrite: 2.5, output: 10 };
const gpt5 = { input: 1.25, cachedInput: 0.125, output: 10 };
const claudeOpus = { input: 5, cachedInput: 0.5, cacheWrite: 6.25, longCacheWrite: 10, output: 25 };
const claudeOpus4 = { input: 15, cachedInput: 1.5, cacheWrite: 18.75, longCacheWrite: 30, output: 75 };
const claudeSonnet4 = { input: 3, cachedInput: 0.3, cacheWrite: 3.75, longCacheWrite: 6, output: 15 };

/**
 * What common models cost in US dollars, by their makers' list prices of November 2026, to be checked against what you pay.
 * `costs({ ...modelPrices, 'my-model': { input: 1, output: 2 } })` adds to them.
 *
 * Looked up on 2026-11-21. Anthropic's, and of OpenAI's `gpt-6.2-sol`, `gpt-5.6-terra`, `gpt-5.6-luna`, `gpt-5-nano` and `text-embedding-3-*`, in copies of their own pages
 * (platform.claude.com/docs/en/about-claude/pricing, developers.openai.com/api/docs/models); what its cache takes of `claude-opus-5-5` and
 * `claude-sonnet-5-5`, and all others, in catalogues that name the makers' lists as their source: models.dev, genai-prices and trackers of prices. They
 * are those of text at the standard tier: batches are cheaper, priority, flex and regional processing have prices of their own, and audio
 * costs more with some. What OpenAI writes to its cache is taken to be kept for 30 minutes, as it doesn't tell.
 *
 * Left out, as a number would be wrong: what costs more at some hours (DeepSeek), what has an introductory price that ends soon (`gpt-5.6-sol`,
 * `gemini-3.8-flash`, `mistral-large-4`), names that move from model to model (`mistral-large-latest`), and those of which no full price was found,
 * or two different ones (`gpt-6.2-astra`, OpenAI's `-pro` models, `mistral-small-2603`).
 */
export const modelPrices: PriceTable = Object.freeze<PriceTable>({
  // OpenAI
  'gpt-6.2-sol': openaiLong(gpt6Sol),
  'gpt-6.1-sol': openaiLong(gpt6Sol),
  'gpt-6.1-terra': openaiLong({ input: 1, cachedInput: 0.05, cacheWrite: 1.25, output: 5 }),
  'gpt-6-astra': openaiLong({ input: 10, cachedInput: 1, cacheWrite: 12.5, output: 50 }),
  'gpt-6-sol': openaiLong({ ...gpt6Sol, cachedInput: 0.2 }),
  'gpt-6-luna': openaiLong({ input: 0.1, cachedInput: 0.01, cacheWrite: 0.125, output: 0.5 }),
  'gpt-5.6-terra': openaiLong({ input: 2, cachedInput: 0.2, cacheWrite: 2.5, output: 12 }),
  'gpt-5.6-luna': openaiLong({ input: 0.2, cachedInput: 0.02, cacheWrite: 0.25, output: 1.2 }),
  'gpt-5.5': openaiLong({ input: 5, cachedInput: 0.5, output: 30 }),
  'gpt-5.4': openaiLong({ input: 2.5, cachedInput: 0.25, output: 15 }),
  'gpt-5.4-mini': { input: 0.75, cachedInput: 0.075, output: 4.5 },
  'gpt-5.4-nano': { input: 0.2, cachedInput: 0.02, output: 1.25 },
  'gpt-5.2': { input: 1.75, cachedInput: 0.175, output: 14 },
  'gpt-5.1': gpt5,
  'gpt-5': gpt5,
  'gpt-5-mini': { input: 0.25, cachedInput: 0.025, output: 2 },
  'gpt-5-nano': { input: 0.05, cachedInput: 0.005, output: 0.4 },
  'gpt-4.1': { input: 2, cachedInput: 0.5, output: 8 },
  'gpt-4.1-mini': { input: 0.4, cachedInput: 0.1, output: 1.6 },
  'gpt-4.1-nano': { input: 0.1, cachedInput: 0.025, output: 0.4 },
  'gpt-4o': { input: 2.5, cachedInput: 1.25, output: 10 },
  'gpt-4o-2024-05-13': { input: 5, output: 15 },
  'gpt-4o-mini': { input: 0.15, cachedInput: 0.075, output: 0.6 },
  o3: { input: 2, cachedInput: 0.5, output: 8 },
  'o4-mini': { input: 1.1, cachedInput: 0.275, output: 4.4 },
  'text-embedding-3-large': { input: 0.13 },
  'text-embedding-3-small': { input: 0.02 },
  'text-embedding-ada-002': { input: 0.1 },
  // Anthropic
  'claude-fable-5-1': { input: 10, cachedInput: 0.25, cacheWrite: 12.5, longCacheWrite: 20, output: 50 },
  'claude-fable-5': { input: 10, cachedInput: 1, cacheWrite: 12.5, longCacheWrite: 20, output: 50 },
  'claude-opus-5-5': { input: 4, cachedInput: 0.2, cacheWrite: 5, longCacheWrite: 8, output: 20 },
  'claude-opus-5': claudeOpus,
  'claude-opus-4-8': claudeOpus,
  'claude-opus-4-7': claudeOpus,
  'claude-opus-4-6': claudeOpus,
  'claude-opus-4-5': claudeOpus,
  'claude-opus-4-1': claudeOpus4,
  'claude-opus-4': claudeOpus4,
  'claude-sonnet-5-5': { input: 2, cachedInput: 0.1, cacheWrite: 2.5, longCacheWrite: 4, output: 10 },
  'claude-sonnet-5': { input: 2, cachedInput: 0.2, cacheWrite: 2.5, longCacheWrite: 4, output: 10 },
  'claude-sonnet-4-6': claudeSonnet4,
  'claude-sonnet-4-5': claudeSonnet4,
  'claude-sonnet-4': claudeSonnet4,
  'claude-haiku-5-5': {
    input: 0.1,
    cachedInput: 0.01,
    cacheWrite: 0.125,
    longCacheWrite: 0.2,
    output: 0.5,
    long: { above: 100_000, input: 0.5, cachedInput: 0.05, cacheWrite: 0.625, longCacheWrite: 1, output: 2.5 },
  },
  'claude-haiku-4-5': { input: 1, cachedInput: 0.1, cacheWrite: 1.25, longCacheWrite: 2, output: 5 },
  // Google
  'gemini-3.5-flash': { input: 1.5, cachedInput: 0.15, output: 9 },
  'gemini-3.1-pro-preview': { input: 2, cachedInput: 0.2, output: 12, long: { above: 200_000, input: 4, cachedInput: 0.4, output: 18 } },
  'gemini-3.1-flash-lite': { input: 0.25, cachedInput: 0.025, output: 1.5 },
  'gemini-3-flash-preview': { input: 0.5, cachedInput: 0.05, output: 3 },
  'gemini-2.5-pro': { input: 1.25, cachedInput: 0.125, output: 10, long: { above: 200_000, input: 2.5, cachedInput: 0.25, output: 15 } },
  'gemini-2.5-flash': { input: 0.3, cachedInput: 0.03, output: 2.5 },
  'gemini-2.5-flash-lite': { input: 0.1, cachedInput: 0.01, output: 0.4 },
  // Mistral
  'mistral-medium-3-5': { input: 1.5, cachedInput: 0.15, output: 7.5 },
  'mistral-medium-2508': { input: 0.4, cachedInput: 0.04, output: 2 },
  'mistral-large-2512': { input: 0.5, cachedInput: 0.05, output: 1.5 },
  'ministral-14b-2512': { input: 0.2, cachedInput: 0.02, output: 0.2 },
  'ministral-8b-2512': { input: 0.15, cachedInput: 0.015, output: 0.15 },
  'ministral-3b-2512': { input: 0.1, cachedInput: 0.01, output: 0.1 },
  'codestral-2508': { input: 0.3, cachedInput: 0.03, output: 0.9 },
  'devstral-2512': { input: 0.4, cachedInput: 0.04, output: 2 },
  'mistral-embed': { input: 0.1 },
});
