import { otelTracer } from 'rivulet/otel';
import { langsmithTracer, type ExportingTracer, type ExportLimits } from 'rivulet/tracing';
import { Collector } from '../Collector.js';
import { LangsmithServer } from '../langsmithServer.js';
import { Reports, type Arrival, type Outcome } from './Arrivals.js';
import { RUNS, work, workOf } from './work.js';

const OUTAGE_MS = 200;
const LIMITS: ExportLimits = { retry: { initialMs: 50, maxMs: 200 }, delayMs: 20, maxItems: 5_000 };

interface Receiver {
  readonly url: string;
  down: boolean;
  close(): Promise<void>;
}

/** Real servers on loopback, which are down for 200 ms of 400. */
export async function realLangsmith(): Promise<Outcome> {
  const server = await new LangsmithServer().listen();
  const arrived = (): ReadonlyMap<string, Arrival> => new Map([...server.runs].map(([id, run]) => [id, { ended: run['end_time'] !== undefined, failed: run['error'] !== undefined }]));
  return through(server, langsmithTracer({ endpoint: server.url, ...LIMITS }), arrived);
}

export async function realOtel(): Promise<Outcome> {
  const collector = await Collector.start();
  const arrived = (): ReadonlyMap<string, Arrival> => new Map(collector.spans.map(({ spanId, status }) => [spanId, { ended: true, failed: status.code === 'STATUS_CODE_ERROR' }]));
  return through(collector, otelTracer({ url: collector.url, ...LIMITS }), arrived);
}

async function through(receiver: Receiver, tracer: ExportingTracer, arrived: () => ReadonlyMap<string, Arrival>): Promise<Outcome> {
  const reports = new Reports();
  const flapping = setInterval(() => (receiver.down = !receiver.down), OUTAGE_MS);
  try {
    for (let n = 1; n <= RUNS; n++) {
      work.run(workOf(n, 200), { tracer }).subscribe({ error: () => undefined });
      if (n % 2_500 === 0) await tracer.flush();
    }
    return { tracer, reports, arrived: arrived() };
  } finally {
    clearInterval(flapping);
    reports.end();
    await receiver.close();
  }
}
