import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { NEVER } from 'rxjs';
import { isRivuletError } from '../../src/core/errors/RivuletError.js';
import { lambda } from '../../src/core/flow/lambda.js';
import type { RunEvent } from '../../src/core/events/RunEvent.js';
import type { ChatModel } from '../../src/operators/models/ChatModel.js';
import { chat } from '../../src/operators/models/chat.js';
import { openai } from '../../src/operators/models/openai/openai.js';
import { openaiResponses } from '../../src/operators/models/openai/openaiResponses.js';
import { completionFrames, delta, DONE, event, response } from './openaiWire.js';
import { flood, hang, sse, turns, WireServer, type WireHandler } from './WireServer.js';

let server: WireServer;
beforeAll(async () => {
  server = await WireServer.start();
});
afterAll(() => server.close());
afterEach(() => server.forget());

const CHUNKS = 200_000;
const options = (): { apiKey: string; baseURL: string } => ({ apiKey: 'key', baseURL: `${server.url}/v1` });

interface Case {
  readonly name: string;
  readonly model: () => ChatModel;
  readonly endless: () => WireHandler;
}

const cases: readonly Case[] = [
  {
    name: 'Chat Completions',
    model: () => openai('gpt-wire', options()),
    endless: () => flood((n) => delta({ content: `token ${n} ` }), CHUNKS, [delta({}, 'stop'), DONE]),
  },
  {
    name: 'the Responses API',
    model: () => openaiResponses('gpt-wire', options()),
    endless: () => flood((n) => event('response.output_text.delta', { output_index: 0, content_index: 0, delta: `token ${n} ` }), CHUNKS, [event('response.completed', { response: response([]) })]),
  },
];

describe.each(cases)('by $name', ({ model, endless }) => {
  test('an idle consumer stalls a server of 200,000 chunks; who reads on misses nothing', async () => {
    server.respond(endless());
    const chunks = chat(model()).stream('Hi');
    expect((await chunks.next()).value).toMatchObject({ text: 'token 0 ' });
    const exchange = await server.arrived();
    expect(await exchange.stalled()).toBe('stalled');
    const accepted = exchange.acceptedBytes;
    expect(accepted).toBeLessThan(12_000_000); // of 29,000,000: what the sockets hold
    await turns(200);
    expect(exchange.acceptedBytes).toBe(accepted);

    for (let n = 1; n < 20_000; n++) if ((await chunks.next()).value?.text !== `token ${n} `) throw new Error(`token ${n} is missing`);
    await chunks.return?.();
    expect(await exchange.closed).toBe('aborted');
  });

  test('`break` closes the socket', async () => {
    server.respond(endless());
    let seen = 0;
    for await (const _chunk of chat(model()).stream('Hi')) if (++seen === 100) break;
    expect(await (await server.arrived()).closed).toBe('aborted');
    expect(seen).toBe(100);
  });

  test.each(['unsubscribe', 'abort'] as const)('%s: not one chunk comes after it, and the socket closes', async (how) => {
    server.respond(endless());
    const controller = new AbortController();
    const errors: unknown[] = [];
    const events: RunEvent[] = [];
    let seen = 0;
    const subscription = chat(model())
      .run('Hi', { signal: controller.signal, events: { next: (one) => void events.push(one) } })
      .subscribe({
        next: () => {
          if (++seen < 100) return;
          if (how === 'abort') controller.abort();
          else subscription.unsubscribe();
        },
        error: (error: unknown) => errors.push(error),
      });
    expect(await (await server.arrived()).closed).toBe('aborted');
    await turns(20);
    expect(seen).toBe(100);
    expect(errors.map((error) => isRivuletError(error, 'CANCELLED'))).toEqual(how === 'abort' ? [true] : []);
    expect(events.filter(({ type }) => type === 'late_error')).toEqual([]); // the echo of our own abort is no error
  });
});

describe('unsubscribing closes the socket, and nothing is told of it', () => {
  const cancelled = async (handler: WireHandler, how: 'at once' | 'after a chunk'): Promise<string> => {
    server.respond(handler);
    const events: RunEvent[] = [];
    let came = (): void => undefined;
    const chunk = new Promise<void>((resolve) => (came = resolve));
    const run = chat(openai('gpt-wire', options())).run('Hi', { events: { next: (one) => void events.push(one) } });
    const subscription = run.subscribe(came);
    const exchange = await server.arrived();
    if (how === 'after a chunk') await chunk;
    subscription.unsubscribe();
    const ending = await exchange.closed;
    await turns(10);
    expect(events.filter(({ type }) => type === 'late_error')).toEqual([]);
    return ending;
  };

  test('while the server has not answered', async () => {
    expect(await cancelled(hang(), 'at once')).toBe('aborted');
  });

  test('while it is silent in the middle of its answer', async () => {
    expect(await cancelled(sse([delta({ content: 'Hel' })], { ending: 'hang' }), 'after a chunk')).toBe('aborted');
  });
});

test('a model asked inside a callback ends with the callback\'s call, whoever subscribed to it', async () => {
  server.respond(sse([delta({ content: 'Hel' })], { ending: 'hang' }));
  const errors: unknown[] = [];
  const ask = lambda((_: string, run) => {
    const request = { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] } as const;
    openai('gpt-wire', options()).stream(request, run).subscribe({ error: (error: unknown) => errors.push(error) });
    return NEVER;
  });
  const subscription = ask.run('Hi').subscribe();
  const exchange = await server.arrived();
  subscription.unsubscribe();
  expect(await exchange.closed).toBe('aborted');
  expect(errors).toMatchObject([{ code: 'CANCELLED' }]);
});

test('an answer that was read to its end is not broken off', async () => {
  server.respond(sse(completionFrames({ text: 'ok' })));
  const ask = chat(openai('gpt-wire', options()));
  await ask.invoke('one');
  await ask.invoke('two');
  expect(await Promise.all(server.exchanges.map(({ closed }) => closed))).toEqual(['finished', 'finished']);
});

test('nothing is asked before it is subscribed to, and each subscription asks anew', async () => {
  server.respond(sse(completionFrames({ text: 'ok' })));
  const run = chat(openai('gpt-wire', options())).run('Hi');
  await turns(5);
  expect(server.exchanges).toHaveLength(0);
  for (let n = 0; n < 2; n++) await new Promise<void>((complete) => run.subscribe({ complete }));
  expect(server.exchanges).toHaveLength(2);
});
