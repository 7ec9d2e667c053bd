import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client, RunTree } from 'langsmith';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lambda } from 'rivulet';
import { langsmithTracer, type LangsmithOptions } from 'rivulet/tracing';
import { platform } from '../../src/core/bridge/platform.js';
import { bodyOf, INFO, LangsmithServer, operationsOf, type WireRun } from './langsmithServer.js';

const { warn } = platform;
const environment = { ...process.env };
let server: LangsmithServer;
let warnings: string[];

beforeEach(async () => {
  server = await new LangsmithServer().listen();
  warnings = [];
  platform.warn = (message) => void warnings.push(message);
});

afterEach(() => {
  platform.warn = warn;
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  return server.close();
});

type Settings = ConstructorParameters<typeof Client>[0];

/** A run of the official client: begun, sent, ended, sent. */
async function theirs(config: Settings = {}): Promise<readonly WireRun[]> {
  server.received.length = 0;
  const client = new Client({ apiUrl: server.url, apiKey: 'k', autoBatchTracing: true, ...config });
  const run = new RunTree({ name: 'add', inputs: { secret: 1 }, metadata: { user: 'u1' }, project_name: 'p', client });
  await run.postRun();
  await client.awaitPendingTraceBatches();
  await run.end({ sum: 2 });
  await run.patchRun();
  await client.awaitPendingTraceBatches();
  return sent();
}

/** The same of ours. */
async function ours(options: LangsmithOptions = {}): Promise<readonly WireRun[]> {
  server.received.length = 0;
  const tracer = langsmithTracer({ endpoint: server.url, apiKey: 'k', project: 'p', ...options });
  const slow = lambda(async (_: { readonly secret: number }) => {
    await tracer.flush();
    return { sum: 2 };
  }, 'add');
  await slow.invoke({ secret: 1 }, { tracer, metadata: { user: 'u1' } });
  await tracer.flush();
  return sent();
}

const sent = (): readonly WireRun[] => server.received.flatMap(operationsOf);
const told = (runs: readonly WireRun[]): readonly unknown[] => runs.map(({ inputs, outputs, extra }) => ({ inputs, outputs, metadata: (extra as { readonly metadata: unknown }).metadata }));
const runtimes = (runs: readonly WireRun[]): readonly Record<string, unknown>[] => runs.map(({ extra }) => (extra as { readonly runtime: Record<string, unknown> }).runtime);

describe('what a run says, set as the official client is set,', () => {
  test('of the environment are LangSmith’s variables but secrets, and the commit', async () => {
    Object.assign(process.env, { LANGSMITH_TEAM: 'red', LANGCHAIN_REVISION_ID: 'r1', LANGSMITH_USER_EMAIL: 'a@b.c', LANGCHAIN_API_KEY: 'k', GITHUB_SHA: 'abc' });
    const [official, mine] = [await theirs(), await ours()];
    expect(told(mine)).toEqual(told(official));
    expect(told(mine)[0]).toMatchObject({ metadata: { LANGSMITH_TEAM: 'red', revision_id: 'r1', user: 'u1' } });
    expect(runtimes(mine).map((runtime) => runtime['GITHUB_SHA'])).toEqual(runtimes(official).map((runtime) => runtime['GITHUB_SHA']));
    process.env['LANGSMITH_RUNS_ENDPOINTS'] = JSON.stringify([{ api_url: server.url, api_key: 's3cret' }]);
    expect(JSON.stringify(await ours())).not.toContain('s3cret');
  });

  test('is nothing of all that, if one doesn’t want it', async () => {
    process.env['LANGSMITH_TEAM'] = 'red';
    const mine = await ours({ runtimeInfo: false, samplingRate: 1 });
    expect(told(mine)).toEqual(told(await theirs({ omitTracedRuntimeInfo: true, tracingSamplingRate: 1 })));
    expect(runtimes(mine)).toEqual([undefined, undefined]);
  });

  test('is the share of traces, where there is talk of one', async () => {
    expect(told(await ours({ samplingRate: 1 }))).toEqual(told(await theirs({ tracingSamplingRate: 1 })));
    expect(told(await ours({ samplingRate: 1 }))[0]).toMatchObject({ metadata: { ls_tracing_sample_rate: 1 } });
  });

  test('is hidden by functions', async () => {
    const hide = (value: Readonly<Record<string, unknown>>): Record<string, unknown> => ({ ...value, user: 'hidden', secret: 'hidden', sum: 'hidden' });
    // The official client calls it twice.
    const settings = { hideInputs: hide, hideOutputs: hide, hideMetadata: hide };
    expect(told(await ours(settings))).toEqual(told(await theirs(settings)));
  });

  test('is nothing, where such a function fails', async () => {
    const fails = (): never => {
      throw new Error('of the secret');
    };
    const mine = await ours({ hideInputs: fails, hideOutputs: fails, hideMetadata: fails });
    expect(mine).toHaveLength(2);
    expect(JSON.stringify(mine)).not.toMatch(/secret|sum|u1/);
  });

  test.each([['false', true], ['true', false], ['1', false]])('are the inputs twice, if LANGSMITH_EXCLUDE_INPUTS_ON_PATCH is %s: %s', async (value, twice) => {
    process.env['LANGSMITH_EXCLUDE_INPUTS_ON_PATCH'] = value;
    const [official, mine] = [await theirs(), await ours()];
    expect(told(mine)).toEqual(told(official));
    expect(mine[1]?.['inputs']).toEqual(twice ? { secret: 1 } : undefined);
  });
});

