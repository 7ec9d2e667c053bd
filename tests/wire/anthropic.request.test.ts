import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ContentBlock } from '../../src/operators/messages/ContentBlock.js';
import type { AssistantMessage, Message } from '../../src/operators/messages/Message.js';
import type { MessageInput } from '../../src/operators/messages/toMessages.js';
import { anthropic } from '../../src/operators/models/anthropic/anthropic.js';
import { chat } from '../../src/operators/models/chat.js';
import type { ChatOptions } from '../../src/operators/models/ChatModel.js';
import { argsDelta, blockStart, blockStop, delta, start, stop, textAnswer, textDelta } from './anthropicEvents.js';
import { sse, WireServer, type WireRequest } from './WireServer.js';

let server: WireServer;
beforeAll(async () => {
  server = await WireServer.start();
});
afterAll(() => server.close());
afterEach(() => server.forget());

const model = (name = 'claude-sonnet-5-5') => anthropic(name, { apiKey: 'key', baseURL: server.url });

async function requestOf(input: MessageInput, options: ChatOptions = {}, name?: string): Promise<WireRequest> {
  server.forget();
  server.respond(sse(textAnswer('ok')));
  await chat(model(name), options).invoke(input);
  return (await server.arrived()).request;
}

const bodyOf = async (...args: Parameters<typeof requestOf>): Promise<Record<string, unknown>> => (await requestOf(...args)).body as Record<string, unknown>;
const turnsOf = async (messages: readonly Message[]): Promise<unknown> => (await bodyOf(messages))['messages'];

const user = (...content: readonly ContentBlock[]): Message => ({ role: 'user', content });
const assistant = (...content: readonly ContentBlock[]): AssistantMessage => ({ role: 'assistant', id: 'm', content, toolCalls: content.filter((block) => block.type === 'tool_call') });
const said = (text: string): ContentBlock => ({ type: 'text', text });
const call = (id: string, args: unknown, raw?: string): ContentBlock => ({ type: 'tool_call', id, name: 'add', args, ...(raw !== undefined && { raw }) });
const result = (toolCallId: string, text: string, rest: Partial<Extract<Message, { role: 'tool' }>> = {}): Message => ({ role: 'tool', toolCallId, content: text === '' ? [] : [said(text)], ...rest });

test('what a model can do is known by its name, or told', () => {
  expect(anthropic('claude-sonnet-5-5').capabilities).toEqual({ tools: true, structuredOutput: true, images: true, audio: false, files: true, reasoning: true });
  expect(anthropic('claude-3-opus-20240229').capabilities).toMatchObject({ structuredOutput: false, reasoning: false });
  expect(anthropic('qwen', { capabilities: { structuredOutput: true } }).capabilities).toMatchObject({ structuredOutput: true, reasoning: false });
});

