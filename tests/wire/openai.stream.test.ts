import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RunEvent } from '../../src/core/events/RunEvent.js';
import { chat } from '../../src/operators/models/chat.js';
import { openai } from '../../src/operators/models/openai/openai.js';
import { openaiCompatible } from '../../src/operators/models/openai/openaiCompatible.js';
import type { MessageChunk } from '../../src/operators/messages/Message.js';
import { completion, completionFrames, delta, DONE, type WireAnswer } from './openaiWire.js';
import { comment, frame, json, sse, WireServer } from './WireServer.js';

let server: WireServer;
beforeAll(async () => {
  server = await WireServer.start();
});
afterAll(() => server.close());

const model = (options = {}) => chat(openai('gpt-wire', { apiKey: 'key', baseURL: `${server.url}/v1`, ...options }));

async function chunksOf(flow = model()): Promise<MessageChunk[]> {
  const chunks: MessageChunk[] = [];
  for await (const chunk of flow.stream('hi')) chunks.push(chunk);
  return chunks;
}

const CALLS = [
  { id: 'call_a', name: 'weather', args: '{"city":"Zürich 😀","n":1}' },
  { id: 'call_b', name: 'time', args: '{"zone":"CET"}' },
];

describe('a streamed completion', () => {
  test('is text, reasoning, usage and a reason to stop', async () => {
    server.respond(sse(completionFrames({ reasoning: 'Hm… so', text: 'Héllo 😀' })));
    expect(await model().invoke('hi')).toEqual({
      role: 'assistant',
      id: 'chatcmpl-1',
      content: [
        { type: 'reasoning', text: 'Hm… so' },
        { type: 'text', text: 'Héllo 😀' },
      ],
      toolCalls: [],
      usage: { inputTokens: 20, outputTokens: 10, cachedInputTokens: 8, cacheWriteTokens: 6, reasoningTokens: 4 },
      finishReason: 'stop',
      metadata: { model: 'gpt-wire' },
    });
  });

  test('comes chunk by chunk, all with one id', async () => {
    server.respond(sse(completionFrames({ text: 'abcdef' })));
    const chunks = await chunksOf();
    expect(chunks.map(({ text }) => text).filter(Boolean)).toEqual(['abc', 'def']);
    expect(new Set(chunks.map(({ id }) => id))).toEqual(new Set(['chatcmpl-1']));
  });

  test('with parallel calls whose arguments come in turns', async () => {
    server.respond(sse(completionFrames({ calls: CALLS }, 4)));
    const { toolCalls, finishReason } = await model().invoke('hi');
    expect(toolCalls).toEqual([
      { type: 'tool_call', id: 'call_a', name: 'weather', args: { city: 'Zürich 😀', n: 1 }, raw: CALLS[0]?.args },
      { type: 'tool_call', id: 'call_b', name: 'time', args: { zone: 'CET' }, raw: CALLS[1]?.args },
    ]);
    expect(finishReason).toBe('tool_calls');
  });

  test.each([1, 2, 3, 7, 64])('cut anywhere, in pieces of %i bytes, also inside a character and an argument', async (pieceBytes) => {
    const frames = completionFrames({ reasoning: '思', text: 'é😀', calls: CALLS });
    server.respond(sse(frames), sse(frames, { pieceBytes }));
    expect(await model().invoke('hi')).toEqual(await model().invoke('hi'));
  });

  test('goes on through keep-alive comments, before the first and between any two events', async () => {
    server.respond(sse([comment(), comment('ping'), ...completionFrames({ text: 'ok' }).flatMap((one) => [one, comment()])]));
    expect((await model().invoke('hi')).content).toEqual([{ type: 'text', text: 'ok' }]);
  });

  test('with CRLF line ends', async () => {
    server.respond(sse(completionFrames({ text: 'ok' }).map((one) => one.replaceAll('\n', '\r\n'))));
    expect((await model().invoke('hi')).content).toEqual([{ type: 'text', text: 'ok' }]);
  });

  test.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['function_call', 'tool_calls'],
    ['martian', 'other'],
  ])('that ends with %s ends with %s', async (wire, finishReason) => {
    server.respond(sse(completionFrames({ text: 'x', finish: wire })));
    expect((await model().invoke('hi')).finishReason).toBe(finishReason);
  });

  test('that calls a tool says so, whatever reason the server gives', async () => {
    server.respond(sse(completionFrames({ calls: CALLS, finish: 'stop' })));
    expect((await model().invoke('hi')).finishReason).toBe('tool_calls');
  });

  test('that refuses is the text of the refusal, marked', async () => {
    server.respond(sse(completionFrames({ refusal: 'I cannot.' })));
    expect(await model().invoke('hi')).toMatchObject({ content: [{ type: 'text', text: 'I cannot.' }], finishReason: 'content_filter', metadata: { refusal: true } });
  });

  test('with citations, as blocks after the text', async () => {
    server.respond(sse(completionFrames({ text: 'See', cites: ['https://a.example', 'https://b.example'] })));
    expect((await model().invoke('hi')).content).toEqual([
      { type: 'text', text: 'See' },
      { type: 'citation', url: 'https://a.example', title: 'about https://a.example', start: 0, end: 1 },
      { type: 'citation', url: 'https://b.example', title: 'about https://b.example', start: 0, end: 1 },
    ]);
  });

  test('without [DONE] is whole once it has said why it stopped', async () => {
    server.respond(sse(completionFrames({ text: 'ok' }).filter((one) => one !== DONE)));
    expect((await model().invoke('hi')).finishReason).toBe('stop');
  });

  test('tells tokens and reasoning as events', async () => {
    server.respond(sse(completionFrames({ reasoning: 'hm', text: 'ok' })));
    const events: RunEvent[] = [];
    await model().invoke('hi', { events: { next: (event) => void events.push(event) } });
    expect(events.filter(({ type }) => type === 'token' || type === 'reasoning')).toMatchObject([{ text: 'hm' }, { text: 'ok' }]);
  });
});

