import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { anthropic } from '../../src/operators/models/anthropic/anthropic.js';
import { chat } from '../../src/operators/models/chat.js';
import { blockStart, blockStop, start, stop, textDelta } from './anthropicEvents.js';
import { flood, turns, WireServer } from './WireServer.js';

let server: WireServer;
beforeAll(async () => {
  server = await WireServer.start();
});
afterAll(() => server.close());
afterEach(() => server.forget());

const ask = () => chat(anthropic('claude-sonnet-5-5', { apiKey: 'key', baseURL: server.url }));
const head = [start(), blockStart(0, { type: 'text', text: '' })];
const chunks = (count: number) => flood((index) => textDelta(`token ${index} `), count, [blockStop(0), ...stop()], head);
const manyChunks = () => chunks(200_000);

test('an idle consumer stalls the server', async () => {
  server.respond(manyChunks());
  const iterator = ask().stream('Hi')[Symbol.asyncIterator]();
  expect((await iterator.next()).value).toMatchObject({ text: 'token 0 ' });
  const exchange = await server.arrived();
  expect(await exchange.stalled()).toBe('stalled');
  const accepted = exchange.acceptedBytes;
  await turns(100);
  expect(exchange.acceptedBytes).toBe(accepted);
  await iterator.return?.();
  expect(await exchange.closed).toBe('aborted');
});

test('a consumer that pauses gets everything, in order', async () => {
  server.respond(chunks(30_000));
  let seen = 0;
  for await (const { text } of ask().stream('Hi')) {
    if (seen === 100) await turns(100);
    if (text === `token ${seen} `) seen++;
  }
  expect(seen).toBe(30_000);
  expect(await (await server.arrived()).closed).toBe('finished');
});

test('leaving in the middle of a flood stops it within a chunk', async () => {
  server.respond(manyChunks());
  let seen = 0;
  for await (const _chunk of ask().stream('Hi')) if (++seen === 100) break;
  expect(seen).toBe(100);
  expect(await (await server.arrived()).closed).toBe('aborted');
});

test('unsubscribing and aborting stop a flood within a chunk', async () => {
  for (const how of ['unsubscribe', 'abort'] as const) {
    server.forget();
    server.respond(manyChunks());
    const controller = new AbortController();
    let seen = 0;
    const run = ask()
      .run('Hi', { signal: controller.signal })
      .subscribe({
        next: () => {
          if (++seen < 100) return;
          if (how === 'abort') controller.abort();
          else run.unsubscribe();
        },
        error: () => undefined,
      });
    const exchange = await server.arrived();
    expect(await exchange.closed).toBe('aborted');
    await turns(20);
    expect(seen).toBe(100);
  }
});
