import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ContentBlock } from '../../src/operators/messages/ContentBlock.js';
import type { AssistantMessage, Message } from '../../src/operators/messages/Message.js';
import { chat } from '../../src/operators/models/chat.js';
import type { ChatModel, ChatOptions } from '../../src/operators/models/ChatModel.js';
import { openai } from '../../src/operators/models/openai/openai.js';
import { openaiCompatible } from '../../src/operators/models/openai/openaiCompatible.js';
import { openaiResponses } from '../../src/operators/models/openai/openaiResponses.js';
import { completion, response } from './openaiWire.js';
import { WireServer } from './WireServer.js';

let server: WireServer;
beforeAll(async () => {
  server = await WireServer.start();
});
afterAll(() => server.close());

type Sent = Readonly<Record<string, unknown>>;

const models = {
  chat: () => openai('gpt-wire', { apiKey: 'key', baseURL: `${server.url}/v1` }),
  compatible: (options = {}) => openaiCompatible({ baseURL: `${server.url}/v1`, model: 'local', ...options }),
  responses: (options = {}) => openaiResponses('gpt-wire', { apiKey: 'key', baseURL: `${server.url}/v1`, ...options }),
};

async function sent(model: ChatModel, messages: readonly Message[], options: ChatOptions = {}): Promise<Sent> {
  server.forget();
  server.respond((exchange) => exchange.json(exchange.request.path.endsWith('/responses') ? response([]) : completion({ text: 'ok' })));
  await chat(model, options).invoke(messages);
  return server.exchanges[0]?.request.body as Sent;
}

const text = (value: string): ContentBlock => ({ type: 'text', text: value });
const user = (...content: ContentBlock[]): Message => ({ role: 'user', content });
const hi = user(text('hi'));

const answered = (...content: ContentBlock[]): AssistantMessage => ({ role: 'assistant', id: 'a', content, toolCalls: content.filter((block) => block.type === 'tool_call') });

const conversation: readonly Message[] = [
  { role: 'system', content: [text('Be brief.')] },
  { role: 'developer', content: [text('Use metres.')] },
  { role: 'user', name: 'Jo Doe', content: [text('How tall?')] },
  answered(
    { type: 'reasoning', text: 'I should look.', signature: '{"id":"rs_1","encrypted_content":"xyz"}' },
    text('Let me see.'),
    { type: 'citation', url: 'https://a.example' },
    { type: 'tool_call', id: 'call_1', name: 'height', args: { of: 'K2' }, raw: '{"of": "K2"}' },
    { type: 'tool_call', id: 'call_2', name: 'now', args: {} },
  ),
  { role: 'tool', toolCallId: 'call_1', content: [text('8611')] },
  { role: 'tool', toolCallId: 'call_2', content: [text('noon')], isError: true },
];

const weather = { name: 'weather', description: 'Says the weather.', inputSchema: { type: 'object', properties: { city: { type: 'string' } } }, strict: true };
const search = { provider: 'openai', definition: { type: 'web_search' } };

