import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Anthropic } from '@anthropic-ai/sdk';
import { ModelError } from '../../src/operators/models/ModelError.js';
import { anthropic, type AnthropicOptions } from '../../src/operators/models/anthropic/anthropic.js';
import { chat } from '../../src/operators/models/chat.js';
import { blockStart, event, start, textAnswer, textDelta } from './anthropicEvents.js';
import { comment, json, sse, WireServer, type WireHandler } from './WireServer.js';

let server: WireServer;
beforeAll(async () => {
  server = await WireServer.start();
});
afterAll(() => server.close());
afterEach(() => server.forget());

const ask = (options: AnthropicOptions = {}) => chat(anthropic('claude-sonnet-5-5', { apiKey: 'key', baseURL: server.url, ...options }));

async function failureOf(handler: WireHandler, options?: AnthropicOptions): Promise<ModelError> {
  server.respond(handler);
  const error = await ask(options).invoke('Hi').then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(ModelError);
  return error as ModelError;
}

const refusal = (type: string, message = 'no', details?: unknown): unknown => ({ type: 'error', error: { type, message, ...(details !== undefined && { details }) }, request_id: 'req_1' });

describe('a refusal', () => {
  test.each([
    [400, 'invalid_request_error', 'max_tokens: must be positive', 'MODEL_REQUEST', false],
    [400, 'invalid_request_error', 'prompt is too long: 250000 tokens > 200000 maximum', 'MODEL_CONTEXT_LENGTH', false],
    [401, 'authentication_error', 'invalid key', 'MODEL_AUTH', false],
    [402, 'billing_error', 'no credit', 'MODEL_REQUEST', false],
    [403, 'permission_error', 'not yours', 'MODEL_AUTH', false],
    [404, 'not_found_error', 'model: nope', 'MODEL_REQUEST', false],
    [413, 'request_too_large', 'too large', 'MODEL_CONTEXT_LENGTH', false],
    [429, 'rate_limit_error', 'slow down', 'MODEL_RATE_LIMIT', true],
    [500, 'api_error', 'oops', 'MODEL_OVERLOADED', true],
    [503, 'api_error', 'oops', 'MODEL_OVERLOADED', true],
    [504, 'timeout_error', 'late', 'MODEL_OVERLOADED', true],
    [529, 'overloaded_error', 'Overloaded', 'MODEL_OVERLOADED', true],
  ])('of %i %s (%s) is %s', async (status, type, message, code, retryable) => {
    const error = await failureOf(json(refusal(type, message), { status, headers: { 'request-id': 'req_1' } }));
    expect(error).toMatchObject({ code, status, retryable, provider: 'anthropic', requestId: 'req_1', message: expect.stringContaining(message) });
    expect(server.exchanges).toHaveLength(1); // retries are ours
  });

  test('says how long to wait', async () => {
    expect(await failureOf(json(refusal('rate_limit_error'), { status: 429, headers: { 'retry-after': '2' } }))).toMatchObject({ code: 'MODEL_RATE_LIMIT', retryAfterMs: 2000 });
  });

  test('of a spending limit is no matter of waiting', async () => {
    const error = await failureOf(json(refusal('rate_limit_error', 'spent', { error_code: 'enforced_spend_limit_reached' }), { status: 429 }));
    expect(error).toMatchObject({ code: 'MODEL_RATE_LIMIT', retryable: false });
  });

  test('that is no JSON is typed by its status', async () => {
    expect(await failureOf(json('<html>Bad gateway</html>', { status: 502, headers: { 'content-type': 'text/html' } }))).toMatchObject({ code: 'MODEL_OVERLOADED', status: 502 });
  });
});

