import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LangsmithServer } from './langsmithServer.js';

let server: LangsmithServer;
let folder: string;

beforeEach(async () => {
  server = await new LangsmithServer().listen();
  folder = await mkdtemp(join(tmpdir(), 'exit-'));
  await build({ entryPoints: [resolve('tests/tracing/exitingChild.ts')], outfile: join(folder, 'child.mjs'), bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** How a program ends, and how long it takes. */
async function ended(endpoint: string, way: string): Promise<{ readonly code: number | null; readonly signal: string | null; readonly stderr: string; readonly ms: number }> {
  const begun = performance.now();
  const child = spawn(process.execPath, [join(folder, 'child.mjs'), endpoint, way], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((done) => child.on('close', (code, signal) => done({ code, signal, stderr, ms: performance.now() - begun })));
}

const names = (): readonly unknown[] => [...server.runs.values()].map(({ name, outputs }) => [name, outputs]);

describe('a program that has a trace to send', () => {
  test('ends when it has sent it, and waits for no timer', async () => {
    expect(await ended(server.url, 'itself')).toMatchObject({ code: 0, stderr: '' });
    expect(names()).toEqual([['ends by itself', { output: 2 }]]);
  });

  test.each(['error', 'rejection'])('of an %s that nobody catches ends as Node ends it', async (way) => {
    const { code, stderr } = await ended(server.url, way);
    expect([code, stderr]).toEqual([1, expect.stringContaining('Error: nobody catches this\n    at ')]);
    expect(names()).toEqual([[`ends by ${way}`, { output: 2 }]]);
  });

  test('is ended by a signal, after it has sent it', async () => {
    expect(await ended(server.url, 'signal')).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(names()).toEqual([['ends by signal', { output: 2 }]]);
  });

  test('to a server that isn’t there ends all the same', async () => {
    const { url } = server;
    server.down = true;
    const { code, ms } = await ended(url, 'itself');
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
  }, 15_000);
});
