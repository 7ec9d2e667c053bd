import { isUsage } from '../prices/isUsage.js';
import type { RunTree } from '../runs/RunTree.js';

/** What the model calls of a tree used together. */
export interface RunTotals {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** `undefined`: nobody knows the prices. */
  readonly cost: number | undefined;
  readonly currency: string;
}

/** Sums up the innermost runs that used something: what is around them tells of the same tokens again. */
export function runTotals({ run, children }: RunTree): RunTotals | undefined {
  const within = children.map(runTotals).filter((totals) => totals !== undefined);
  if (within.length > 0) return within.reduce(sum);
  if (!run.usage || !isUsage(run.usage)) return undefined;
  const { inputTokens, outputTokens } = run.usage;
  const { cost, currency } = run.extra;
  return { inputTokens, outputTokens, cost: typeof cost === 'number' ? cost : undefined, currency: typeof currency === 'string' ? currency : 'USD' };
}

function sum(a: RunTotals, b: RunTotals): RunTotals {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cost: a.cost === undefined && b.cost === undefined ? undefined : (a.cost ?? 0) + (b.cost ?? 0),
    currency: a.currency,
  };
}
