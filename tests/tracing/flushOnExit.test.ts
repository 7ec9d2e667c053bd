import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Collector } from './Collector.js';
import { LangsmithServer } from './langsmithServer.js';

/** A server that takes traces. */
interface Receiver {
  readonly url: string;
  /** What it was sent: names and outputs. */
  readonly received: () => readonly unknown[];
  close(): Promise<void>;
}

const receivers: Readonly<Record<string, () => Promise<Receiver>>> = {
  langsmith: async () => {
    const server = await new LangsmithServer().listen();
    return { url: server.url, received: () => [...server.runs.values()].map(({ name, outputs }) => [name, String((outputs as { readonly output: number }).output)]), close: () => server.close() };
  },
  otel: async () => {
    const collector = await Collector.start();
    return { url: collector.url, received: () => collector.spans.map(({ name, attributes }) => [name, attributes['output.value']]), close: () => collector.close() };
  },
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exit-'));
  await build({ entryPoints: [resolve('tests/tracing/exitingChild.ts')], outfile: join(folder, 'child.cjs'), bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
});

afterAll(() => rm(folder, { recursive: true }));

describe.each(Object.keys(receivers))('a program that has a trace to send to %s', (to) => {
  let receiver: Receiver;

  beforeEach(async () => {
    receiver = await (receivers[to] as () => Promise<Receiver>)();
  });

  afterEach(() => receiver.close());

  /** How it ends, and how long it takes. */
  async function ended(way: string): Promise<{ readonly code: number | null; readonly signal: string | null; readonly stderr: string; readonly ms: number }> {
    const begun = performance.now();
    const child = spawn(process.execPath, [join(folder, 'child.cjs'), way, to, receiver.url], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    return new Promise((done) => child.on('close', (code, signal) => done({ code, signal, stderr, ms: performance.now() - begun })));
  }

  test('ends when it has sent it, and waits for no timer', async () => {
    expect(await ended('itself')).toMatchObject({ code: 0, stderr: '' });
    expect(receiver.received()).toEqual([['ends by itself', '2']]);
  });

  test.each(['error', 'rejection'])('of an %s that nobody catches ends as Node ends it', async (way) => {
    const { code, stderr } = await ended(way);
    expect([code, stderr]).toEqual([1, expect.stringContaining('Error: nobody catches this\n    at ')]);
    expect(receiver.received()).toEqual([[`ends by ${way}`, '2']]);
  });

  test('is ended by a signal, after it has sent it', async () => {
    expect(await ended('signal')).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(receiver.received()).toEqual([['ends by signal', '2']]);
  });

  test('that isn’t there ends all the same', async () => {
    const { url } = receiver;
    await receiver.close();
    receiver = { url, received: () => [], close: () => Promise.resolve() };
    const { code, ms } = await ended('itself');
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
  });
});
