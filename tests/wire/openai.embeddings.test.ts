import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { embed } from '../../src/operators/retrieval/embed.js';
import { costs } from '../../src/tracing/costs.js';
import { memoryTracer } from '../../src/tracing/exporters/memoryTracer.js';
import { openaiEmbeddings } from '../../src/operators/models/openai/openaiEmbeddings.js';
import { hang, json, turns, WireServer, type WireHandler } from './WireServer.js';

let server: WireServer;
beforeAll(async () => {
  server = await WireServer.start();
});
afterAll(() => server.close());
afterEach(() => server.forget());

const kept = memoryTracer();
const embeddings = (options = {}) => openaiEmbeddings('text-embedding-3-small', { apiKey: 'key', baseURL: `${server.url}/v1`, ...options });

/** The vector of a text is its length; they come in the wrong order. */
const lengths: WireHandler = (exchange) => {
  const { input } = exchange.request.body as { readonly input: readonly string[] };
  exchange.json({ object: 'list', data: input.map((text, index) => ({ object: 'embedding', index, embedding: [text.length, 0.5] })).reverse(), model: 'm', usage: {} });
};

test('a text has a vector', async () => {
  server.respond(lengths);
  expect(await embed(embeddings()).invoke('four')).toEqual([4, 0.5]);
  expect(server.exchanges[0]?.request.body).toEqual({ model: 'text-embedding-3-small', input: ['four'], encoding_format: 'float' });
});

test('a list has vectors in its order, split over requests', async () => {
  server.respond(lengths);
  const texts = Array.from({ length: 25 }, (_, n) => 'x'.repeat(n + 1));
  const vectors = await embed<readonly string[]>(embeddings({ batchSize: 4, dimensions: 2 })).invoke(texts);
  expect(vectors.map(([length]) => length)).toEqual(texts.map(({ length }) => length));
  expect(server.exchanges.map(({ request }) => (request.body as { input: unknown[] }).input.length).sort()).toEqual([1, 4, 4, 4, 4, 4, 4]);
  expect(server.exchanges[0]?.request.body).toMatchObject({ dimensions: 2 });
});

test('a batch is one request', async () => {
  server.respond(lengths);
  expect(await embed(embeddings()).batch(['a', 'bb', 'ccc'])).toEqual([[1, 0.5], [2, 0.5], [3, 0.5]]);
  expect(server.exchanges).toHaveLength(1);
});

test('what the requests used is beside the vectors, and told to tracers', async () => {
  server.respond((exchange) => {
    const { input } = exchange.request.body as { readonly input: readonly string[] };
    exchange.json({ data: input.map((_, index) => ({ index, embedding: [1] })), model: 'm', usage: { prompt_tokens: 3 * input.length, total_tokens: 3 * input.length } });
  });
  const tracer = costs()(kept);
  const vectors = await embed<readonly string[]>(embeddings({ batchSize: 2 })).invoke(['a', 'b', 'c'], { tracer });
  const usage = { inputTokens: 9, outputTokens: 0 };
  expect([vectors.usage, kept.runs[0]?.usage, kept.runs[0]?.extra['cost']]).toEqual([usage, usage, expect.closeTo((9 * 0.02) / 1e6, 12)]);
});

test('what they used isn’t known if one of them doesn’t tell', async () => {
  server.respond((exchange) => exchange.json({ data: [{ index: 0, embedding: [1] }], usage: { prompt_tokens: 5 } }), lengths);
  expect((await embed<readonly string[]>(embeddings({ batchSize: 1 })).invoke(['a', 'b'])).usage).toBeUndefined();
});

test('a half of a character is mended', async () => {
  server.respond(lengths);
  await embed(embeddings()).invoke('\ud83d');
  expect(server.exchanges[0]?.request.body).toMatchObject({ input: ['\uFFFD'] });
});

test('its dimensions are known by name, or as asked for', () => {
  expect(embeddings()).toMatchObject({ id: 'openai:text-embedding-3-small', dimensions: 1536 });
  expect(embeddings({ dimensions: 64 }).dimensions).toBe(64);
  expect(openaiEmbeddings('nomic-embed-text', { name: 'ollama' })).toEqual({ id: 'ollama:nomic-embed-text', embed: expect.any(Function) });
  expect(() => embeddings({ batchSize: 0 })).toThrow(/INVALID_OPTION/);
});

test.each([
  ['too few vectors', json({ data: [] }), 'MODEL_PROTOCOL'],
  ['a refusal', json({ error: { message: 'slow' } }, { status: 429 }), 'MODEL_RATE_LIMIT'],
  ['no data', json({ nothing: true }), 'MODEL_PROTOCOL'],
])('%s is a typed error', async (_what, handler, code) => {
  server.respond(handler);
  await expect(embed(embeddings()).invoke('a')).rejects.toMatchObject({ code });
});

test('unsubscribing closes the socket', async () => {
  server.respond(hang());
  const subscription = embed(embeddings()).run('a').subscribe();
  const exchange = await server.arrived();
  await turns(2);
  subscription.unsubscribe();
  expect(await exchange.closed).toBe('aborted');
});
