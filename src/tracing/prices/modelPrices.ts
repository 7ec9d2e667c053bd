import type { PriceTable } from './Prices.js';

/**
 * Prices of some well-known models in US dollars, as their makers listed them in November 2025: examples, to be checked against what you
 * pay. `costs({ ...modelPrices, 'my-model*': { input: 1, output: 2 } })` adds to them.
 */
export const modelPrices: PriceTable = Object.freeze({
  'gpt-5': { input: 1.25, cachedInput: 0.125, output: 10 },
  'gpt-5-2025-*': { input: 1.25, cachedInput: 0.125, output: 10 },
  'gpt-5-mini*': { input: 0.25, cachedInput: 0.025, output: 2 },
  'gpt-5-nano*': { input: 0.05, cachedInput: 0.005, output: 0.4 },
  'gpt-4.1': { input: 2, cachedInput: 0.5, output: 8 },
  'gpt-4.1-2025-*': { input: 2, cachedInput: 0.5, output: 8 },
  'gpt-4.1-mini*': { input: 0.4, cachedInput: 0.1, output: 1.6 },
  'gpt-4.1-nano*': { input: 0.1, cachedInput: 0.025, output: 0.4 },
  'gpt-4o': { input: 2.5, cachedInput: 1.25, output: 10 },
  'gpt-4o-2024-*': { input: 2.5, cachedInput: 1.25, output: 10 },
  'gpt-4o-mini*': { input: 0.15, cachedInput: 0.075, output: 0.6 },
  'o4-mini*': { input: 1.1, cachedInput: 0.275, output: 4.4 },
  'text-embedding-3-small': { input: 0.02 },
  'text-embedding-3-large': { input: 0.13 },
  'claude-opus-4-5*': { input: 5, cachedInput: 0.5, output: 25 },
  'claude-opus-4-1*': { input: 15, cachedInput: 1.5, output: 75 },
  'claude-sonnet-4*': { input: 3, cachedInput: 0.3, output: 15 },
  'claude-haiku-4-5*': { input: 1, cachedInput: 0.1, output: 5 },
});
