import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lambda, type Flow } from 'rivulet';
import { seededRandom, virtualClock, type VirtualClock } from 'rivulet/testing';
import { langsmithTracer, span, type ExportingTracer, type LangsmithOptions } from 'rivulet/tracing';
import { platform } from '../../src/core/bridge/platform.js';
import { LangsmithServer } from './langsmithServer.js';
import { Heap } from './soak/Heap.js';
import { VirtualServer, type Fate } from './VirtualServer.js';

const { warn, random } = platform;
let warnings: string[];

beforeEach(() => {
  warnings = [];
  platform.warn = (message) => void warnings.push(message);
  platform.random = seededRandom(7);
});

afterEach(() => {
  platform.warn = warn;
  platform.random = random;
});

const MIB = 2 ** 20;
const RUNS = 10_000;
/** For what doesn't hang on their number. */
const FEWER = 2_000;

/** Every hundredth fails. */
const work: Flow<number, number> = span('work', 'tool', lambda((n: number) => (n % 100 === 0 ? failed(n) : n + 1)));

function failed(n: number): never {
  throw new Error(`run ${n} failed`);
}

/** Time goes on, and what waits for promises with it. */
async function pass(clock: VirtualClock, ms: number): Promise<void> {
  clock.advance(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

/** Runs for two minutes, and then as much time as it takes. */
async function trace(runs: number, fate: (request: number, now: number) => Fate, options: LangsmithOptions = {}): Promise<{ server: VirtualServer; tracer: ExportingTracer }> {
  const clock = virtualClock();
  const server = new VirtualServer(clock, (request) => fate(request, clock.now()));
  const tracer = langsmithTracer({ endpoint: 'http://langsmith.test', fetch: server.fetch, scheduler: clock, compress: false, ...options });
  for (let n = 1; n <= runs; n++) {
    work.run(n, { scheduler: clock, tracer }).subscribe({ error: () => undefined });
    if (n % 20 === 0) await pass(clock, (20 * 120_000) / runs);
  }
  let done = false;
  void tracer.flush().then(() => (done = true));
  while (!done) await pass(clock, 1_000);
  return { server, tracer };
}

describe('runs of which 1 % fail, to an endpoint that', () => {
  const dead = (_request: number, now: number): Fate => (now > 20_000 && now < 80_000 ? 'lost' : { afterMs: 20 });

  test('is dead for a minute: 10,000 arrive, each once', async () => {
    const { server, tracer } = await trace(RUNS, dead);
    expect([server.runs.size, tracer.dropped, warnings]).toEqual([RUNS, 0, []]);
    expect([...server.runs.values()].filter(({ error }) => error !== undefined)).toHaveLength(RUNS / 100);
    expect([...server.runs.values()].every(({ end_time, inputs }) => typeof end_time === 'number' && inputs !== undefined)).toBe(true);
  });

  test('is dead for longer than the queue has room: what is dropped is counted and reported, all else arrives', async () => {
    const { server, tracer } = await trace(FEWER, dead, { maxItems: 200 });
    expect(tracer.dropped).toBeGreaterThan(600);
    expect(server.runs.size + tracer.dropped).toBe(FEWER);
    const reported = warnings.map((warning) => Number(/langsmith dropped (\d+) runs?: its queue is full/.exec(warning)?.[1]));
    expect(reported.reduce((sum, count) => sum + count, 0)).toBe(tracer.dropped);
    expect(reported.length).toBeLessThanOrEqual(4);
  });

  test('is dead: what they say is held up to the limit, and let go', async () => {
    const limit = 8 * MIB;
    const heap = new Heap();
    const clock = virtualClock();
    const tracer = langsmithTracer({ endpoint: 'http://langsmith.test', fetch: () => Promise.reject(new TypeError('fetch failed')), scheduler: clock, maxBytes: limit, giveUpMs: 60_000 });
    const say = span('say', 'tool', lambda((text: string) => text.length));
    const runs = 1_500;
    for (let n = 1; n <= runs; n++) say.run(Buffer.alloc(20_000, `${n} `).toString('utf16le'), { scheduler: clock, tracer }).subscribe();
    await pass(clock, 1_000);
    expect(heap.look()).toBeLessThan((limit + 6 * MIB) / MIB); // of 30
    let done = false;
    void tracer.flush().then(() => (done = true));
    while (!done) await pass(clock, 1_000);
    expect([heap.look() < 8, tracer.dropped]).toEqual([true, runs]);
  });

  test('is slow, up to longer than we wait', async () => {
    const { server, tracer } = await trace(FEWER, (request) => ({ afterMs: request % 10 === 0 ? 60_000 : 3_000 }), { timeoutMs: 10_000 });
    expect([server.runs.size + tracer.dropped, tracer.dropped]).toEqual([FEWER, 0]);
  });

  test('flaps, refuses and loses answers: all arrive, some more than once, as one run each', async () => {
    const fates: readonly Fate[] = ['lost', { status: 503 }, 'answer lost', { afterMs: 100 }, { status: 429, headers: { 'retry-after': '2' } }, { afterMs: 5 }, { status: 500 }, { afterMs: 50 }];
    const { server, tracer } = await trace(FEWER, (request) => fates[request % fates.length] as Fate);
    expect([server.runs.size, tracer.dropped]).toEqual([FEWER, 0]);
    expect(server.parts).toBeGreaterThan(FEWER);
  });

  test('refuses some for good: they are counted and reported, and hold up nothing', async () => {
    const { server, tracer } = await trace(FEWER, (request) => (request % 10 === 0 ? { status: 422 } : { afterMs: 5 }));
    expect(server.runs.size + tracer.dropped).toBe(FEWER);
    expect(tracer.dropped).toBeGreaterThan(0);
    expect(warnings[0]).toMatch(/^langsmith dropped \d+ runs?: they could not be sent \(.*answered 422/);
  });
});

test('10,000 runs to a real server that is down for 200 ms again and again all arrive, as one run each', async () => {
  const server = await new LangsmithServer().listen();
  const flapping = setInterval(() => (server.down = !server.down), 200);
  try {
    const tracer = langsmithTracer({ endpoint: server.url, retry: { initialMs: 50, maxMs: 200 }, delayMs: 20, maxItems: 5_000 });
    for (let n = 1; n <= RUNS; n++) {
      work.run(n, { tracer }).subscribe({ error: () => undefined });
      if (n % 2_500 === 0) await tracer.flush();
    }
    expect([server.runs.size, tracer.dropped]).toEqual([RUNS, 0]);
    expect([...server.runs.values()].filter(({ error }) => error !== undefined)).toHaveLength(RUNS / 100);
  } finally {
    clearInterval(flapping);
    await server.close();
  }
});
