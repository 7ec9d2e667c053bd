import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { embed } from '../../src/operators/retrieval/embed.js';
import { openaiEmbeddings } from '../../src/operators/models/openai/openaiEmbeddings.js';
import { hang, json, turns, WireServer, type WireHandler } from './WireServer.js';

let server: WireServer;
beforeAll(async () => {
  server = await WireServer.start();
});
afterAll(() => server.close());
afterEach(() => server.forget());

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
