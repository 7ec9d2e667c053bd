import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chat } from '../../src/operators/models/chat.js';
import { openaiResponses } from '../../src/operators/models/openai/openaiResponses.js';
import { event, response, responseFrames, type WireItem } from './openaiWire.js';
import { comment, json, sse, WireServer } from './WireServer.js';

let server: WireServer;
beforeAll(async () => {
  server = await WireServer.start();
});
afterAll(() => server.close());

const model = (options = {}) => chat(openaiResponses('gpt-wire', { apiKey: 'key', baseURL: `${server.url}/v1`, ...options }));

const CALL = { id: 'call_a', name: 'weather', args: '{"city":"Zürich 😀"}' };

describe('a streamed response', () => {
  test('is reasoning, its own tools, text with citations, usage and a reason to stop', async () => {
    server.respond(
      sse(
        responseFrames([
          { type: 'reasoning', id: 'rs_1', summaries: ['First.', 'Then.'], encrypted: 'xyz' },
          { type: 'search', id: 'ws_1' },
          { type: 'text', text: 'Héllo 😀', cites: ['https://a.example'] },
        ]),
      ),
    );
    expect(await model().invoke('hi')).toEqual({
      role: 'assistant',
      id: 'resp_1',
      content: [
        { type: 'reasoning', text: 'First.\n\nThen.', signature: '{"id":"rs_1","encrypted_content":"xyz"}' },
        { type: 'provider', provider: 'openai', value: { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } } },
        { type: 'text', text: 'Héllo 😀' },
        { type: 'citation', url: 'https://a.example', title: 'about https://a.example', start: 0, end: 1 },
      ],
      toolCalls: [],
      usage: { inputTokens: 20, outputTokens: 10, cachedInputTokens: 8, cacheWriteTokens: 6, reasoningTokens: 4 },
      finishReason: 'stop',
      metadata: { model: 'gpt-wire' },
    });
  });

  test('with parallel calls', async () => {
    server.respond(sse(responseFrames([{ type: 'call', call: CALL }, { type: 'call', call: { id: 'call_b', name: 'now', args: '{}' } }], 4), { pieceBytes: 5 }));
    expect(await model().invoke('hi')).toMatchObject({
      finishReason: 'tool_calls',
      toolCalls: [{ id: 'call_a', name: 'weather', args: { city: 'Zürich 😀' } }, { id: 'call_b', name: 'now', args: {} }],
    });
  });

  test('whose calls come without pieces', async () => {
    const item = { type: 'function_call', id: 'fc', call_id: 'call_a', name: 'weather', arguments: CALL.args };
    server.respond(sse([event('response.output_item.done', { output_index: 0, item }), event('response.completed', { response: response([]) })]));
    expect((await model().invoke('hi')).toolCalls).toMatchObject([{ id: 'call_a', name: 'weather', args: { city: 'Zürich 😀' } }]);
  });

  test('that refuses is the text of the refusal, marked', async () => {
    server.respond(sse(responseFrames([{ type: 'refusal', refusal: 'I cannot.' }])));
    expect(await model().invoke('hi')).toMatchObject({ content: [{ type: 'text', text: 'I cannot.' }], finishReason: 'content_filter', metadata: { refusal: true } });
  });

  test.each([
    ['max_output_tokens', 'length'],
    ['content_filter', 'content_filter'],
    ['boredom', 'other'],
  ])('that is incomplete for %s ends with %s', async (reason, finishReason) => {
    server.respond(sse(responseFrames([{ type: 'text', text: 'x' }], 3, 'response.incomplete', { status: 'incomplete', incomplete_details: { reason } })));
    expect((await model().invoke('hi')).finishReason).toBe(finishReason);
  });

  test('goes on through keep-alives and events that it does not know', async () => {
    server.respond(sse(responseFrames([{ type: 'text', text: 'ok' }]).flatMap((one) => [comment(), event('response.new_thing', { output_index: 0 }), one])));
    expect((await model().invoke('hi')).content).toEqual([{ type: 'text', text: 'ok' }]);
  });
});

describe('the concatenation of all chunks', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
  const args = fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }).map((value) => JSON.stringify(value));
  const reasoning = fc.record({ type: fc.constant('reasoning' as const), id: fc.constantFrom('rs_1', 'rs_2'), summaries: fc.array(text, { maxLength: 2 }) });
  const message = fc.record({ type: fc.constant('text' as const), text, cites: fc.array(fc.webUrl(), { maxLength: 2 }) });
  const call = fc.record({ type: fc.constant('call' as const), call: fc.record({ id: fc.uuid(), name: fc.constantFrom('add', 'now'), args }) });
  const search = fc.record({ type: fc.constant('search' as const), id: fc.constant('ws_1') });
  const items: fc.Arbitrary<readonly WireItem[]> = fc.array(fc.oneof(reasoning, message, call, search), { maxLength: 5 });

  test('equals the message that a call without streaming returns', async () => {
    const streamed = model();
    const whole = model({ stream: false });
    await fc.assert(
      fc.asyncProperty(items, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 20, max: 200 }), async (answer, size, pieceBytes) => {
        server.respond(sse(responseFrames(answer, size), { pieceBytes }), json(response(answer)));
        const message = await streamed.invoke('hi');
        expect(message).toEqual(await whole.invoke('hi'));
      }),
      { numRuns: 40 },
    );
  });
});

test('what it answers can be sent back to it', async () => {
  server.respond(sse(responseFrames([{ type: 'reasoning', id: 'rs_1', summaries: ['Hm.'] }, { type: 'search', id: 'ws_1' }, { type: 'call', call: CALL }])));
  server.forget();
  const first = await model().invoke('hi');
  server.respond(sse(responseFrames([{ type: 'text', text: 'ok' }])));
  await model().invoke([{ role: 'user', content: 'hi' }, first, { role: 'tool', toolCallId: CALL.id, content: [{ type: 'text', text: 'sunny' }] } as never]);
  expect((server.exchanges[1]?.request.body as { input: unknown }).input).toEqual([
    { role: 'user', content: 'hi' },
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }] },
    { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } },
    { type: 'function_call', call_id: CALL.id, name: CALL.name, arguments: CALL.args },
    { type: 'function_call_output', call_id: CALL.id, output: 'sunny' },
  ]);
});
