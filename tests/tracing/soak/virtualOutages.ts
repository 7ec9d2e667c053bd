import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { otelTracer } from 'rivulet/otel';
import { virtualClock, type VirtualClock } from 'rivulet/testing';
import { langsmithTracer, type ExportingTracer } from 'rivulet/tracing';
import type { WireRun } from '../langsmithServer.js';
import { VirtualServer, type Fate } from '../VirtualServer.js';
import { Reports, type Arrival, type Outcome } from './Arrivals.js';
import { Heap } from './Heap.js';
import { RUNS, TEXT_BYTES, work, workOf } from './work.js';

/** What becomes of the n-th request, at a time. */
export type Weather = (request: number, now: number) => Fate;

const FLAPS: readonly Fate[] = ['lost', { status: 503 }, 'answer lost', { afterMs: 100 }, { status: 429, headers: { 'retry-after': '2' } }, { afterMs: 5 }, { status: 500 }, { afterMs: 50 }];

/** What a receiver may do for two minutes. */
export const weathers = {
  'dead for a minute': (_request, now) => (now > 20_000 && now < 80_000 ? 'lost' : { afterMs: 20 }),
  'slow, up to longer than we wait': (request) => ({ afterMs: request % 10 === 0 ? 60_000 : 500 }),
  'flapping, refusing, losing answers': (request) => FLAPS[request % FLAPS.length] as Fate,
  'refusing some for good': (request) => (request % 10 === 0 ? { status: 422 } : { afterMs: 5 }),
} satisfies Readonly<Record<string, Weather>>;

/** A receiver of runs, and a tracer that sends them there. */
interface Pair {
  readonly tracer: ExportingTracer;
  arrived(): ReadonlyMap<string, Arrival>;
}

export type MakePair = (clock: VirtualClock, fate: (request: number) => Fate) => Pair;

export const virtualLangsmith: MakePair = (clock, fate) => {
  const marks = ({ id, error, end_time }: WireRun): WireRun => ({ id, ...(error !== undefined && { error: true }), ...(end_time !== undefined && { end_time }) });
  const server = new VirtualServer(clock, fate, marks);
  const tracer = langsmithTracer({ endpoint: 'http://langsmith.test', fetch: server.fetch, scheduler: clock, compress: false, timeoutMs: 10_000 });
  const arrivalOf = (run: WireRun): Arrival => ({ ended: run['end_time'] !== undefined, failed: run['error'] === true });
  return { tracer, arrived: () => new Map([...server.runs].map(([id, run]) => [id, arrivalOf(run)])) };
};

export const virtualOtel: MakePair = (clock, fate) => {
  const arrived = new Map<string, Arrival>();
  const exporter = new VirtualExporter(clock, fate, arrived);
  return { tracer: otelTracer({ exporter, scheduler: clock, timeoutMs: 10_000 }), arrived: () => arrived };
};

class VirtualExporter implements SpanExporter {
  private requests = 0;

  constructor(
    private readonly clock: VirtualClock,
    private readonly fate: (request: number) => Fate,
    private readonly arrived: Map<string, Arrival>,
  ) {}

  export(spans: readonly ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    const fate = this.fate(++this.requests);
    const fails = (error: Error): void => done({ code: ExportResultCode.FAILED, error });
    if (typeof fate === 'object' && 'afterMs' in fate) return void this.clock.schedule(() => done(this.take(spans)), fate.afterMs);
    if (fate === 'answer lost') this.take(spans);
    return fails(typeof fate === 'object' ? Object.assign(new Error('refused'), { code: fate.status }) : new Error('no connection'));
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }

  private take(spans: readonly ReadableSpan[]): { readonly code: ExportResultCode } {
    for (const { spanContext, events } of spans) this.arrived.set(spanContext().spanId, { ended: true, failed: events.some(({ name }) => name === 'exception') });
    return { code: ExportResultCode.SUCCESS };
  }
}

/** Time goes on, and what waits for promises with it. */
async function pass(clock: VirtualClock, ms: number): Promise<void> {
  clock.advance(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

/** Runs for two minutes, and then as long as it takes. */
export async function virtualOutage(make: MakePair, weather: Weather, encoding: 'latin1' | 'utf16le' = 'latin1'): Promise<Outcome> {
  const clock = virtualClock();
  const reports = new Reports();
  const { tracer, arrived } = make(clock, (request) => weather(request, clock.now()));
  const heap = new Heap();
  for (let n = 1; n <= RUNS; n++) {
    work.run(workOf(n, TEXT_BYTES, encoding), { scheduler: clock, tracer }).subscribe({ error: () => undefined });
    if (n % 20 === 0) await pass(clock, (20 * 120_000) / RUNS);
    if (n % 250 === 0) heap.look();
  }
  let done = false;
  void tracer.flush().then(() => (done = true));
  while (!done) await pass(clock, 1_000);
  for (let ms = 0; ms < 60_000; ms += 1_000) await pass(clock, 1_000); // for the last report
  reports.end();
  return { tracer, reports, arrived: arrived(), heap };
}
