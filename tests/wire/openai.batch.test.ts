import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asapScheduler, Subscription, type SchedulerLike } from 'rxjs';
import { rootContext } from '../../src/core/context/RunContext.js';
import type { RunEvent } from '../../src/core/events/RunEvent.js';
import { chat } from '../../src/operators/models/chat.js';
import { openai } from '../../src/operators/models/openai/openai.js';
import { openaiResponses } from '../../src/operators/models/openai/openaiResponses.js';
import { completion, response } from './openaiWire.js';
import { turns, WireServer, type WireHandler } from './WireServer.js';

let server: WireServer;
beforeAll(async () => {
  server = await WireServer.start();
});
afterAll(() => server.close());
afterEach(() => server.forget());

const options = { apiKey: 'key', batch: { pollMs: 1000, maxPollMs: 3000 } };
const model = () => openai('gpt-wire', { ...options, baseURL: `${server.url}/v1` });

/** Waits for nothing, and notes how long it was to wait. */
function hurried(): { readonly waits: number[]; readonly scheduler: SchedulerLike } {
  const waits: number[] = [];
  const schedule = (work: unknown, delayMs = 0): Subscription => {
    waits.push(delayMs);
    return asapScheduler.schedule(work as () => void);
  };
  return { waits, scheduler: { now: () => 0, schedule } };
}

const quick = (): { readonly scheduler: SchedulerLike } => ({ scheduler: hurried().scheduler });

interface Service {
  /** The states that one look after another finds; a number is a failure with that status. */
  readonly looks?: readonly (string | number)[];
  readonly output?: readonly object[];
  readonly errors?: readonly object[];
  readonly batch?: object;
}

const lines = (objects: readonly object[]): string => objects.map((one) => JSON.stringify(one)).join('\n');

/** OpenAI's batch service. */
function service({ looks = ['completed'], output = [], errors = [], batch = {} }: Service): WireHandler {
  let look = 0;
  const state = (status: string): object => ({
    id: 'batch_1',
    object: 'batch',
    status,
    ...(output.length > 0 && { output_file_id: 'file-out' }),
    ...(errors.length > 0 && { error_file_id: 'file-err' }),
    ...batch,
  });
  return (exchange) => {
    const { method, path } = exchange.request;
    if (path === '/v1/files') return exchange.json({ id: 'file-in', object: 'file' });
    if (path === '/v1/batches') return exchange.json(state('validating'));
    if (path.endsWith('/cancel')) return exchange.json(state('cancelling'));
    if (path === '/v1/files/file-out/content') return exchange.json(lines(output), { headers: { 'content-type': 'application/octet-stream' } });
    if (path === '/v1/files/file-err/content') return exchange.json(lines(errors), { headers: { 'content-type': 'application/octet-stream' } });
    if (method !== 'GET' || path !== '/v1/batches/batch_1') return exchange.json({ error: { message: `no ${path}` } }, { status: 404 });
    const found = looks[Math.min(look++, looks.length - 1)];
    if (typeof found === 'number') return exchange.json({ error: { message: 'down' } }, { status: found });
    return exchange.json(state(found ?? 'completed'));
  };
}

const done = (index: number, text: string): object => ({ custom_id: `request-${index}`, response: { status_code: 200, body: completion({ text }) }, error: null });
const paths = (): string[] => server.exchanges.map(({ request }) => `${request.method} ${request.path}`);

