import type { BeginType, RunEvent } from '../core/events/RunEvent.js';
import type { Tracer } from '../core/trace/tracer.js';
import { modelPrices } from './prices/modelPrices.js';
import { costOf, pricesOf, type PriceTable, type RunCost } from './prices/Prices.js';
import { OpenRuns } from './runs/OpenRuns.js';
import { beginsRun, endsRun, type EndType } from './runs/runBounds.js';
import type { TracerOperator } from './TracerOperator.js';

export interface CostsOptions {
  /** What the table's prices are in. Default `'USD'`. */
  readonly currency?: string;
}

/**
 * Says what runs cost. A model's run that tells its usage gets `cost`, `inputCost`, `outputCost` and `currency` in its `extra`, if the table
 * knows the model; those around it get `totalCost`, the sum. A model's run around another of its kind is not counted itself, each attempt that
 * tells its usage is, and an answer from a cache is no run.
 *
 * The model is what the answer says it was (`metadata.model`), else what was asked (the span's `metadata.model` and `provider`). What isn't
 * known costs nothing here rather than something wrong: a model that isn't in the table, a run that was left before it told its usage, a usage that can't be
 * true. What a provider takes besides tokens isn't known, nor that it took less for a batch, or more for priority.
 *
 * @param table prices by model. Default `modelPrices`
 *
 * @example
 * ```ts
 * import { chat, scripted } from 'rivulet';
 * import { costs, memoryTracer, modelPrices } from 'rivulet/tracing';
 *
 * const kept = memoryTracer();
 * const priced = costs({ ...modelPrices, scripted: { input: 2, output: 8 } });
 * await chat(scripted([{ reply: 'Hello!' }])).invoke('Hi', { tracer: priced(kept) });
 * kept.runs[0]?.extra; // { inputCost: …, outputCost: …, cost: …, currency: 'USD' }
 * ```
 */
export function costs(table: PriceTable = modelPrices, { currency = 'USD' }: CostsOptions = {}): TracerOperator {
  return (tracer) => new PricingTracer(tracer, table, currency);
}

/** A run that is open. */
interface PricedRun {
  readonly parent: PricedRun | undefined;
  /** If it is a model's. */
  readonly kind: 'llm' | 'embedding' | undefined;
  readonly name: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Whether another of its kind is within it, which tells of the same tokens. */
  isAround: boolean;
  /** What the runs within it cost. */
  totalCost: number | undefined;
}

class PricingTracer implements Tracer {
  private readonly open = new OpenRuns<PricedRun>();

  constructor(
    private readonly tracer: Tracer,
    private readonly table: PriceTable,
    private readonly currency: string,
  ) {}

  get tokens(): Tracer['tokens'] {
    return this.tracer.tokens;
  }

  next(event: RunEvent): void {
    if (endsRun(event)) return this.end(event);
    if (beginsRun(event)) this.begin(event);
    this.tracer.next(event);
  }

  private begin(event: RunEvent<BeginType>): void {
    const parent = event.parentRunId === undefined ? undefined : this.open.get(event.parentRunId);
    const kind = event.type !== 'node_start' && (event.kind === 'llm' || event.kind === 'embedding') ? event.kind : undefined;
    const name = event.type === 'node_start' ? event.node : event.name;
    this.open.set(event.runId, { parent, kind, name, metadata: event.metadata ?? {}, isAround: false, totalCost: undefined });
    if (!kind) return;
    for (let around = parent; around; around = around.parent) around.isAround ||= around.kind === kind;
  }

  private end(event: RunEvent<EndType>): void {
    const run = this.open.get(event.runId);
    if (!run) return this.tracer.next(event);
    this.open.delete(event.runId);
    const cost = this.costOf(run, event);
    const { parent, totalCost } = run;
    if (!cost && totalCost === undefined) return this.tracer.next(event);
    const spent = (cost?.cost ?? 0) + (totalCost ?? 0);
    if (parent) parent.totalCost = (parent.totalCost ?? 0) + spent;
    this.tracer.next({ ...event, extra: { ...event.extra, ...cost, ...(totalCost !== undefined && { totalCost: spent }), currency: this.currency } });
  }

  private costOf(run: PricedRun, event: RunEvent<EndType>): RunCost | undefined {
    if (!run.kind || run.isAround || !('usage' in event) || !event.usage) return undefined;
    const prices = pricesOf(this.table, modelIds(run, event.output));
    return prices && costOf(event.usage, prices);
  }
}

/** What the model may be listed as, the most exact first. */
function modelIds({ name, metadata: { model, provider } }: PricedRun, output: unknown): readonly string[] {
  const answered = (output as { readonly metadata?: { readonly model?: unknown } } | null | undefined)?.metadata?.model;
  const models = [answered, model].filter((id) => typeof id === 'string');
  return [...models.flatMap((id) => (typeof provider === 'string' ? [`${provider}:${id}`, id] : [id])), name];
}
