import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client, RunTree } from 'langsmith';
import { chain, lambda } from 'rivulet';
import { langsmithTracer, span, type LangsmithOptions } from 'rivulet/tracing';
import { platform } from '../../src/core/bridge/platform.js';
import { LangsmithServer, type WireRun } from './langsmithServer.js';

const { warn, env } = platform;
let here: LangsmithServer;
let there: LangsmithServer;
let warnings: string[];

beforeEach(async () => {
  [here, there] = await Promise.all([new LangsmithServer().listen(), new LangsmithServer().listen()]);
  warnings = [];
  platform.warn = (message) => void warnings.push(message);
});

afterEach(async () => {
  platform.warn = warn;
  platform.env = env;
  await Promise.all([here.close(), there.close()]);
});

const set = (values: Readonly<Record<string, string>>): void => {
  platform.env = (name) => values[name];
};

const step = lambda((n: number) => n + 1);
const pair = chain(span('one', 'tool', step), span('two', 'tool', step));

/** A run and the two within it. */
async function trace(options: LangsmithOptions = {}): Promise<void> {
  const tracer = langsmithTracer({ apiKey: 'k', project: 'own', retry: { initialMs: 1 }, ...options });
  await pair.invoke(1, { tracer, runName: 'pair' });
  await tracer.flush();
}

/** Where a run stands, without times. */
const placeOf = ({ id, trace_id, parent_run_id, dotted_order, session_name }: WireRun) => ({ id, trace_id, parent_run_id, session_name, ids: String(dotted_order).split('.').map((segment) => segment.slice(-36)) });
const places = (server: LangsmithServer) => [...server.runs.values()].map(placeOf);

/** The same runs, as the official client writes them. */
async function official(replicas: readonly object[]): Promise<ReturnType<typeof places>> {
  const own = places(here).filter(({ session_name }) => session_name === 'own');
  here.received.length = 0;
  const client = new Client({ apiUrl: here.url, apiKey: 'k', autoBatchTracing: true });
  const [root, ...steps] = own.map(({ id }) => id);
  const parent = new RunTree({ name: 'pair', id: root as string, project_name: 'own', client, replicas: replicas as never });
  await parent.postRun();
  for (const id of steps) await parent.createChild({ name: 'step', id }).postRun();
  await client.awaitPendingTraceBatches();
  return places(here);
}

describe('replicas', () => {
  // Of which the hashes of ids are made in different ways.
  test.each([91, 92, 203, 204, 2_100])('in another project, whose name has %i letters, have the ids that the official client gives them', async (length) => {
    const project = 'p'.repeat(length);
    await trace({ endpoint: here.url, replicas: [{}, { project }] });
    const ours = places(here);
    expect(new Set(ours.map(({ id }) => id)).size).toBe(6);
    const theirs = await official([{}, { projectName: project }]);
    expect(theirs.sort(byId)).toEqual(ours.sort(byId));
  });

  test('with a primary one keep the ids there, and nowhere else', async () => {
    await trace({ endpoint: here.url, replicas: [{ project: 'own' }] });
    const own = places(here);
    const theirs = await official([{ projectName: 'a', primary: true }, { projectName: 'own' }, { projectName: 'b', primary: false }]);
    here.received.length = 0;
    const tracer = langsmithTracer({ endpoint: here.url, project: 'own', replicas: [{ project: 'a', primary: true }, { project: 'own' }, { project: 'b', primary: false }] });
    await lambda((n: number) => n).invoke(1, { tracer, runId: own[0]?.id as string });
    await tracer.flush();
    expect(places(here).sort(byId)).toEqual(theirs.filter(({ parent_run_id }) => parent_run_id === undefined).sort(byId));
  });

  test('go to servers of their own, as whom each says; one that is dead holds up no other', async () => {
    there.down = true;
    const tracer = langsmithTracer({ endpoint: here.url, apiKey: 'k', workspaceId: 'w', replicas: [{ endpoint: `${there.url}/`, apiKey: 'other' }, {}, { project: 'b', workspaceId: 'w2' }] });
    await pair.invoke(1, { tracer });
    const flushed = tracer.flush();
    while (here.runs.size < 6) await new Promise((resolve) => setImmediate(resolve));
    there.down = false;
    await flushed;
    const keys = (server: LangsmithServer) => server.received.filter(({ method }) => method === 'POST').map(({ headers }) => [headers['x-api-key'], headers['x-tenant-id']]);
    expect(keys(there)).toEqual([['other', undefined]]);
    expect(keys(here).sort()).toEqual([['k', 'w'], ['k', 'w2']]);
    expect([there.runs.size, here.runs.size, tracer.dropped]).toEqual([3, 6, 0]);
  });

  test('are those of the environment: a list, or keys by endpoint', async () => {
    set({ LANGSMITH_RUNS_ENDPOINTS: JSON.stringify([{ api_url: here.url, api_key: 'a' }, { api_url: there.url, api_key: 'b', project_name: 'p', workspace_id: ' w ' }]) });
    await trace();
    expect([here, there].map((server) => server.received[1]?.headers['x-api-key'])).toEqual(['a', 'b']);
    expect(there.received[1]?.headers['x-tenant-id']).toBe('w');
    expect(new Set([...places(here), ...places(there)].map(({ session_name }) => session_name))).toEqual(new Set(['own', 'p']));
    set({ LANGSMITH_RUNS_ENDPOINTS: JSON.stringify({ [here.url]: 'c', [there.url]: 'd' }) });
    await trace();
    expect([here, there].map((server) => server.received.at(-1)?.headers['x-api-key'])).toEqual(['c', 'd']);
    await trace({ endpoint: here.url, replicas: [] });
    expect(here.received.at(-1)?.headers['x-api-key']).toBe('k');
  });

  test('that make no sense are left out, with a warning that tells no key', async () => {
    for (const value of ['{', '1', '[{"api_url":"u"}]', '[{"api_url":"u","api_key":"s3cret","primary":1}]', '[null]', '{"u":1}', '[{"api_url":"u","api_key":"s3cret","project_name":1}]']) {
      set({ LANGSMITH_RUNS_ENDPOINTS: value });
      await trace({ endpoint: here.url });
    }
    expect(here.runs.size).toBe(21);
    expect(warnings).toEqual(Array.from({ length: 7 }, () => expect.stringMatching(/^LANGSMITH_RUNS_ENDPOINTS: .* ignored$/)));
    expect(warnings.join()).not.toContain('s3cret');
  });

  test('that contradict each other, or the endpoint, are an error', () => {
    expect(() => langsmithTracer({ replicas: [{ project: 'a', primary: true }, { project: 'b', primary: true }] })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    set({ LANGSMITH_ENDPOINT: here.url, LANGSMITH_RUNS_ENDPOINTS: `{"${there.url}":"k"}` });
    expect(() => langsmithTracer()).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);