describe('in the middle of an answer', () => {
  const begun = [start(), blockStart(0, { type: 'text', text: '' }), textDelta('Hel')];

  test.each([
    ['overloaded_error', 'MODEL_OVERLOADED', true],
    ['api_error', 'MODEL_OVERLOADED', true],
    ['rate_limit_error', 'MODEL_RATE_LIMIT', true],
    ['invalid_request_error', 'MODEL_REQUEST', false],
    ['unheard_of_error', 'MODEL_OVERLOADED', true],
  ])('an %s is %s, after what was said before it', async (type, code, retryable) => {
    server.respond(sse([...begun, event({ type: 'error', error: { type, message: 'Sorry' } })]));
    const said: (string | undefined)[] = [];
    const error = await new Promise<unknown>((resolve) => ask().run('Hi').subscribe({ next: (chunk) => said.push(chunk.text), error: resolve }));
    expect(said).toEqual(['Hel']);
    expect(error).toMatchObject({ code, retryable, message: expect.stringContaining('Sorry') });
  });

  test('an end without message_stop is MODEL_TRUNCATED', async () => {
    expect(await failureOf(sse(begun, { headers: { 'request-id': 'req_7' } }))).toMatchObject({ code: 'MODEL_TRUNCATED', retryable: true, requestId: 'req_7' });
    expect(await failureOf(sse(textAnswer('Hello').slice(0, -1)))).toMatchObject({ code: 'MODEL_TRUNCATED' });
  });

  test('a broken connection is MODEL_TRUNCATED', async () => {
    expect(await failureOf(sse(begun, { ending: 'destroy' }))).toMatchObject({ code: 'MODEL_TRUNCATED', retryable: true });
  });

  test('what is not JSON is MODEL_PROTOCOL, and nothing is printed', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(await failureOf(sse([...begun, 'event: content_block_delta\ndata: {"type":\n\n']))).toMatchObject({ code: 'MODEL_PROTOCOL' });
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  test('an event without what it must have is MODEL_PROTOCOL', async () => {
    expect(await failureOf(sse([event({ type: 'message_start' })]))).toMatchObject({ code: 'MODEL_PROTOCOL' });
    expect(await failureOf(sse(['event: x\ndata: null\n\n']))).toMatchObject({ code: 'MODEL_PROTOCOL' });
  });

  test('an event without end is MODEL_PROTOCOL', async () => {
    const endless: WireHandler = async (exchange) => {
      exchange.head();
      await exchange.write('event: content_block_delta\ndata: "');
      const block = 'x'.repeat(2 ** 20);
      while (!exchange.isClosed) await exchange.write(block);
    };
    expect(await failureOf(endless)).toMatchObject({ code: 'MODEL_PROTOCOL', message: expect.stringContaining('16 MB') });
    expect(await (await server.arrived()).closed).toBe('aborted');
  });
});

describe('an answer without anything', () => {
  test.each([
    ['an empty event stream', sse([]), 'MODEL_TRUNCATED'],
    ['keep-alives alone', sse([comment(), comment()]), 'MODEL_TRUNCATED'],
    ['a web page', sse(['<html></html>'], { headers: { 'content-type': 'text/html' } }), 'MODEL_PROTOCOL'],
    ['no content', ((exchange) => exchange.json('', { status: 204 })) as WireHandler, 'MODEL_PROTOCOL'],
  ])('%s', async (_what, handler, code) => {
    expect(await failureOf(handler)).toMatchObject({ code });
  });
});

describe('without an answer', () => {
  test('a server that is not there is MODEL_NETWORK', async () => {
    const gone = await WireServer.start();
    const { url } = gone;
    await gone.close();
    expect(await failureOf(json({}), { baseURL: url })).toMatchObject({ code: 'MODEL_NETWORK', retryable: true, message: expect.stringMatching(/ECONNREFUSED/) });
  });

  test('a connection that breaks before the answer is MODEL_NETWORK', async () => {
    expect(await failureOf((exchange) => exchange.destroy())).toMatchObject({ code: 'MODEL_NETWORK', retryable: true });
  });

  test('an address that is none is MODEL_REQUEST', async () => {
    expect(await failureOf(json({}), { baseURL: 'nowhere' })).toMatchObject({ code: 'MODEL_REQUEST', retryable: false });
  });

  test('no key is MODEL_AUTH, in the stream, and names the variable', async () => {
    const kept = { ...process.env };
    for (const name of Object.keys(process.env)) if (name.startsWith('ANTHROPIC_')) delete process.env[name];
    process.env['ANTHROPIC_CONFIG_DIR'] = '/nonexistent';
    try {
      const ask = chat(anthropic('claude-sonnet-5-5', { baseURL: server.url }));
      await expect(ask.invoke('Hi')).rejects.toMatchObject({ code: 'MODEL_AUTH', retryable: false, message: expect.stringContaining('ANTHROPIC_API_KEY') });
      expect(server.exchanges).toHaveLength(0);
    } finally {
      Object.assign(process.env, kept);
      if (!('ANTHROPIC_CONFIG_DIR' in kept)) delete process.env['ANTHROPIC_CONFIG_DIR'];
    }
  });

  test('a key that cannot be fetched is MODEL_AUTH', async () => {
    const apiKey = (): never => {
      throw new Error('vault closed');
    };
    expect(await failureOf(json({}), { apiKey: async () => apiKey() })).toMatchObject({ code: 'MODEL_AUTH' });
  });
});

test('a model without a name is a mistake in the program', () => {
  expect(() => anthropic('')).toThrow(/INVALID_OPTION/);
});

test('a given client is used, and its retries are not', async () => {
  const client = new Anthropic({ apiKey: 'own', baseURL: server.url, maxRetries: 5, timeout: 1 });
  expect(await failureOf(json(refusal('overloaded_error'), { status: 529 }), { client })).toMatchObject({ code: 'MODEL_OVERLOADED' });
  expect(server.exchanges.map(({ request }) => request.headers['authorization'])).toEqual(['Bearer own']);
});