describe('a compatible server', () => {
  const compatible = (options = {}) => chat(openaiCompatible({ baseURL: `${server.url}/v1`, model: 'local', ...options }));

  test('is asked without a key of OpenAI', async () => {
    const before = { ...process.env };
    Object.assign(process.env, { OPENAI_API_KEY: 'sk-secret', OPENAI_ORG_ID: 'org-secret', OPENAI_PROJECT_ID: 'proj-secret' });
    server.forget();
    server.respond(sse(completionFrames({ text: 'ok' })));
    await compatible().invoke('hi');
    await compatible({ apiKey: process.env['NO_SUCH_KEY'] }).invoke('hi');
    await compatible({ apiKey: 'its own' }).invoke('hi');
    process.env = before;
    const headers = server.exchanges.map(({ request }) => request.headers);
    expect(JSON.stringify(headers)).not.toContain('secret');
    expect(headers.map(({ authorization }) => authorization)).toEqual(['Bearer none', 'Bearer none', 'Bearer its own']);
  });

  test('that calls its reasoning `reasoning`', async () => {
    server.respond(sse([delta({ reasoning: 'hm' }), delta({ content: 'ok' }), delta({}, 'stop')]));
    expect((await compatible().invoke('hi')).content).toEqual([{ type: 'reasoning', text: 'hm' }, { type: 'text', text: 'ok' }]);
  });

  test('that gives no ids: the chunks share one, and each call has its own', async () => {
    const call = (name: string) => ({ function: { name, arguments: '{}' } });
    const anonymous = (fields: object, finish: string | null = null) => frame({ choices: [{ delta: fields, finish_reason: finish }] });
    server.respond(sse([anonymous({ content: 'a' }), anonymous({ content: 'b' }), anonymous({ tool_calls: [call('one'), call('two')] }), anonymous({}, 'stop')]));
    const message = await compatible().invoke('hi', { ids: () => 'own' });
    expect(message).toMatchObject({ id: 'own', content: [{ text: 'ab' }, { name: 'one' }, { name: 'two' }] });
    expect(message.toolCalls.every(({ id }) => id !== '')).toBe(true);
  });

  test('that numbers all its calls 0 has told them apart by id', async () => {
    const call = (id: string, name: string) => delta({ tool_calls: [{ index: 0, id, function: { name, arguments: `{"${name}":1}` } }] });
    server.respond(sse([call('a', 'one'), call('b', 'two'), delta({}, 'stop')]));
    expect((await compatible().invoke('hi')).toolCalls).toMatchObject([{ id: 'a', name: 'one', args: { one: 1 } }, { id: 'b', name: 'two', args: { two: 1 } }]);
  });

  test('that repeats the name of a call with each piece', async () => {
    const piece = (args: string) => delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'add', arguments: args } }] });
    server.respond(sse([piece('{"n"'), piece(':1}'), delta({}, 'tool_calls')]));
    expect((await compatible().invoke('hi')).toolCalls).toMatchObject([{ name: 'add', args: { n: 1 } }]);
  });

  test('that repeats the usage in every chunk: the last counts', async () => {
    const counted = (fields: object, completion_tokens: number, finish: string | null = null) =>
      frame({ id: 'x', choices: [{ index: 0, delta: fields, finish_reason: finish }], usage: { prompt_tokens: 5, completion_tokens } });
    server.respond(sse([counted({ content: 'a' }, 1), counted({ content: 'b' }, 2), counted({}, 3, 'stop'), DONE]));
    expect((await compatible().invoke('hi')).usage).toEqual({ inputTokens: 5, outputTokens: 3 });
  });

  test("is called by its host in the model's id", () => {
    const { host } = new URL(server.url);
    expect(openaiCompatible({ baseURL: `${server.url}/v1`, model: 'local' }).id).toBe(`${host}:local`);
    expect(openaiCompatible({ baseURL: `${server.url}/v1`, model: 'local', name: 'ollama' }).id).toBe('ollama:local');
  });
});