describe('the request', () => {
  test('says what is needed and nothing more', async () => {
    const request = await requestOf('Hi');
    expect(request).toMatchObject({ method: 'POST', path: '/v1/messages', headers: { authorization: 'Bearer key', 'anthropic-version': '2026-10-21', 'x-stainless-retry-count': '0' } });
    expect(request.body).toEqual({ model: 'claude-sonnet-5-5', max_tokens: 16_384, messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }], stream: true });
  });

  test('has every option in its own words', async () => {
    const options: ChatOptions = {
      maxTokens: 100,
      stop: ['END'],
      seed: 7,
      reasoning: { effort: 'high' },
      output: { name: 'Point', schema: { type: 'object', properties: { x: { type: 'integer', minimum: 1 } }, required: ['x'] } },
      extra: { cache_control: { type: 'ephemeral' }, service_tier: 'auto' },
    };
    expect(await bodyOf('Hi', options)).toEqual({
      model: 'claude-sonnet-5-5',
      max_tokens: 100,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      stop_sequences: ['END'],
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: {
        effort: 'high',
        format: { type: 'json_schema', schema: { type: 'object', properties: { x: { type: 'integer', description: '{minimum: 1}' } }, required: ['x'], additionalProperties: false } },
      },
      cache_control: { type: 'ephemeral' },
      service_tier: 'auto',
      stream: true,
    });
  });

  test('has tools, its own ones too, and how to choose', async () => {
    const tools: ChatOptions['tools'] = [
      { name: 'add', description: 'Adds', inputSchema: { type: 'object', properties: { a: { type: 'number' } } } },
      { name: 'sub', inputSchema: { type: 'object', properties: { a: { type: 'number', minimum: 0 } } }, strict: true },
      { provider: 'anthropic', definition: { type: 'web_search_20260318', name: 'web_search', max_uses: 2 } },
    ];
    expect(await bodyOf('Hi', { tools, toolChoice: 'auto' })).toMatchObject({
      tools: [
        { name: 'add', description: 'Adds', input_schema: { type: 'object', properties: { a: { type: 'number' } } } },
        { name: 'sub', input_schema: { type: 'object', properties: { a: { type: 'number', description: '{minimum: 0}' } }, additionalProperties: false }, strict: true },
        { type: 'web_search_20260318', name: 'web_search', max_uses: 2 },
      ],
      tool_choice: { type: 'auto' },
    });
  });

  const one: ChatOptions['tools'] = [{ name: 'add', inputSchema: { type: 'object' } }];
  test.each<[ChatOptions, unknown]>([
    [{ tools: one }, undefined],
    [{ tools: one, toolChoice: 'required' }, { type: 'any' }],
    [{ tools: one, toolChoice: 'none', parallelToolCalls: false }, { type: 'none' }],
    [{ tools: one, toolChoice: { name: 'add' } }, { type: 'tool', name: 'add' }],
    [{ tools: one, toolChoice: { name: 'add' }, parallelToolCalls: false }, { type: 'tool', name: 'add', disable_parallel_tool_use: true }],
    [{ tools: one, parallelToolCalls: false }, { type: 'auto', disable_parallel_tool_use: true }],
    [{ tools: one, parallelToolCalls: true }, undefined],
    [{ tools: [], toolChoice: 'required' }, undefined],
  ])('chooses for %j', async (options, choice) => {
    expect((await bodyOf('Hi', options))['tool_choice']).toEqual(choice);
  });

  test.each<[string, ChatOptions, unknown]>([
    ['claude-haiku-4-5', { reasoning: { budgetTokens: 3000 } }, { max_tokens: 19_384, thinking: { type: 'enabled', budget_tokens: 3000 } }],
    ['claude-haiku-4-5', { reasoning: { effort: 'low' } }, { max_tokens: 18_432, thinking: { type: 'enabled', budget_tokens: 2048 } }],
    ['claude-haiku-4-5', { reasoning: { effort: 'high' }, maxTokens: 4000 }, { max_tokens: 4000, thinking: { type: 'enabled', budget_tokens: 2000 } }],
    ['claude-haiku-4-5', { reasoning: { budgetTokens: 10 } }, { thinking: { type: 'enabled', budget_tokens: 1024 } }],
    ['claude-sonnet-4-6', { reasoning: { budgetTokens: 3000 } }, { thinking: { type: 'enabled', budget_tokens: 3000 } }],
    ['claude-sonnet-4-6', { reasoning: { effort: 'minimal' } }, { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } }],
    ['claude-opus-4-7', { reasoning: { budgetTokens: 3000 } }, { max_tokens: 16_384, thinking: { type: 'adaptive' } }],
    ['claude-3-opus-20240229', {}, { max_tokens: 4096 }],
    ['qwen', {}, { max_tokens: 4096 }],
  ])('to %s with %j', async (name, options, expected) => {
    expect(await bodyOf('Hi', options, name)).toMatchObject(expected as Record<string, unknown>);
  });

  test('samples where the model does, in the version of the API that knows how', async () => {
    for (const name of ['claude-haiku-4-5-20251001', 'claude-opus-4-20250514', 'qwen']) {
      const { body, headers } = await requestOf('Hi', { temperature: 0, topP: 0.5 }, name);
      expect(body).toMatchObject({ temperature: 0, top_p: 0.5 });
      expect(headers['anthropic-version']).toBe('2023-06-01');
    }
    for (const name of ['claude-sonnet-5', 'claude-opus-4-8', 'claude-mythos-preview']) {
      const { body, headers } = await requestOf('Hi', { temperature: 0, topP: 0.5, seed: 1 }, name);
      expect(Object.keys(body as object).sort()).toEqual(['max_tokens', 'messages', 'model', 'stream']);
      expect(headers['anthropic-version']).toBe('2026-10-21');
    }
  });

  test('has no half of a surrogate pair', async () => {
    const { text } = await requestOf([user(said('a\ud83d')), assistant(call('t1', { '\udc00k': ['\ud83d', '😀'] })), result('t1', 'ok')]);
    expect(text).not.toMatch(/\\ud/i);
    expect(text).toContain('"a\uFFFD"');
    expect(text).toContain('{"\uFFFDk":["\uFFFD","😀"]}');
  });
});

