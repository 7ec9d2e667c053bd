import { StringOutputParser } from '@langchain/core/output_parsers';
import { ChatPromptTemplate } from '@langchain/core/prompts';
import { LangChainTracer } from '@langchain/core/tracers/tracer_langchain';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client, RunTree } from 'langsmith';
import { readFileSync } from 'node:fs';
import { chain, chat, chatPrompt, lambda, messageChunk, scripted, text, tool, toolLoop, withConfig } from 'rivulet';
import { costs, langsmithTracer, type LangsmithOptions } from 'rivulet/tracing';
import { of } from 'rxjs';
import { INFO, LangsmithServer, operationsOf, type Part, type Received, type WireRun } from './langsmithServer.js';

let server: LangsmithServer;

beforeEach(async () => {
  server = await new LangsmithServer().listen();
});

afterEach(() => server.close());

const tracing = (options: LangsmithOptions = {}) => langsmithTracer({ endpoint: server.url, apiKey: 'lsv2_pt_test_key', project: 'wire-demo', ...options });
const officialClient = () => new Client({ apiUrl: server.url, apiKey: 'lsv2_pt_test_key', autoBatchTracing: true });

/** A chain of three, which ends before its beginning is sent. */
const seq = chain(
  withConfig(chatPrompt([['system', 'be brief'], ['user', '{q}']]), { runName: 'prompt' }),
  withConfig(chat(scripted([{ reply: 'hello there' }])), { runName: 'model' }),
  withConfig(text(), { runName: 'parser' }),
);

/** The POSTs of a recording of the official client, version 0.10.5. */
function sample(name: string): readonly Received[] {
  const calls = JSON.parse(readFileSync(new URL(`./langsmith/${name}.json`, import.meta.url), 'utf8')) as readonly Received[];
  return calls.filter(({ method }) => method === 'POST');
}

const posts = (): readonly Received[] => server.received.filter(({ method }) => method === 'POST');

/** A part, whichever run it is of: its name, its type, and its fields with their types, in order. */
function shape({ name, contentType, body }: Part): unknown {
  return { name: name.replace(/\.[0-9a-f-]{36}/, '.ID'), contentType: contentType.replace(/\d+/, 'N'), body: /\.(metadata|inputs|outputs|serialized)$/.test(name) ? 'value' : typesOf(body) };
}

/** Of a list the different ones: a recorded model has an event for each token. */
function typesOf(body: unknown): unknown {
  if (Array.isArray(body)) return [...new Set(body.map((item: { readonly name?: string }) => `${item.name ?? ''} ${String(typesOf(item))}`))];
  return typeof body === 'object' && body !== null ? Object.entries(body).map(([key, value]) => `${key}: ${Array.isArray(value) ? 'list' : typeof value}`) : typeof body;
}

/** The official client says the version of its SDK as well, and LangChain its own options. */
const plain = (parts: readonly Part[]): readonly unknown[] => parts.filter(({ name }) => !name.endsWith('.extra')).map(shape);
const extras = (parts: readonly Part[]): readonly Record<string, Record<string, unknown>>[] => parts.filter(({ name }) => name.endsWith('.extra')).map(({ body }) => body as never);
const partsOf = (calls: readonly Received[]): readonly Part[] => calls.flatMap(({ body }) => body?.parts ?? []);

