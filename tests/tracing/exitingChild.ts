import { lambda } from '../../src/core/flow/lambda.js';
import { langsmithTracer } from '../../src/tracing/node/langsmithTracer.js';
import { otelTracer } from '../../src/tracing/node/otelTracer.js';

/** A program that ends, in the way that it is told, before its trace was sent. */
const [way, to, url = ''] = process.argv.slice(2);
const tracer = to === 'otel' ? otelTracer({ url, delayMs: 60_000 }) : langsmithTracer({ endpoint: url, delayMs: 60_000 });

lambda((n: number) => n + 1)
  .run(1, { tracer, runName: `ends by ${way}` })
  .subscribe();
if (way === 'error') throw new Error('nobody catches this');
if (way === 'rejection') void Promise.reject(new Error('nobody catches this'));
if (way === 'signal') {
  setInterval(() => undefined, 1_000);
  process.kill(process.pid, 'SIGTERM');
}