describe('the conversation', () => {
  test('has what system and developer say apart', async () => {
    const body = await bodyOf([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Hi' },
      { role: 'developer', content: [said('Be brief.'), { type: 'provider', provider: 'anthropic', value: { type: 'text', text: 'Long', cache_control: { type: 'ephemeral' } } }] },
    ]);
    expect(body['system']).toEqual([
      { type: 'text', text: 'Be kind.' },
      { type: 'text', text: 'Be brief.' },
      { type: 'text', text: 'Long', cache_control: { type: 'ephemeral' } },
    ]);
    expect(body['messages']).toEqual([{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]);
  });

  test('makes one turn of messages of one side, with the results of tools first', async () => {
    const turns = await turnsOf([
      user(said('a')),
      user(said('b')),
      assistant(said('c')),
      assistant(call('t1', { x: 1 }), call('t2', {})),
      result('t1', 'one'),
      user(said('d')),
      result('t2', '', { isError: true }),
    ]);
    expect(turns).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'c' }, { type: 'tool_use', id: 't1', name: 'add', input: { x: 1 } }, { type: 'tool_use', id: 't2', name: 'add', input: {} }] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'one' }] },
          { type: 'tool_result', tool_use_id: 't2', is_error: true },
          { type: 'text', text: 'd' },
        ],
      },
    ]);
  });

  test('has no blank text, nor a message that has nothing else', async () => {
    expect(await turnsOf([user(said('a')), assistant(said(' \n')), user(said(''), said('b'))])).toEqual([{ role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }] }]);
  });

  test('has arguments that are no object as what the model wrote', async () => {
    const turns = await turnsOf([assistant(call('t1', undefined, '{"a":'), call('t2', [1]))]);
    expect(turns).toEqual([{ role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'add', input: { INVALID_JSON: '{"a":' } }, { type: 'tool_use', id: 't2', name: 'add', input: { INVALID_JSON: '[1]' } }] }]);
  });

  const png = { base64: 'iVBO', mediaType: 'image/png' };
  test.each<[ContentBlock, unknown]>([
    [{ type: 'image', source: png, detail: 'low' }, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } }],
    [{ type: 'image', source: { url: 'https://e.x/a.png' } }, { type: 'image', source: { type: 'url', url: 'https://e.x/a.png' } }],
    [{ type: 'image', source: { url: 'data:image/png;base64,iVBO' } }, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } }],
    [{ type: 'image', source: { fileId: 'file_1' } }, { type: 'image', source: { type: 'file', file_id: 'file_1' } }],
    [{ type: 'file', source: png }, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } }],
    [{ type: 'file', source: { fileId: 'file_2' }, filename: 'a.pdf' }, { type: 'document', source: { type: 'file', file_id: 'file_2' }, title: 'a.pdf' }],
    [{ type: 'file', source: { url: 'https://e.x/a.pdf' } }, { type: 'document', source: { type: 'url', url: 'https://e.x/a.pdf' } }],
    [{ type: 'file', source: { base64: 'JVBE', mediaType: 'application/pdf' } }, { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' } }],
    [{ type: 'file', source: { base64: btoa('Gr\u00c3\u00bc\u00c3\u009fe'), mediaType: 'text/markdown' } }, { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Grüße' } }],
    [{ type: 'file', source: { url: 'data:,Gr%C3%BC%C3%9Fe' } }, { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Grüße' } }],
    [{ type: 'audio', source: png, transcript: 'la la' }, { type: 'text', text: 'la la' }],
    [{ type: 'tool_result', toolCallId: 't', content: [{ type: 'image', source: png }] }, { type: 'tool_result', tool_use_id: 't', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } }] }],
  ])('has %j', async (block, expected) => {
    expect(await turnsOf([user(block)])).toEqual([{ role: 'user', content: [expected] }]);
  });

  test('leaves out what only another provider can read', async () => {
    const foreign: Message = { ...assistant({ type: 'reasoning', text: 'hm', signature: 's' }, { type: 'provider', provider: 'openai', value: 1 }, { type: 'citation', url: 'https://e.x' }, said('x')), metadata: { provider: 'openai' } };
    const unsigned = assistant({ type: 'reasoning', text: 'hm' }, said('y'));
    const otherwise = assistant({ type: 'reasoning', text: 'hm', signature: '{"id":"rs_1"}' });
    expect(await turnsOf([foreign, otherwise, unsigned])).toEqual([{ role: 'assistant', content: [{ type: 'text', text: 'x' }, { type: 'text', text: 'y' }] }]);
  });

  test.each<[string, Message, ChatOptions, string, RegExp]>([
    ['audio', user({ type: 'audio', source: png }), {}, 'INVALID_MESSAGE', /Transcribe it/],
    ['a file it cannot read', user({ type: 'file', source: { base64: '', mediaType: 'application/zip' } }), {}, 'INVALID_MESSAGE', /application\/zip.*PDF/],
    ['an image as instruction', { role: 'system', content: [{ type: 'image', source: png }] }, {}, 'INVALID_MESSAGE', /system message.*'image'/],
    ["another provider's tool", user(said('a')), { tools: [{ provider: 'openai', definition: {} }] }, 'INVALID_OPTION', /'openai'/],
    ['an output that is no object', user(said('a')), { output: { name: 'N', schema: { type: 'number' } } }, 'INVALID_OPTION', /the output 'N'/],
  ])('with %s is refused before it is sent', async (_what, message, options, code, says) => {
    await expect(chat(model(), options).invoke([message])).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
    expect(server.exchanges).toHaveLength(0);
  });
});