describe('what is on the wire', () => {
  test('is what the recorded client sent for a stream of a chain of three, part by part, field by field', async () => {
    const tracer = tracing();
    await seq.invoke({ q: 'hi' }, { tracer, runName: 'seq', tags: ['lc'], metadata: { session_id: 's1' } });
    await tracer.flush();
    expect(plain(server.parts)).toEqual(plain(partsOf(sample('multipart-lc-stream'))));
    for (const extra of extras(server.parts)) expect(extra).toMatchObject({ metadata: { session_id: 's1' }, runtime: { library: 'rivulet', runtime: 'node' } });
  });

  test('of a model says which one it was and what it used, where LangSmith looks for it', async () => {
    const tracer = tracing();
    const model = { ...scripted([{ reply: 'hello there' }]), id: 'openai:gpt-5' };
    const { usage } = await chat(model).invoke('hi', { tracer, runName: 'ask' });
    await tracer.flush();
    const tokens = { input_tokens: usage?.inputTokens, output_tokens: usage?.outputTokens, total_tokens: (usage?.inputTokens ?? NaN) + (usage?.outputTokens ?? NaN) };
    const [run] = server.runs.values();
    expect(run?.['extra']).toMatchObject({ metadata: { ls_model_type: 'chat', ls_provider: 'openai', ls_model_name: 'gpt-5', usage_metadata: tokens } });
    expect(run?.['outputs']).toMatchObject({ generations: [[{ message: { kwargs: { usage_metadata: tokens } } }]] });
  });

  test('of a model that has a cache says what was read there and what was written', async () => {
    const tracer = tracing();
    const usage = { inputTokens: 100, outputTokens: 20, cachedInputTokens: 60, cacheWriteTokens: 30 };
    await chat({ ...scripted([{ reply: '' }]), stream: () => of(messageChunk({ id: 'm', text: 'hello', usage })) }).invoke('hi', { tracer });
    await tracer.flush();
    const [run] = server.runs.values();
    expect(run?.['extra']).toMatchObject({
      metadata: { usage_metadata: { input_tokens: 100, output_tokens: 20, total_tokens: 120, input_token_details: { cache_read: 60, cache_creation: 30 } } },
    });
  });

  test('of a model says what it was asked with, and of a tool which call it answers, as LangChain’s tracer does', async () => {
    const tracer = tracing();
    const add = tool({ name: 'add', description: 'Adds', input: { type: 'object', properties: {} }, run: () => 5 });
    const sums = scripted([{ when: 'sum', calls: [{ name: 'add', args: {} }] }, { after: 'add', reply: 'It is {result}.' }]);
    await toolLoop(sums, [add], { temperature: 0.2, maxTokens: 100, stop: ['END'], extra: { top_k: 5 } }).invoke('the sum?', { tracer });
    await tracer.flush();
    const runs = [...server.runs.values()];
    const [asked, called] = ['llm', 'tool'].map((type) => runs.find(({ run_type }) => run_type === type));
    expect(asked?.['extra']).toMatchObject({
      invocation_params: { model: 'scripted', temperature: 0.2, max_tokens: 100, stop: ['END'], top_k: 5, tools: [{ type: 'function', function: { name: 'add', description: 'Adds', parameters: { type: 'object' } } }] },
      metadata: { ls_temperature: 0.2, ls_max_tokens: 100, ls_stop: ['END'] },
    });
    expect((asked?.['extra'] as { readonly metadata: object }).metadata).not.toHaveProperty('chatOptions');
    const { generations } = asked?.['outputs'] as { readonly generations: [[{ readonly message: { readonly kwargs: { readonly tool_calls: [{ readonly id: string }] } } }]] };
    expect(called?.['extra']).toMatchObject({ tool_call_id: generations[0][0].message.kwargs.tool_calls[0].id });
  });

  test('of a model says what it cost, if costs says so', async () => {
    const tracer = tracing();
    const model = { ...scripted([{ reply: 'hello there' }]), id: 'openai:gpt-5' };
    const { usage } = await chat(model).invoke('hi', { tracer: costs({ 'gpt-5': { input: 1e6, output: 2e6 } })(tracer) });
    await tracer.flush();
    const [run] = server.runs.values();
    const { usage_metadata: said } = (run?.['extra'] as { readonly metadata: { readonly usage_metadata: Record<string, number> } }).metadata;
    expect([said?.['input_cost'], said?.['output_cost'], said?.['total_cost']]).toEqual([usage?.inputTokens, 2 * (usage?.outputTokens ?? NaN), (usage?.inputTokens ?? NaN) + 2 * (usage?.outputTokens ?? NaN)]);
  });

  test('has the headers of the recorded client', async () => {
    const tracer = tracing({ workspaceId: 'w1' });
    await seq.invoke({ q: 'hi' }, { tracer });
    await tracer.flush();
    const [info, post] = server.received;
    expect(info).toMatchObject({ method: 'GET', path: '/info', headers: { 'x-api-key': 'lsv2_pt_test_key', accept: 'application/json' } });
    const { 'content-type': type, 'content-encoding': encoding, accept, 'x-api-key': key } = sample('multipart-lc-invoke')[0]?.headers ?? {};
    expect(post?.headers).toMatchObject({ 'content-encoding': encoding, accept, 'x-api-key': key, 'x-tenant-id': 'w1' });
    const form = /^multipart\/form-data; boundary=----LangSmithFormBoundary[0-9a-z]+$/;
    expect(type).toMatch(form);
    expect(post?.headers['content-type']).toMatch(form);
  });

  test('is what the official client sends for a run that ends after its beginning was sent', async () => {
    const client = officialClient();
    const root = new RunTree({ name: 'slow', run_type: 'chain', inputs: { q: 'hi' }, project_name: 'wire-demo', tags: ['t1'], metadata: { thread_id: 'th-1' }, client });
    await root.postRun();
    await client.awaitPendingTraceBatches();
    await root.end({ outputs: 1 });
    await root.patchRun();
    await client.awaitPendingTraceBatches();
    const official = server.parts;
    server.received.length = 0;

    const tracer = tracing();
    const slow = lambda(async () => {
      await tracer.flush();
      return { outputs: 1 };
    });
    await slow.invoke({ q: 'hi' }, { tracer, runName: 'slow', tags: ['t1'], metadata: { thread_id: 'th-1' } });
    await tracer.flush();
    expect(posts()).toHaveLength(2);
    const withoutEvents = server.parts.filter(({ name }) => !name.endsWith('.events'));
    expect(plain(withoutEvents)).toEqual(plain(official));
    expect(extras(withoutEvents).map(({ metadata }) => metadata)).toEqual(extras(official).map(({ metadata }) => metadata));
    expect(plain(withoutEvents)).toEqual(plain(partsOf(sample('multipart-slow-post-then-patch'))));
  });

  test('is what the recorded client sent to a server without the multipart endpoint', async () => {
    server.answer = ({ path }) => (path === '/info' ? { status: 200, body: { ...INFO, batch_ingest_config: { ...INFO.batch_ingest_config, use_multipart_endpoint: false } } } : undefined);
    const tracer = tracing();
    await seq.invoke({ q: 'hi' }, { tracer, runName: 'seq', metadata: { session_id: 's1' } });
    await tracer.flush();
    const [recorded] = sample('batch-lc-invoke');
    const [sent] = posts();
    expect([sent?.path, sent?.headers['content-type'], sent?.headers.accept]).toEqual([recorded?.path, recorded?.headers['content-type'], recorded?.headers.accept]);
    const fields = ({ body }: Received = recorded as Received) => [Object.keys(body ?? {}), body?.patch, body?.post?.map((run) => Object.keys(run).sort())];
    expect(fields(sent)).toEqual(fields());
  });

  test('of a failed run: the error as LangChain has it, its message and its stack', async () => {
    const tracer = tracing();
    const fails = lambda(() => {
      throw new Error('lc boom');
    });
    await expect(fails.invoke(1, { tracer })).rejects.toThrow('lc boom');
    await tracer.flush();
    const [run] = server.runs.values();
    const recorded = sample('batch-lc-error').flatMap(operationsOf)[0];
    const form = /^lc boom\n\nError: lc boom\n {4}at /;
    expect([recorded?.['error'], run?.['error']]).toEqual([expect.stringMatching(form), expect.stringMatching(form)]);
    expect((run?.['events'] as readonly { name: string }[]).map(({ name }) => name)).toEqual(['start', 'error']);
    expect(run?.['inputs']).toEqual(recorded?.['inputs']);
  });
});

