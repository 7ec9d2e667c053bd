import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OpenAI } from 'openai';
import { catchError, of } from 'rxjs';
import { chat } from '../../src/operators/models/chat.js';
import type { ModelError } from '../../src/operators/models/ModelError.js';
import { openai } from '../../src/operators/models/openai/openai.js';
import { openaiResponses } from '../../src/operators/models/openai/openaiResponses.js';
import type { MessageChunk } from '../../src/operators/messages/Message.js';
import { completion, completionFrames, delta, DONE, event, response, usageFrame } from './openaiWire.js';
import { comment, frame, json, sse, WireServer, type WireHandler } from './WireServer.js';

let server: WireServer;
beforeAll(async () => {
  server = await WireServer.start();
});
afterAll(() => server.close());

const options = (): { apiKey: string; baseURL: string } => ({ apiKey: 'key', baseURL: `${server.url}/v1` });

/** What came before the error, and the error. */
async function failure(handler: WireHandler, model = openai('gpt-wire', options())): Promise<{ texts: (string | undefined)[]; error: ModelError }> {
  server.respond(handler);
  const chunks: (MessageChunk | { readonly error: ModelError })[] = [];
  const withError = chat(model).run('hi').pipe(catchError((error: ModelError) => of({ error })));
  await new Promise<void>((complete) => withError.subscribe({ next: (chunk) => chunks.push(chunk), complete }));
  const last = chunks.pop();
  if (!last || !('error' in last)) throw new Error('no error came');
  return { texts: chunks.map((chunk) => ('text' in chunk ? chunk.text : undefined)), error: last.error };
}

const refusal = (status: number, error: object, headers: Record<string, string> = {}): WireHandler => json({ error }, { status, headers: { 'x-request-id': 'req_1', ...headers } });

