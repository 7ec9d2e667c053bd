import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { rootContext } from '../../src/core/context/RunContext.js';
import { anthropic, type AnthropicOptions } from '../../src/operators/models/anthropic/anthropic.js';
import { chat } from '../../src/operators/models/chat.js';
import type { ChatRequest } from '../../src/operators/models/ChatModel.js';
import { USAGE } from './anthropicEvents.js';
import { json, turns, WireServer, type WireHandler } from './WireServer.js';

let server: WireServer;
let scheduler: VirtualTimeScheduler;
beforeAll(async () => {
  server = await WireServer.start();
});
afterAll(() => server.close());
beforeEach(() => {
  scheduler = new VirtualTimeScheduler();
});
afterEach(() => server.forget());

const model = (batch: AnthropicOptions['batch'] = true) => anthropic('claude-sonnet-5-5', { apiKey: 'key', baseURL: server.url, batch });

const state = (processing_status: 'in_progress' | 'ended'): unknown => ({ id: 'b1', type: 'message_batch', processing_status, results_url: processing_status === 'ended' ? `${server.url}/results` : null });
const answer = (text: string): unknown => ({ id: `msg_${text}`, type: 'message', role: 'assistant', model: 'claude-sonnet-5-5', content: [{ type: 'text', text, citations: null }], stop_reason: 'end_turn', usage: USAGE });
const succeeded = (index: number, text: string): unknown => ({ custom_id: `request-${index}`, result: { type: 'succeeded', message: answer(text) } });

/** A batch service: it ends after so many looks, with these results. */
function service({ looks = 1, results = [], look }: { readonly looks?: number; readonly results?: readonly unknown[]; readonly look?: WireHandler }): void {
  let left = looks;
  server.respond((exchange) => {
    const { path, method } = exchange.request;
    if (path === '/results') return exchange.json(results.map((one) => `${JSON.stringify(one)}\n`).join(''), { headers: { 'content-type': 'application/binary' } });
    if (path.endsWith('/cancel')) return exchange.json(state('in_progress'));
    if (method === 'POST') return exchange.json(state('in_progress'));
    if (look && left > 0 && left-- > 0) return look(exchange);
    return exchange.json(state(left-- > 1 ? 'in_progress' : 'ended'));
  });
}

/** Turns the scheduler on, each time as soon as somebody waits on it, until `done`. */
async function elapse<T>(done: Promise<T>): Promise<T> {
  let running = true;
  const settle = (): void => void (running = false);
  done.then(settle, settle);
  for (let turn = 0; running && turn < 10_000; turn++) {
    scheduler.flush();
    await turns(1);
  }
  return done;
}

const paths = (): readonly string[] => server.exchanges.map(({ request }) => `${request.method} ${request.path}`);
const requests = (...texts: readonly string[]): readonly ChatRequest[] => texts.map((text) => ({ messages: [{ role: 'user', content: [{ type: 'text', text }] }] }));