/** A run as a reader of a trace sees it: what it is called, what it is, what goes in and out, and the same of those within it. */
function treeOf(runs: Iterable<WireRun>, parent?: string): unknown {
  const all = [...runs];
  const within = all.filter(({ parent_run_id }) => parent_run_id === parent).sort((a, b) => (String(a['dotted_order']) < String(b['dotted_order']) ? -1 : 1));
  return within.map(({ id, name, run_type, inputs, outputs }) => ({ name, run_type, inputs: Object.keys(inputs as object), outputs: Object.keys(outputs as object), within: treeOf(all, id) }));
}

test('LangChain.js’s trace of a chain of prompt, model and parser and ours have the same shape', async () => {
  const client = officialClient();
  const theirs = ChatPromptTemplate.fromMessages([['system', 'be brief'], ['human', '{q}']])
    .withConfig({ runName: 'prompt' })
    .pipe(new FakeListChatModel({ responses: ['hello there'] }).withConfig({ runName: 'model' }))
    .pipe(new StringOutputParser().withConfig({ runName: 'parser' }));
  await theirs.invoke({ q: 'hi' }, { runName: 'seq', callbacks: [new LangChainTracer({ client, projectName: 'wire-lc' })] });
  await client.awaitPendingTraceBatches();
  const expected = treeOf(server.runs.values());
  const [, prompt, model] = [...server.runs.values()];
  server.received.length = 0;

  const tracer = tracing();
  await seq.invoke({ q: 'hi' }, { tracer, runName: 'seq' });
  await tracer.flush();
  expect(treeOf(server.runs.values())).toEqual(expected);
  const [, ourPrompt, ourModel] = [...server.runs.values()];
  expect(ourPrompt?.['outputs']).toEqual(withoutIds(prompt?.['outputs']));
  expect(ourModel?.['inputs']).toEqual(withoutIds(model?.['inputs']));
  expect(ourModel?.['outputs']).toMatchObject({ generations: [[{ text: 'hello there', message: { lc: 1, type: 'constructor', id: ['langchain_core', 'messages', 'AIMessage'], kwargs: { content: 'hello there', tool_calls: [] } } }]] });
});

/** Messages that LangChain's prompts make have none. */
const withoutIds = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