describe('a refused request', () => {
  test.each([
    [401, { message: 'Incorrect API key', code: 'invalid_api_key' }, 'MODEL_AUTH', false],
    [403, { message: 'Country not supported' }, 'MODEL_AUTH', false],
    [404, { message: 'The model does not exist', code: 'model_not_found' }, 'MODEL_REQUEST', false],
    [400, { message: 'Unknown parameter' }, 'MODEL_REQUEST', false],
    [422, { message: 'Unprocessable' }, 'MODEL_REQUEST', false],
    [409, { message: 'Conflict' }, 'MODEL_REQUEST', true],
    [400, { message: "This model's maximum context length is 8192 tokens", code: 'context_length_exceeded' }, 'MODEL_CONTEXT_LENGTH', false],
    [400, { message: 'request (9000 tokens) exceeds the available context size' }, 'MODEL_CONTEXT_LENGTH', false],
    [400, { message: 'filtered', code: 'content_filter' }, 'MODEL_CONTENT_FILTER', false],
    [429, { message: 'Rate limit reached', code: 'rate_limit_exceeded' }, 'MODEL_RATE_LIMIT', true],
    [429, { message: 'You exceeded your quota', code: 'insufficient_quota' }, 'MODEL_RATE_LIMIT', false],
    [408, { message: 'Timeout' }, 'MODEL_OVERLOADED', true],
    [500, { message: 'The server had an error', type: 'server_error' }, 'MODEL_OVERLOADED', true],
    [503, { message: 'Overloaded' }, 'MODEL_OVERLOADED', true],
    [529, { message: 'Overloaded' }, 'MODEL_OVERLOADED', true],
  ])('with status %i (%j) is %s', async (status, body, code, retryable) => {
    server.forget();
    const { error } = await failure(refusal(status, body));
    expect(error).toMatchObject({ name: 'ModelError', code, status, retryable, provider: 'openai', requestId: 'req_1' });
    expect(error.message).toContain(body.message);
    expect(server.exchanges).toHaveLength(1); // the SDK does not try again: retries are ours
  });

  test.each([
    ['retry-after', '2', 2000],
    ['retry-after', '0.5', 500],
    ['retry-after-ms', '1500', 1500],
    ['retry-after', 'Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
    ['retry-after', 'soon', undefined],
  ])('says in %s: %s how long to wait', async (name, value, retryAfterMs) => {
    const { error } = await failure(refusal(429, { message: 'Slow down' }, { [name]: value, date: 'Wed, 21 Oct 2026 07:28:00 GMT' }));
    expect(error.retryAfterMs).toBe(retryAfterMs);
  });

  test('whose body is no JSON is still typed', async () => {
    const { error } = await failure(json('<html>Bad gateway</html>', { status: 502, headers: { 'content-type': 'text/html' } }));
    expect(error).toMatchObject({ code: 'MODEL_OVERLOADED', status: 502 });
  });
});

describe('without', () => {
  test('a key, the error names the variable and comes down the stream, at subscription', () => {
    const before = process.env['OPENAI_API_KEY'];
    delete process.env['OPENAI_API_KEY'];
    const run = chat(openai('gpt-5')).run('hi');
    let caught: unknown;
    run.subscribe({ error: (error) => (caught = error) });
    if (before !== undefined) process.env['OPENAI_API_KEY'] = before;
    expect(caught).toMatchObject({ code: 'MODEL_AUTH', retryable: false });
    expect(String(caught)).toContain('OPENAI_API_KEY');
  });

  test('a server, it is a network error', async () => {
    const gone = await WireServer.start();
    const baseURL = `${gone.url}/v1`;
    await gone.close();
    const { error } = await failure(json({}), openai('gpt-wire', { apiKey: 'key', baseURL }));
    expect(error).toMatchObject({ code: 'MODEL_NETWORK', retryable: true, status: undefined });
    expect(error.message).toContain('ECONNREFUSED');
  });

  test('a valid address, the request cannot be made', async () => {
    const { error } = await failure(json({}), openai('gpt-wire', { apiKey: 'key', baseURL: 'nowhere' }));
    expect(error).toMatchObject({ code: 'MODEL_REQUEST', retryable: false });
  });

  test('a token from the function that gives it, it is about credentials', async () => {
    const apiKey = () => Promise.reject(new Error('the vault is locked'));
    const { error } = await failure(json({}), openai('gpt-wire', { ...options(), apiKey }));
    expect(error).toMatchObject({ code: 'MODEL_AUTH' });
    expect(error.message).toContain('the vault is locked');
  });

  test('a name, building fails', () => {
    expect(() => openai('')).toThrow(/INVALID_OPTION/);
  });
});

test('a client of your own is used as it is, but for retries', async () => {
  const client = new OpenAI({ ...options(), organization: 'org-own', maxRetries: 5 });
  server.forget();
  const { error } = await failure(refusal(500, { message: 'no' }), openai('gpt-wire', { client }));
  expect(error.code).toBe('MODEL_OVERLOADED');
  expect(server.exchanges.map(({ request }) => request.headers['openai-organization'])).toEqual(['org-own']);
});

describe('a stream that breaks off is MODEL_TRUNCATED, after what came', () => {
  const some = [delta({ role: 'assistant' }), delta({ content: 'Hel' })];

  test('when it ends without a reason', async () => {
    const { texts, error } = await failure(sse(some));
    expect(texts).toEqual(['Hel']);
    expect(error).toMatchObject({ code: 'MODEL_TRUNCATED', retryable: true });
  });

  test('when it says [DONE] without a reason', async () => {
    expect((await failure(sse([...some, DONE]))).error.code).toBe('MODEL_TRUNCATED');
  });

  test('when the socket is destroyed', async () => {
    const { texts, error } = await failure(sse(some, { ending: 'destroy' }));
    expect(texts).toEqual(['Hel']);
    expect(error).toMatchObject({ code: 'MODEL_TRUNCATED', retryable: true });
    expect(String(error.cause)).toContain('terminated');
  });

  test('when it ends inside a tool call', async () => {
    const call = delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'add', arguments: '{"n":' } }] });
    expect((await failure(sse([call]))).error.code).toBe('MODEL_TRUNCATED');
  });

  test.each([
    ['nothing', []],
    ['comments', [comment()]],
    ['[DONE]', [DONE]],
    ['usage', [usageFrame(), DONE]],
  ])('when it was %s', async (_what, frames) => {
    expect((await failure(sse(frames))).error.code).toBe('MODEL_TRUNCATED');
  });
});

describe('an error in the middle of a stream', () => {
  const inMiddle = (error: unknown): WireHandler => sse([delta({ content: 'Hel' }), frame({ error }), delta({ content: 'never' })]);

  test.each([
    [{ message: 'The server had an error', type: 'server_error' }, 'MODEL_OVERLOADED'],
    [{ message: 'Rate limit', code: 'rate_limit_exceeded' }, 'MODEL_RATE_LIMIT'],
    [{ message: 'too long', code: 'context_length_exceeded' }, 'MODEL_CONTEXT_LENGTH'],
    [{ message: 'bad', type: 'BadRequestError', code: 400 }, 'MODEL_REQUEST'],
    [{ message: 'busy', code: 503 }, 'MODEL_OVERLOADED'],
    ['it went wrong', 'MODEL_OVERLOADED'],
  ])('%j is %s, after what came', async (wire, code) => {
    const { texts, error } = await failure(inMiddle(wire));
    expect(texts).toEqual(['Hel']);
    expect(error.code).toBe(code);
  });

  test('in place of an answer, with status 200', async () => {
    expect((await failure(json({ error: { message: 'no such model', code: 404 } }))).error).toMatchObject({ code: 'MODEL_REQUEST', status: 404 });
  });
});