test('requests have the headers that one adds, but not in place of ours', async () => {
  await ours({ headers: { 'X-Gateway': 'g', 'x-api-key': 'mine' } });
  expect(server.received.map(({ headers }) => [headers['x-gateway'], headers['x-api-key']])).toEqual(server.received.map(() => ['g', 'k']));
});

test('a server that takes few bytes at once gets no more', async () => {
  server.answer = ({ path }) => (path === '/info' ? { status: 200, body: { ...INFO, batch_ingest_config: { size_limit_bytes: 5_000 } } } : undefined);
  const tracer = langsmithTracer({ endpoint: server.url });
  for (const length of [1_000, 1_000, 6_000, 10]) await lambda((text: string) => text.length).invoke('x'.repeat(length), { tracer });
  await tracer.flush();
  expect(server.received.slice(1).map((request) => operationsOf(request).length)).toEqual([1, 1, 1, 1]);
});

describe('requests that could not be sent', () => {
  let folder: string;

  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'failed-')), 'deep');
    process.env['LANGSMITH_FAILED_TRACES_DIR'] = folder;
    server.answer = ({ path }) => (path === '/info' ? { status: 200, body: { ...INFO, instance_flags: {} } } : { status: 422 });
  });

  afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  interface Kept {
    readonly version: number;
    readonly endpoint: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body_base64: string;
  }

  const kept = (): readonly Kept[] => readdirSync(folder).sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Kept);
  const form = ({ version, endpoint, headers, body_base64 }: Kept) => ({
    version,
    endpoint,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace(/Boundary.*/, '')])),
    runs: operationsOf({ body: bodyOf(Buffer.from(body_base64, 'base64').toString(), headers['Content-Type'] ?? '') }).map(({ name, inputs, outputs }) => ({ name, inputs, outputs })),
  });

  test('are kept as the official client keeps them, and can be sent from there', async () => {
    const { warn: said } = console;
    console.warn = () => undefined;
    await theirs();
    console.warn = said;
    const official = kept().map(form);
    rmSync(folder, { recursive: true });

    await ours();
    expect(kept().map(form)).toEqual(official);
    for (const name of readdirSync(folder)) {
      expect(name).toMatch(/^trace_\d+_[0-9a-f]{8}\.json$/);
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
    expect(warnings).toEqual([expect.stringContaining(`can't be sent are kept in ${folder}`)]);

    server.answer = () => undefined;
    for (const { endpoint, headers, body_base64 } of kept()) await fetch(`${server.url}/${endpoint}`, { method: 'POST', headers, body: Buffer.from(body_base64, 'base64') });
    expect([...server.runs.values()]).toMatchObject([{ name: 'add', inputs: { secret: 1 }, outputs: { sum: 2 } }]);
  });

  test('are kept as batches, for a server that takes those', async () => {
    server.answer = ({ path }) => (path === '/info' ? { status: 200, body: { batch_ingest_config: { use_multipart_endpoint: false } } } : { status: 422 });
    await ours();
    expect(kept().map(form)).toMatchObject([{ endpoint: 'runs/batch', headers: { 'Content-Type': 'application/json' } }, {}]);
  });

  test('are lost where there is no more room, and where they can’t be written', async () => {
    process.env['LANGSMITH_FAILED_TRACES_MAX_MB'] = '1';
    await ours();
    writeFileSync(join(folder, 'trace_1_0.json'), 'x'.repeat(2 ** 20));
    warnings.length = 0;
    await ours();
    expect(readdirSync(folder)).toHaveLength(3);
    expect(warnings).toEqual([expect.stringMatching(/dropped 1 run: .*422.*is full: LANGSMITH_FAILED_TRACES_MAX_MB/)]);

    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    warnings.length = 0;
    await ours();
    expect(warnings).toEqual([expect.stringMatching(/dropped 1 run: .*422.*EEXIST/)]);
  });

  test('are not kept without being asked for', async () => {
    delete process.env['LANGSMITH_FAILED_TRACES_DIR'];
    await ours();
    expect(existsSync(folder)).toBe(false);
  });
});