describe('Chat Completions is sent', () => {
  test('a conversation with tool calls and their results', async () => {
    expect(await sent(models.chat(), conversation)).toEqual({
      model: 'gpt-wire',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'developer', content: 'Use metres.' },
        { role: 'user', name: 'Jo_Doe', content: 'How tall?' },
        {
          role: 'assistant',
          content: 'Let me see.',
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'height', arguments: '{"of": "K2"}' } },
            { id: 'call_2', type: 'function', function: { name: 'now', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: '8611' },
        { role: 'tool', tool_call_id: 'call_2', content: 'noon' },
      ],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('every option in its own words', async () => {
    const options: ChatOptions = {
      tools: [weather, search],
      toolChoice: { name: 'weather' },
      parallelToolCalls: false,
      temperature: 0,
      maxTokens: 9,
      topP: 0.5,
      stop: ['END'],
      seed: 0,
      reasoning: { effort: 'low' },
      output: { name: 'an answer', schema: { type: 'object' }, strict: true },
      extra: { user: 'u1', temperature: 1 },
    };
    const { messages: _, ...body } = await sent(models.chat(), [hi], options);
    expect(body).toEqual({
      model: 'gpt-wire',
      tools: [
        { type: 'function', function: { name: 'weather', description: 'Says the weather.', parameters: weather.inputSchema, strict: true } },
        { type: 'web_search' },
      ],
      tool_choice: { type: 'function', function: { name: 'weather' } },
      parallel_tool_calls: false,
      temperature: 1, // `extra` is merged over the rest
      max_completion_tokens: 9,
      top_p: 0.5,
      stop: ['END'],
      seed: 0,
      reasoning_effort: 'low',
      response_format: { type: 'json_schema', json_schema: { name: 'an_answer', schema: { type: 'object' }, strict: true } },
      user: 'u1',
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('images, audio and files', async () => {
    const { messages } = await sent(models.chat(), [
      user(
        text('Look:'),
        { type: 'image', source: { url: 'https://a.example/i.png' }, detail: 'low' },
        { type: 'image', source: { base64: 'AAAA', mediaType: 'image/png' } },
        { type: 'audio', source: { base64: 'BBBB', mediaType: 'audio/mpeg' } },
        { type: 'audio', source: { base64: 'CCCC', mediaType: 'audio/x-wav' } },
        { type: 'file', source: { base64: 'DDDD', mediaType: 'application/pdf' }, filename: 'a.pdf' },
        { type: 'file', source: { fileId: 'file-1' } },
        { type: 'provider', provider: 'openai', value: { type: 'new_part' } },
        { type: 'provider', provider: 'anthropic', value: { type: 'other_part' } },
      ),
    ]);
    expect(messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'image_url', image_url: { url: 'https://a.example/i.png', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'input_audio', input_audio: { data: 'BBBB', format: 'mp3' } },
          { type: 'input_audio', input_audio: { data: 'CCCC', format: 'wav' } },
          { type: 'file', file: { file_data: 'data:application/pdf;base64,DDDD', filename: 'a.pdf' } },
          { type: 'file', file: { file_id: 'file-1' } },
          { type: 'new_part' },
        ],
      },
    ]);
  });

  test("tool results in a user's turn as messages of their own, first", async () => {
    const { messages } = await sent(models.chat(), [user(text('and?'), { type: 'tool_result', toolCallId: 'c', content: [text('r')] })]);
    expect(messages).toEqual([{ role: 'tool', tool_call_id: 'c', content: 'r' }, { role: 'user', content: 'and?' }]);
  });

  test('a call without text as null, and a custom tool as what it takes', async () => {
    const tool = { provider: 'openai', definition: { type: 'custom', custom: { name: 'shell' } } };
    const body = await sent(models.chat(), [hi, answered({ type: 'tool_call', id: 'c', name: 'shell', args: undefined, raw: 'ls -l' })], { tools: [tool], toolChoice: { name: 'shell' } });
    expect(body).toMatchObject({
      messages: [{}, { content: null, tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'shell', input: 'ls -l' } }] }],
      tool_choice: { type: 'custom', custom: { name: 'shell' } },
    });
  });

  test.each<[string, Message]>([
    ['an image by file id', user({ type: 'image', source: { fileId: 'f' } })],
    ['audio by url', user({ type: 'audio', source: { url: 'https://a.example' } })],
    ['a file by url', user({ type: 'file', source: { url: 'https://a.example' } })],
    ['a tool result with an image', { role: 'tool', toolCallId: 'c', content: [{ type: 'image', source: { url: 'https://a.example' } }] }],
    ['a call in a user message', user({ type: 'tool_call', id: 'c', name: 'n', args: {} })],
  ])('not %s: that is INVALID_MESSAGE, before anything is sent', async (_what, message) => {
    await expect(sent(models.chat(), [message])).rejects.toMatchObject({ code: 'INVALID_MESSAGE' });
    expect(server.exchanges).toHaveLength(0);
  });

  test("not another provider's tool", async () => {
    await expect(sent(models.chat(), [hi], { tools: [{ provider: 'anthropic', definition: {} }] })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  test('well-formed text, where a character was cut in half', async () => {
    const half = '😀'.slice(0, 1);
    const body = await sent(models.chat(), [user(text(`a${half}b`))], { tools: [{ ...weather, description: half }] });
    expect(JSON.stringify(body)).toContain('a\uFFFDb');
    expect(server.exchanges[0]?.request.text).not.toMatch(/\\ud83d/i);
  });
});

describe('a compatible server is sent', () => {
  test('what every server knows: max_tokens, and system for developer', async () => {
    const body = await sent(models.compatible(), conversation.slice(1, 3), { maxTokens: 9 });
    expect(body).toMatchObject({ max_tokens: 9, messages: [{ role: 'system', content: 'Use metres.' }, {}], stream_options: { include_usage: true } });
  });

  test('its reasoning again, where it wants it', async () => {
    expect(JSON.stringify(await sent(models.compatible(), conversation))).not.toContain('I should look.');
    const { messages } = await sent(models.compatible({ reasoningField: 'reasoning_content' }), conversation);
    expect(messages).toMatchObject([{}, {}, {}, { role: 'assistant', reasoning_content: 'I should look.' }, {}, {}]);
  });

  test('no stream_options, where it refuses them', async () => {
    expect(await sent(models.compatible({ streamUsage: false }), [hi])).not.toHaveProperty('stream_options');
  });
});

describe('the Responses API is sent', () => {
  test('a conversation as items, with its own reasoning', async () => {
    expect(await sent(models.responses(), conversation)).toEqual({
      model: 'gpt-wire',
      input: [
        { role: 'system', content: 'Be brief.' },
        { role: 'developer', content: 'Use metres.' },
        { role: 'user', content: 'How tall?' },
        { type: 'reasoning', id: 'rs_1', encrypted_content: 'xyz', summary: [{ type: 'summary_text', text: 'I should look.' }] },
        { role: 'assistant', content: 'Let me see.' },
        { type: 'function_call', call_id: 'call_1', name: 'height', arguments: '{"of": "K2"}' },
        { type: 'function_call', call_id: 'call_2', name: 'now', arguments: '{}' },
        { type: 'function_call_output', call_id: 'call_1', output: '8611' },
        { type: 'function_call_output', call_id: 'call_2', output: 'noon' },
      ],
      stream: true,
    });
  });

  test('every option in its own words', async () => {
    const options: ChatOptions = {
      tools: [{ ...weather, strict: false }, search],
      toolChoice: { name: 'weather' },
      parallelToolCalls: true,
      temperature: 0,
      maxTokens: 9,
      topP: 0.5,
      reasoning: { effort: 'high' },
      output: { name: 'answer', schema: { type: 'object' } },
      extra: { metadata: { a: 'b' } },
    };
    const { input: _, ...body } = await sent(models.responses({ store: false }), [hi], options);
    expect(body).toEqual({
      model: 'gpt-wire',
      tools: [{ type: 'function', name: 'weather', description: 'Says the weather.', parameters: weather.inputSchema, strict: false }, { type: 'web_search' }],
      tool_choice: { type: 'function', name: 'weather' },
      parallel_tool_calls: true,
      temperature: 0,
      max_output_tokens: 9,
      top_p: 0.5,
      reasoning: { effort: 'high' },
      text: { format: { type: 'json_schema', name: 'answer', schema: { type: 'object' } } },
      store: false,
      include: ['reasoning.encrypted_content'],
      metadata: { a: 'b' },
      stream: true,
    });
  });

  test('images and files, also in a tool result, and items of its own unchanged', async () => {
    const item = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
    const { input } = await sent(models.responses(), [
      user(
        text('Look:'),
        { type: 'image', source: { url: 'https://a.example/i.png' }, detail: 'high' },
        { type: 'image', source: { fileId: 'file-1' } },
        { type: 'file', source: { url: 'https://a.example/a.pdf' } },
        { type: 'file', source: { base64: 'DDDD', mediaType: 'application/pdf' }, filename: 'a.pdf' },
      ),
      answered({ type: 'provider', provider: 'openai', value: item }, { type: 'reasoning', text: 'of another', signature: 'EqQB' }, text('Done')),
      { role: 'tool', toolCallId: 'c', content: [{ type: 'image', source: { base64: 'AAAA', mediaType: 'image/png' } }] },
    ]);
    expect(input).toEqual([
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'Look:' },
          { type: 'input_image', image_url: 'https://a.example/i.png', detail: 'high' },
          { type: 'input_image', file_id: 'file-1', detail: 'auto' },
          { type: 'input_file', file_url: 'https://a.example/a.pdf' },
          { type: 'input_file', file_data: 'data:application/pdf;base64,DDDD', filename: 'a.pdf' },
        ],
      },
      item,
      { role: 'assistant', content: 'Done' },
      { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' }] },
    ]);
  });

  test('a custom tool call and its output as what they are', async () => {
    const tool = { provider: 'openai', definition: { type: 'custom', name: 'shell' } };
    const call = answered({ type: 'tool_call', id: 'c', name: 'shell', args: undefined, raw: 'ls' });
    const { input } = await sent(models.responses(), [hi, call, { role: 'tool', toolCallId: 'c', content: [text('a b')] }], { tools: [tool] });
    expect(input).toEqual([
      { role: 'user', content: 'hi' },
      { type: 'custom_tool_call', call_id: 'c', name: 'shell', input: 'ls' },
      { type: 'custom_tool_call_output', call_id: 'c', output: 'a b' },
    ]);
  });

  test('no audio: that is INVALID_MESSAGE', async () => {
    await expect(sent(models.responses(), [user({ type: 'audio', source: { base64: 'A', mediaType: 'audio/wav' } })])).rejects.toMatchObject({ code: 'INVALID_MESSAGE' });
  });
});

test('the official SDK asks for it, with the key', async () => {
  await sent(models.chat(), [hi]);
  const { method, path, headers } = server.exchanges[0]?.request ?? {};
  expect({ method, path }).toEqual({ method: 'POST', path: '/v1/chat/completions' });
  expect(headers?.['authorization']).toBe('Bearer key');
  expect(headers?.['user-agent']).toMatch(/^OpenAI\/JS/);
});