describe('a batch by the batch service', () => {
  test('is uploaded, looked at, fetched and cancelled by no one', async () => {
    server.respond(service({ looks: ['in_progress', 'finalizing', 'completed'], output: [done(1, 'two'), done(0, 'one')] }));
    const { scheduler, waits } = hurried();
    const results = await chat(model(), { maxTokens: 5 }).batch(['first', 'second'], { scheduler });
    expect(results.map(({ content }) => content)).toEqual([[{ type: 'text', text: 'one' }], [{ type: 'text', text: 'two' }]]);
    expect(results[0]).toMatchObject({ finishReason: 'stop', usage: { inputTokens: 20 }, metadata: { model: 'gpt-wire' } });
    expect(paths()).toEqual(['POST /v1/files', 'POST /v1/batches', 'GET /v1/batches/batch_1', 'GET /v1/batches/batch_1', 'GET /v1/batches/batch_1', 'GET /v1/files/file-out/content']);
    expect(waits).toEqual([1000, 1500, 2250]);
    expect(server.exchanges[1]?.request.body).toEqual({ input_file_id: 'file-in', endpoint: '/v1/chat/completions', completion_window: '24h' });
  });

  test('uploads a line for each request, well-formed and not streamed', async () => {
    server.respond(service({ output: [done(0, 'x'), done(1, 'y')] }));
    await chat(model(), { maxTokens: 5 }).batch(['first', 'half \ud83d'], quick());
    const upload = server.exchanges[0]?.request.text ?? '';
    const uploaded = upload.split('\n').filter((line) => line.startsWith('{"custom_id"')).map((line) => JSON.parse(line) as unknown);
    const body = (content: string): object => ({ model: 'gpt-wire', messages: [{ role: 'user', content }], max_completion_tokens: 5 });
    expect(uploaded).toEqual([
      { custom_id: 'request-0', method: 'POST', url: '/v1/chat/completions', body: body('first') },
      { custom_id: 'request-1', method: 'POST', url: '/v1/chat/completions', body: body('half \uFFFD') },
    ]);
    expect(upload).toContain('name="purpose"\r\n\r\nbatch');
  });

  test('has failures in their places', async () => {
    server.respond(
      service({
        looks: ['expired'],
        output: [done(0, 'ok'), { custom_id: 'request-1', response: { status_code: 200, body: { choices: [] } } }],
        errors: [
          { custom_id: 'request-2', response: { status_code: 429, body: { error: { message: 'slow', code: 'rate_limit_exceeded' } } } },
          { custom_id: 'request-3', response: null, error: { code: 'server_error', message: 'oh' } },
          { custom_id: 'request-99', response: null, error: { code: 'server_error', message: 'not ours' } },
        ],
      }),
    );
    const results = await chat(model()).batch(['a', 'b', 'c', 'd', 'e'], { ...quick(), returnErrors: true });
    expect(results).toMatchObject([
      { content: [{ text: 'ok' }] },
      { code: 'MODEL_TRUNCATED' },
      { code: 'MODEL_RATE_LIMIT', status: 429 },
      { code: 'MODEL_OVERLOADED' },
      { code: 'MODEL_OVERLOADED', message: expect.stringContaining('request 4') },
    ]);
  });

  test('that the service finds invalid fails as a whole, with its reasons', async () => {
    server.respond(service({ looks: ['failed'], batch: { errors: { data: [{ code: 'invalid_json', message: 'not JSON', line: 2 }] } } }));
    await expect(chat(model()).batch(['a'], quick())).rejects.toMatchObject({ code: 'MODEL_REQUEST', message: expect.stringContaining('line 2: not JSON') });
  });

  test('outlives looks that fail in passing, up to five in a row', async () => {
    server.respond(service({ looks: [500, 503, 429, 500, 'in_progress', 500, 'completed'], output: [done(0, 'ok')] }));
    const { scheduler, waits } = hurried();
    expect(await chat(model()).batch(['a'], { scheduler })).toMatchObject([{ content: [{ text: 'ok' }] }]);
    expect(waits).toEqual([1000, 1500, 2250, 3000, 3000, 3000, 3000]);
  });

  test.each([
    ['five times', [500]],
    ['for good', [401]],
  ])('whose looks fail %s is given up, and cancelled', async (_how, looks) => {
    server.respond(service({ looks }));
    await expect(chat(model()).batch(['a'], quick())).rejects.toMatchObject({ code: looks[0] === 401 ? 'MODEL_AUTH' : 'MODEL_OVERLOADED' });
    expect(paths().filter((path) => path.startsWith('GET'))).toHaveLength(looks[0] === 401 ? 1 : 5);
    expect(paths().at(-1)).toBe('POST /v1/batches/batch_1/cancel');
  });

  test('by the Responses API', async () => {
    server.respond(service({ output: [{ custom_id: 'request-0', response: { status_code: 200, body: response([{ type: 'text', text: 'ok' }]) } }] }));
    const results = await chat(openaiResponses('gpt-wire', { ...options, baseURL: `${server.url}/v1` })).batch(['a'], quick());
    expect(results).toMatchObject([{ id: 'resp_1', content: [{ text: 'ok' }] }]);
    expect(server.exchanges[1]?.request.body).toMatchObject({ endpoint: '/v1/responses' });
  });

  test('is offered only when it is asked for', () => {
    expect(openai('gpt-wire').batch).toBeUndefined();
    expect(openai('gpt-wire', { batch: true }).batch).toBeDefined();
    expect(() => openai('gpt-wire', { batch: { pollMs: -1 } })).toThrow(/INVALID_OPTION/);
  });
});

describe('unsubscribing cancels the batch', () => {
  const start = (heard: (event: RunEvent) => void = () => undefined) => {
    const never: SchedulerLike = { now: () => 0, schedule: () => new Subscription() };
    const run = rootContext({ scheduler: never, events: { next: heard } });
    return model().batch?.([{ messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }] }] }], run).subscribe();
  };
  const CANCEL = 'POST /v1/batches/batch_1/cancel';

  test('while it waits', async () => {
    server.respond(service({}));
    const subscription = start();
    await server.arrived(2);
    await turns(10);
    subscription?.unsubscribe();
    await server.arrived(3);
    expect(paths()).toEqual(['POST /v1/files', 'POST /v1/batches', CANCEL]);
  });

  test('while it is being created: it may exist already', async () => {
    const events: RunEvent[] = [];
    let created = (): void => undefined;
    const handler = service({});
    server.respond((exchange) => {
      if (exchange.request.path !== '/v1/batches') return handler(exchange);
      created = () => void handler(exchange);
    });
    const subscription = start((event) => events.push(event));
    await server.arrived(2);
    subscription?.unsubscribe();
    created();
    await server.arrived(3);
    expect(paths().at(-1)).toBe(CANCEL);
    expect(events).toEqual([]);
  });

  test('a cancellation that fails is told as a late error', async () => {
    const handler = service({});
    server.respond((exchange) => (exchange.request.path.endsWith('/cancel') ? exchange.json({ error: { message: 'no' } }, { status: 500 }) : handler(exchange)));
    const told = new Promise<RunEvent>((resolve) => {
      const subscription = start(resolve);
      void server.arrived(2).then(() => turns(10)).then(() => subscription?.unsubscribe());
    });
    expect(await told).toMatchObject({ type: 'late_error', error: { code: 'MODEL_OVERLOADED' } });
  });
});