describe('a batch', () => {
  test('is offered when asked for', () => {
    expect(anthropic('m').batch).toBeUndefined();
    expect(anthropic('m', { batch: false }).batch).toBeUndefined();
    expect(model().batch).toBeDefined();
    expect(() => anthropic('m', { batch: { pollMs: -1 } })).toThrow(/INVALID_OPTION.*pollMs/);
  });

  test('is submitted, looked at on the scheduler until it ended, and its results come in the order of the requests', async () => {
    service({ looks: 3, results: [succeeded(2, 'c'), succeeded(0, 'a'), succeeded(1, 'b')] });
    const answers = await elapse(chat(model({ pollMs: 60_000 }), { maxTokens: 9 }).batch(['A', 'B', 'C'], { scheduler }));
    expect(answers.map(({ content }) => content)).toEqual(['a', 'b', 'c'].map((text) => [{ type: 'text', text }]));
    expect(answers[0]).toMatchObject({ id: 'msg_a', finishReason: 'stop', usage: { inputTokens: 330 } });
    expect(scheduler.frame).toBe(180_000);
    const batch = '/v1/messages/batches';
    expect(paths()).toEqual([`POST ${batch}`, `GET ${batch}/b1`, `GET ${batch}/b1`, `GET ${batch}/b1`, `GET ${batch}/b1`, 'GET /results']);
    const body = (text: string): unknown => ({ model: 'claude-sonnet-5-5', max_tokens: 9, messages: [{ role: 'user', content: [{ type: 'text', text }] }] });
    expect(server.exchanges[0]?.request.body).toEqual({ requests: ['A', 'B', 'C'].map((text, index) => ({ custom_id: `request-${index}`, params: body(text) })) });
  });

  test('looks every 30 seconds unless told otherwise', async () => {
    service({ looks: 2, results: [succeeded(0, 'a')] });
    await elapse(chat(model()).batch(['A'], { scheduler }));
    expect(scheduler.frame).toBe(60_000);
  });

  test('has errors in the place of what failed', async () => {
    const errored = { type: 'errored', error: { type: 'error', error: { type: 'invalid_request_error', message: 'prompt is too long' }, request_id: null } };
    const results = [
      { custom_id: 'request-1', result: errored },
      { custom_id: 'request-2', result: { type: 'expired' } },
      { custom_id: 'request-3', result: { type: 'canceled' } },
      { custom_id: 'request-4', result: { type: 'succeeded', message: {} } },
      succeeded(0, 'a'),
      succeeded(99, 'nobody'),
    ];
    service({ results });
    const audio: ChatRequest = { messages: [{ role: 'user', content: [{ type: 'audio', source: { base64: '', mediaType: 'audio/wav' } }] }] };
    const all = [...requests('A', 'B', 'C', 'D', 'E', 'F'), audio];
    const outcomes = await elapse(new Promise<readonly unknown[]>((resolve, reject) => model().batch?.(all, rootContext({ scheduler })).subscribe({ next: resolve, error: reject })));
    expect(outcomes).toMatchObject([
      { content: [{ text: 'a' }] },
      { code: 'MODEL_CONTEXT_LENGTH' },
      { code: 'MODEL_OVERLOADED', retryable: true },
      { code: 'CANCELLED' },
      { code: 'MODEL_PROTOCOL' },
      { code: 'MODEL_PROTOCOL', retryable: true, message: expect.stringContaining('request 5') },
      { code: 'INVALID_MESSAGE', message: expect.stringContaining('audio') },
    ]);
    expect((server.exchanges[0]?.request.body as { requests: unknown[] }).requests).toHaveLength(6);
  });

  test('with nothing to submit submits nothing', async () => {
    expect(await chat(model()).batch([])).toEqual([]);
    expect(server.exchanges).toHaveLength(0);
  });

  test('outlives a hiccup, but not a refusal', async () => {
    service({ looks: 5, look: json({ type: 'error', error: { type: 'overloaded_error', message: 'busy' } }, { status: 529 }), results: [succeeded(0, 'a')] });
    expect(await elapse(chat(model()).batch(['A'], { scheduler }))).toHaveLength(1);
    service({ looks: 6, look: json({ type: 'error', error: { type: 'overloaded_error', message: 'busy' } }, { status: 529 }) });
    await expect(elapse(chat(model()).batch(['A'], { scheduler }))).rejects.toMatchObject({ code: 'MODEL_OVERLOADED' });
    service({ look: json({ type: 'error', error: { type: 'not_found_error', message: 'gone' } }, { status: 404 }) });
    await expect(elapse(chat(model()).batch(['A'], { scheduler }))).rejects.toMatchObject({ code: 'MODEL_REQUEST' });
  });

  test('that is not accepted is an error', async () => {
    server.respond(json({ type: 'error', error: { type: 'rate_limit_error', message: 'slow' } }, { status: 429, headers: { 'retry-after': '3' } }));
    await expect(chat(model()).batch(['A'], { scheduler })).rejects.toMatchObject({ code: 'MODEL_RATE_LIMIT', retryAfterMs: 3000 });
  });

  const cancelled = async (): Promise<void> => {
    const { request, closed } = await server.arrived(2);
    expect(request.path).toBe('/v1/messages/batches/b1/cancel');
    await closed;
  };

  test('is cancelled when unsubscribed, while it waits', async () => {
    service({ looks: 3 });
    const run = model().batch?.(requests('A'), rootContext({ scheduler })).subscribe();
    const submitted = await server.arrived();
    await submitted.closed;
    await turns(20);
    run?.unsubscribe();
    await cancelled();
    scheduler.flush();
    await turns(20);
    expect(paths()).toEqual(['POST /v1/messages/batches', 'POST /v1/messages/batches/b1/cancel']);
  });

  test('is cancelled when unsubscribed while it is submitted', async () => {
    let accept = (): void => undefined;
    server.respond((exchange) => {
      accept = () => exchange.json(state('in_progress'));
    }, json(state('in_progress')));
    const run = model().batch?.(requests('A'), rootContext({ scheduler })).subscribe();
    await server.arrived();
    await turns(2);
    run?.unsubscribe();
    accept();
    await cancelled();
  });

  test('that came to its end is not cancelled', async () => {
    service({ results: [succeeded(0, 'a')] });
    await elapse(chat(model()).batch(['A'], { scheduler }));
    await turns(20);
    expect(paths().some((path) => path.endsWith('/cancel'))).toBe(false);
  });
});