describe('a gateway that cannot stream', () => {
  test('is recognised by its answer', async () => {
    server.respond(json(completion({ text: 'whole', calls: CALLS })));
    const chunks = await chunksOf();
    expect(chunks.some(({ text }) => text === 'whole')).toBe(true);
    server.respond(sse(completionFrames({ text: 'whole', calls: CALLS })));
    const streamed = await model().invoke('hi');
    server.respond(json(completion({ text: 'whole', calls: CALLS })));
    expect(await model().invoke('hi')).toEqual(streamed);
  });

  test('is not asked to, with stream: false', async () => {
    server.forget();
    server.respond(json(completion({ text: 'whole' })));
    await model({ stream: false }).invoke('hi');
    expect(server.exchanges[0]?.request.body).not.toHaveProperty('stream');
    expect(server.exchanges[0]?.request.body).not.toHaveProperty('stream_options');
  });

  test('that answers with a message in an event', async () => {
    server.respond(sse([frame(completion({ text: 'whole' })), DONE]));
    expect((await model().invoke('hi')).content).toEqual([{ type: 'text', text: 'whole' }]);
  });
});

describe('the concatenation of all chunks', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
  const answers: fc.Arbitrary<WireAnswer> = fc.record(
    {
      reasoning: text,
      text,
      calls: fc.array(fc.record({ name: fc.constantFrom('add', 'look_up'), args: fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }).map((args) => JSON.stringify(args)) }), { minLength: 1, maxLength: 3 }).map((calls) => calls.map((call, index) => ({ ...call, id: `call_${index}` }))),
      cites: fc.array(fc.webUrl(), { maxLength: 2 }),
      finish: fc.constantFrom('stop', 'length', 'content_filter'),
    },
    { requiredKeys: [] },
  );

  test('equals the message that a call without streaming returns', async () => {
    const streamed = model();
    const whole = model({ stream: false });
    await fc.assert(
      fc.asyncProperty(answers, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 20, max: 200 }), async (answer, size, pieceBytes) => {
        server.respond(sse(completionFrames(answer, size), { pieceBytes }), json(completion(answer)));
        const message = await streamed.invoke('hi');
        expect(message).toEqual(await whole.invoke('hi'));
      }),
      { numRuns: 40 },
    );
  });
});
