import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from 'langsmith';
import { randomUUID } from 'node:crypto';
import { lambda } from 'rivulet';
import { langsmithTracer, type LangsmithOptions } from 'rivulet/tracing';
import { platform } from '../../src/core/bridge/platform.js';
import { INFO, LangsmithServer, type Answer } from './langsmithServer.js';

const { warn, env } = platform;
let server: LangsmithServer;
let warnings: string[];

beforeEach(async () => {
  server = await new LangsmithServer().listen();
  warnings = [];
  platform.warn = (message) => void warnings.push(message);
});

afterEach(() => {
  platform.warn = warn;
  platform.env = env;
  return server.close();
});

const add = lambda((n: number) => ({ sum: n + 1 }));

/** One run after the other, each sent before the next begins; which paths they went to. */
async function send(options: LangsmithOptions = {}, count = 1): Promise<readonly string[]> {
  const tracer = langsmithTracer({ endpoint: server.url, retry: { initialMs: 1 }, ...options });
  const paths: string[] = [];
  const { answer } = server;
  server.answer = (received) => {
    paths.push(received.path);
    return answer(received);
  };
  for (let n = 0; n < count; n++) {
    await add.invoke(n, { tracer, metadata: { secret: 1 } });
    await tracer.flush();
  }
  return paths;
}

const answering = (path: string, ...answers: readonly Answer[]): void => {
  const left = [...answers];
  server.answer = (received) => (received.path === path ? left.shift() : undefined);
};

describe('a server', () => {
  test('without the multipart endpoint gets batches from then on', async () => {
    server.answer = ({ path }) => (path === '/runs/multipart' ? { status: 404 } : undefined);
    expect(await send({}, 2)).toEqual(['/info', '/runs/multipart', '/runs/batch', '/runs/batch']);
    expect(server.runs.size).toBe(2);
  });

  test('that tells nothing of itself gets plain multipart requests', async () => {
    answering('/info', { status: 404 });
    expect(await send({}, 2)).toEqual(['/info', '/runs/multipart', '/runs/multipart']);
    expect(server.received.map(({ headers }) => headers['content-encoding'])).toEqual([undefined, undefined]);
  });

  test('that is busy is asked again, and has what it has', async () => {
    answering('/runs/multipart', { status: 503 }, { status: 429, headers: { 'retry-after': '0' } }, { status: 409 });
    expect(await send()).toEqual(['/info', '/runs/multipart', '/runs/multipart', '/runs/multipart']);
    expect(warnings).toEqual([]);
  });

  test.each([401, 403, 413, 422])('that refuses with %i isn’t asked again', async (status) => {
    answering('/runs/multipart', { status });
    expect(await send()).toEqual(['/info', '/runs/multipart']);
    expect(warnings).toEqual([expect.stringMatching(`^langsmith dropped 1 run: they could not be sent \\(.*/runs/multipart answered ${status}`)]);
  });

  test('that takes few at once gets no more', async () => {
    answering('/info', { status: 200, body: { ...INFO, batch_ingest_config: { size_limit: 2 } } });
    const tracer = langsmithTracer({ endpoint: server.url });
    await Promise.all([1, 2, 3, 4, 5].map((n) => add.invoke(n, { tracer })));
    await tracer.flush();
    expect(server.received.filter(({ method }) => method === 'POST').map(({ body }) => body?.parts?.filter(({ name }) => name.split('.').length === 2).length)).toEqual([2, 2, 1]);
  });
});

describe('the environment', () => {
  const set = (values: Readonly<Record<string, string>>): void => {
    platform.env = (name) => values[name];
  };

  test('says where, as whom and what', async () => {
    set({ LANGSMITH_ENDPOINT: `"${server.url}/"`, LANGSMITH_API_KEY: 'k', LANGSMITH_PROJECT: 'p', LANGSMITH_WORKSPACE_ID: 'w', LANGSMITH_REVISION_ID: 'r1' });
    const tracer = langsmithTracer();
    await add.invoke(1, { tracer, thread: 'th-1' });
    await tracer.flush();
    expect(server.received[1]?.headers).toMatchObject({ 'x-api-key': 'k', 'x-tenant-id': 'w' });
    expect([...server.runs.values()]).toMatchObject([{ session_name: 'p', extra: { metadata: { revision_id: 'r1', thread_id: 'th-1' } } }]);
  });

  test('by its older names too; what is given in the program comes first', async () => {
    set({ LANGCHAIN_API_KEY: 'k', LANGCHAIN_PROJECT: 'p', LANGCHAIN_SESSION: 's', LANGSMITH_HIDE_INPUTS: 'true', LANGCHAIN_HIDE_OUTPUTS: 'true', LANGSMITH_HIDE_METADATA: 'true', LANGSMITH_DISABLE_RUN_COMPRESSION: 'true' });
    await send({ project: 'mine' });
    expect(server.received[1]?.headers).toMatchObject({ 'x-api-key': 'k' });
    expect(server.received[1]?.headers['content-encoding']).toBeUndefined();
    expect([...server.runs.values()]).toMatchObject([{ session_name: 'mine', inputs: {}, outputs: {}, extra: { metadata: {} } }]);
    expect(JSON.stringify(server.received)).not.toMatch(/sum|secret/);
  });

  test('turns it off', async () => {
    set({ LANGSMITH_TRACING: 'false' });
    expect(await send()).toEqual([]);
  });
});

test('of traces a share is sent: those that the official client would send', async () => {
  const official = new Client({ apiUrl: server.url, tracingSamplingRate: 0.3 }) as unknown as { _shouldSample(id: string): boolean };
  const ids = Array.from({ length: 500 }, () => randomUUID());
  const tracer = langsmithTracer({ endpoint: server.url, samplingRate: 0.3 });
  for (const runId of ids) await add.invoke(1, { tracer, runId });
  await tracer.flush();
  expect([...server.runs.keys()].sort()).toEqual(ids.filter((id) => official._shouldSample(id)).sort());
  expect(server.runs.size).toBeGreaterThan(0);
});