test('what the model said goes back unchanged: thoughts, citations, server tools, tool sets', async () => {
  const searched = { type: 'web_search_tool_result', tool_use_id: 's1', content: [{ type: 'web_search_result', url: 'u', title: 't', encrypted_content: 'e', page_age: null }] };
  const cited = { type: 'web_search_result_location', cited_text: 'c', encrypted_index: 'e', title: 't', url: 'u' };
  const caller = { type: 'code_execution_20260120', tool_id: 's1' };
  server.respond(
    sse([
      start(),
      blockStart(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'hm' }),
      delta(0, { type: 'signature_delta', signature: 'sig' }),
      blockStop(0),
      blockStart(1, { type: 'redacted_thinking', data: 'xyz' }),
      blockStop(1),
      blockStart(2, { type: 'server_tool_use', id: 's1', name: 'web_search', input: {} }),
      argsDelta(2, '{"query":"q"}'),
      blockStop(2),
      blockStart(3, searched as never),
      blockStop(3),
      blockStart(4, { type: 'text', text: '' }),
      textDelta('So', 4),
      delta(4, { type: 'citations_delta', citation: cited }),
      blockStop(4),
      blockStart(5, { type: 'tool_use', id: 't1', name: 'click', input: {}, toolset_name: 'browser', caller: { type: 'direct' } }),
      argsDelta(5, '{"x":1}'),
      blockStop(5),
      blockStart(6, { type: 'tool_use', id: 't2', name: 'add', input: {}, caller } as never),
      blockStop(6),
      ...stop('tool_use'),
    ]),
  );
  const message = await chat(model()).invoke('Hi');
  const stored = JSON.parse(JSON.stringify(message)) as Message;
  expect(await turnsOf([stored, result('t1', 'ok'), result('t2', 'ok')])).toEqual([
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 'sig' },
        { type: 'redacted_thinking', data: 'xyz' },
        { type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'q' } },
        searched,
        { type: 'text', text: 'So', citations: [cited] },
        { type: 'tool_use', id: 't1', name: 'click', input: { x: 1 }, toolset_name: 'browser' },
        { type: 'tool_use', id: 't2', name: 'add', input: {}, caller },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'ok' }], toolset_name: 'browser' },
        { type: 'tool_result', tool_use_id: 't2', content: [{ type: 'text', text: 'ok' }] },
      ],
    },
  ]);
});
