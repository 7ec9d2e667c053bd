import process from 'node:process';
import type { ExportingTracer } from '../exporters/exportingTracer.js';

/** How long a process that ends waits for its traces. */
const GRACE_MS = 2_000;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const tracers = new Set<ExportingTracer>();

/**
 * Sends what a tracer has yet to send when the process ends: by itself, by SIGINT or SIGTERM, or of an error that nobody caught. It
 * ends as it would have, two seconds later at most. Where the program listens to a signal or to uncaught errors itself, it decides
 * what becomes of them. `process.exit()` waits for nothing: `await tracer.flush()` before it.
 *
 * @param tracer kept until the process ends: make one, not one for each request
 */
export function flushOnExit<T extends ExportingTracer>(tracer: T): T {
  if (tracers.size === 0) listen();
  tracers.add(tracer);
  return tracer;
}

function listen(): void {
  process.on('beforeExit', () => void flushAll().then((inTime) => (inTime ? undefined : process.exit())));
  process.on('uncaughtException', crashed);
  for (const signal of SIGNALS) process.on(signal, stopped);
}

function crashed(error: unknown): void {
  const decides = process.listenerCount('uncaughtException') === 1;
  if (decides) process.off('uncaughtException', crashed); // a second one ends it at once
  void flushAll().then(() => {
    if (decides) setImmediate(() => rethrow(error));
  });
}

/** As Node would have said it. */
function rethrow(error: unknown): never {
  throw error;
}

function stopped(signal: NodeJS.Signals): void {
  const decides = process.listenerCount(signal) === 1;
  if (decides) process.off(signal, stopped);
  void flushAll().then(() => (decides ? process.kill(process.pid, signal) : undefined));
}

/** Whether there was time for all. */
async function flushAll(): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), GRACE_MS);
  });
  const done = Promise.all([...tracers].map((tracer) => tracer.flush())).then(() => true as const);
  const inTime = await Promise.race([done, late]);
  clearTimeout(timer);
  return inTime;
}