describe('what is not the protocol is MODEL_PROTOCOL', () => {
  test.each<[string, WireHandler]>([
    ['a page', json('<html></html>', { headers: { 'content-type': 'text/html' } })],
    ['an event that is not JSON', sse([frame('{"choices": [')])],
    ['an event that is a number', sse([frame('5')])],
    ['choices that are none', sse([frame({ choices: 5 })])],
    ['JSON that is not JSON', json('{"choices": [')],
  ])('%s', async (_what, handler) => {
    expect((await failure(handler)).error).toMatchObject({ code: 'MODEL_PROTOCOL', retryable: false });
  });

  test('an event without an end', async () => {
    const endless: WireHandler = async (exchange) => {
      exchange.head();
      await exchange.write('data: "');
      const megabyte = 'x'.repeat(2 ** 20);
      for (let n = 0; n < 24 && !exchange.isClosed; n++) await exchange.write(megabyte);
    };
    const fast = openai('gpt-wire', { ...options(), fetch: inLargePieces });
    const { error } = await failure(endless, fast);
    expect(error.message).toContain('longer than 16 MB');
  });
});

/** Joins what arrives into pieces of megabytes: the SDK copies all it holds for each piece. */
const inLargePieces: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  let held: Uint8Array[] = [];
  const joined = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      held.push(piece);
      if (held.reduce((sum, { length }) => sum + length, 0) < 2 ** 23) return;
      controller.enqueue(Buffer.concat(held));
      held = [];
    },
  });
  return new Response(answer.body?.pipeThrough(joined) ?? null, answer);
};

describe('the Responses API', () => {
  const model = () => openaiResponses('gpt-wire', options());
  const text = event('response.output_text.delta', { output_index: 0, delta: 'Hel' });

  test.each<[string, WireHandler, string]>([
    ['an error event', sse([text, event('error', { code: 'rate_limit_exceeded', message: 'slow', param: null })]), 'MODEL_RATE_LIMIT'],
    ['an error event with a body', sse([text, event('error', { error: { code: 'server_error', message: 'oh' } })]), 'MODEL_OVERLOADED'],
    ['a failed response', sse([text, event('response.failed', { response: response([], { status: 'failed', error: { code: 'server_error', message: 'oh' } }) })]), 'MODEL_OVERLOADED'],
    ['an end without an end', sse([text]), 'MODEL_TRUNCATED'],
    ['a broken socket', sse([text], { ending: 'destroy' }), 'MODEL_TRUNCATED'],
    ['a cancelled response', sse([text, event('response.completed', { response: response([], { status: 'cancelled' }) })]), 'MODEL_TRUNCATED'],
  ])('%s is typed, after what came', async (_what, handler, code) => {
    const { texts, error } = await failure(handler, model());
    expect(texts).toEqual(['Hel']);
    expect(error.code).toBe(code);
  });

  test.each([{ stop: ['x'] }, { seed: 1 }])('refuses %j, which it does not know', async (unknown) => {
    await expect(chat(model(), unknown).invoke('hi')).rejects.toMatchObject({ code: 'MODEL_REQUEST' });
  });
});

test('a completion of the wrong server type is told apart from a truncated one', async () => {
  const { error } = await failure(json(completion({ text: 'a chat completion' })), openaiResponses('gpt-wire', options()));
  expect(error.code).toBe('MODEL_PROTOCOL');
});

test('nothing is printed by the SDK', async () => {
  const printed: unknown[] = [];
  const { error } = console;
  console.error = (...words: unknown[]) => void printed.push(words);
  await failure(sse([frame('{"choices": [')]));
  console.error = error;
  expect(printed).toEqual([]);
});

test('frames of a good answer are not an error', async () => {
  server.respond(sse(completionFrames({ text: 'ok' })));
  expect((await chat(openai('gpt-wire', options())).invoke('hi')).finishReason).toBe('stop');
});
