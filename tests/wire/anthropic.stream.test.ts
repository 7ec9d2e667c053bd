import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Subscriber } from 'rxjs';
import { RunScope } from '../../src/core/context/RunScope.js';
import { chat } from '../../src/operators/models/chat.js';
import { anthropic, type AnthropicOptions } from '../../src/operators/models/anthropic/anthropic.js';
import type { MessageChunk } from '../../src/operators/messages/Message.js';
import { argsDelta, blockStart, blockStop, delta, event, ping, start, stop, textAnswer, textBlock, textDelta, USAGE } from './anthropicEvents.js';
import { comment, hang, json, sse, turns, WireServer } from './WireServer.js';

let server: WireServer;
beforeAll(async () => {
  server = await WireServer.start();
});
afterAll(() => server.close());
afterEach(() => server.forget());

const ask = (options: AnthropicOptions = {}) => chat(anthropic('claude-sonnet-5-5', { apiKey: 'key', baseURL: server.url, ...options }));

async function chunksOf(options?: AnthropicOptions): Promise<readonly MessageChunk[]> {
  const chunks: MessageChunk[] = [];
  for await (const chunk of ask(options).stream('Hi')) chunks.push(chunk);
  return chunks;
}

describe('a streamed answer', () => {
  test('comes as chunks, and folds to a message with usage that includes what was cached', async () => {
    server.respond(sse(textAnswer('Hel', 'lo')));
    expect(await chunksOf()).toEqual([
      { id: 'msg_1', text: 'Hel' },
      { id: 'msg_1', text: 'lo' },
      { id: 'msg_1', usage: { inputTokens: 330, outputTokens: 7, cachedInputTokens: 300, cacheWriteTokens: 20 }, finishReason: 'stop', metadata: { provider: 'anthropic', model: 'claude-sonnet-5-5', stopReason: 'end_turn' } },
    ]);
    expect(await ask().invoke('Hi')).toEqual({
      role: 'assistant',
      id: 'msg_1',
      content: [{ type: 'text', text: 'Hello' }],
      toolCalls: [],
      usage: { inputTokens: 330, outputTokens: 7, cachedInputTokens: 300, cacheWriteTokens: 20 },
      finishReason: 'stop',
      metadata: { provider: 'anthropic', model: 'claude-sonnet-5-5', stopReason: 'end_turn' },
    });
  });

  test('says which of the tokens that were written to the cache are kept for an hour', async () => {
    const usage = { ...USAGE, cache_creation: { ephemeral_5m_input_tokens: 15, ephemeral_1h_input_tokens: 5 } };
    server.respond(sse([start({ usage }), ...stop()]));
    expect((await ask().invoke('Hi')).usage).toEqual({ inputTokens: 330, outputTokens: 7, cachedInputTokens: 300, cacheWriteTokens: 20, longCacheWriteTokens: 5 });
  });

  test.each([1, 2, 3, 7, 64])('is the same however the bytes are cut: pieces of %i', async (pieceBytes) => {
    const frames = [
      start(),
      ...textBlock(['Grüße, 🌍', ' – 漢字'], 0),
      blockStart(1, { type: 'tool_use', id: 'toolu_1', name: 'greet', input: {} }),
      argsDelta(1, '{"who":"J'),
      argsDelta(1, 'ürgen 🙂","n'),
      argsDelta(1, '":[1,2]}'),
      blockStop(1),
      ...stop('tool_use'),
    ];
    server.respond(sse(frames, { pieceBytes }));
    const message = await ask().invoke('Hi');
    expect(message.content).toEqual([
      { type: 'text', text: 'Grüße, 🌍 – 漢字' },
      { type: 'tool_call', id: 'toolu_1', name: 'greet', args: { who: 'Jürgen 🙂', n: [1, 2] }, raw: '{"who":"Jürgen 🙂","n":[1,2]}' },
    ]);
    expect(message.finishReason).toBe('tool_calls');
  });

  test('is not disturbed by pings, comments and kinds of event and block that are new', async () => {
    const frames = [
      comment(),
      start(),
      ping(),
      comment(),
      blockStart(0, { type: 'text', text: '' }),
      ping(),
      textDelta('a'),
      event({ type: 'weather_report', sunny: true }),
      delta(0, { type: 'smell_delta', smell: 'rose' }),
      comment('x'.repeat(100)),
      textDelta('b'),
      blockStop(0),
      blockStart(1, { type: 'hologram', light: 1 } as never),
      blockStop(1),
      ...stop('new_reason'),
    ];
    server.respond(sse(frames));
    const message = await ask().invoke('Hi');
    expect(message.content).toEqual([
      { type: 'text', text: 'ab' },
      { type: 'provider', provider: 'anthropic', value: { type: 'hologram', light: 1 } },
    ]);
    expect(message.finishReason).toBe('other');
  });

  test('tells thoughts, their signatures and the redacted ones', async () => {
    const frames = [
      start(),
      blockStart(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'Let me ' }),
      delta(0, { type: 'thinking_delta', thinking: 'see' }),
      delta(0, { type: 'signature_delta', signature: 'sig1' }),
      blockStop(0),
      blockStart(1, { type: 'thinking', thinking: '', signature: '' }),
      delta(1, { type: 'signature_delta', signature: 'sig2' }),
      blockStop(1),
      blockStart(2, { type: 'redacted_thinking', data: 'secret' }),
      blockStop(2),
      ...textBlock(['42'], 3),
      ...stop('end_turn', { output_tokens: 50, output_tokens_details: { thinking_tokens: 40 } }),
    ];
    server.respond(sse(frames));
    const message = await ask().invoke('Hi');
    expect(message.content).toEqual([
      { type: 'reasoning', text: 'Let me see', signature: 'sig1' },
      { type: 'reasoning', text: '', signature: 'sig2' },
      { type: 'reasoning', text: '', redacted: 'secret' },
      { type: 'text', text: '42' },
    ]);
    expect(message.usage).toEqual({ inputTokens: 330, outputTokens: 50, cachedInputTokens: 300, cacheWriteTokens: 20, reasoningTokens: 40 });
  });

  test('tells parallel tool calls by index, whatever blocks stand between, and calls without arguments', async () => {
    const frames = [
      start(),
      ...textBlock(['Both:'], 0),
      blockStart(1, { type: 'tool_use', id: 'toolu_1', name: 'add', input: {} }),
      argsDelta(1, ''),
      argsDelta(1, '{"a":1}'),
      blockStop(1),
      blockStart(2, { type: 'tool_use', id: 'toolu_2', name: 'now', input: {} }),
      blockStop(2),
      ...stop('tool_use'),
    ];
    server.respond(sse(frames));
    expect((await chunksOf()).flatMap(({ toolCalls = [] }) => toolCalls)).toEqual([
      { index: 0, id: 'toolu_1', name: 'add' },
      { index: 0, args: '{"a":1}' },
      { index: 1, id: 'toolu_2', name: 'now' },
    ]);
    const { toolCalls } = await ask().invoke('Hi');
    expect(toolCalls).toMatchObject([{ name: 'add', args: { a: 1 } }, { name: 'now', args: {} }]);
  });

  test('has server tools and their results as blocks of the provider, whole', async () => {
    const result = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [{ type: 'web_search_result', url: 'https://e.x', title: 'E', encrypted_content: 'enc', page_age: null }], caller: { type: 'direct' } };
    const frames = [
      start(),
      blockStart(0, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {}, caller: { type: 'direct' } }),
      argsDelta(0, '{"query":'),
      argsDelta(0, '"rx"}'),
      blockStop(0),
      blockStart(1, result as never),
      blockStop(1),
      ...stop('pause_turn'),
    ];
    server.respond(sse(frames));
    const message = await ask().invoke('Hi');
    expect(message.content).toEqual([
      { type: 'provider', provider: 'anthropic', value: { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'rx' }, caller: { type: 'direct' } } },
      { type: 'provider', provider: 'anthropic', value: result },
    ]);
    expect(message.finishReason).toBe('other');
    expect(message.metadata).toMatchObject({ stopReason: 'pause_turn' });
  });

  test('has citations after the text they support', async () => {
    const cited = { type: 'web_search_result_location', cited_text: 'Rx is', encrypted_index: 'e', title: 'Rx', url: 'https://rx.x' };
    const frames = [start(), blockStart(0, { type: 'text', text: '', citations: [] }), delta(0, { type: 'citations_delta', citation: cited }), textDelta('Rx is '), textDelta('fun'), blockStop(0), ...stop()];
    server.respond(sse(frames));
    const message = await ask().invoke('Hi');
    expect(message.content).toEqual([
      { type: 'text', text: 'Rx is fun' },
      { type: 'citation', text: 'Rx is', url: 'https://rx.x', title: 'Rx', provider: 'anthropic', value: cited },
    ]);
  });

  test.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool_calls'],
    ['refusal', 'content_filter'],
    ['pause_turn', 'other'],
  ] as const)('that stopped for %s finishes with %s', async (reason, finishReason) => {
    server.respond(sse([start(), ...stop(reason)]));
    expect((await ask().invoke('Hi')).finishReason).toBe(finishReason);
  });

  test('says in its metadata what it stopped at, and why it was refused', async () => {
    const refusal = { type: 'refusal', category: 'bio', explanation: 'no' };
    server.respond(sse([start(), ...stop('refusal', { output_tokens: 0 }, { stop_sequence: 'END', stop_details: refusal, container: { id: 'c1' } })]));
    expect((await ask().invoke('Hi')).metadata).toEqual({ provider: 'anthropic', model: 'claude-sonnet-5-5', stopReason: 'refusal', stopSequence: 'END', refusal, container: { id: 'c1' } });
  });

  test('of a gateway that sends neither id nor usage has both', async () => {
    server.respond(sse([event({ type: 'message_start', message: { model: 'm', content: [] } }), ...textBlock(['a']), ...stop('end_turn', {})]));
    const message = await ask().invoke('Hi', { ids: () => 'own' });
    expect(message).toMatchObject({ id: 'own', content: [{ type: 'text', text: 'a' }], usage: { inputTokens: 0, outputTokens: 0 } });
  });
});

describe('a gateway that cannot stream', () => {
  const whole = { id: 'msg_2', type: 'message', role: 'assistant', model: 'm', content: [{ type: 'text', text: 'Hello', citations: null }], stop_reason: 'end_turn', stop_sequence: null, stop_details: null, container: null, diagnostics: null, usage: { ...USAGE, output_tokens: 7 } };

  test('is asked for the answer in one piece by { stream: false }', async () => {
    server.respond(json(whole));
    expect(await ask({ stream: false }).invoke('Hi')).toMatchObject({ id: 'msg_2', content: [{ type: 'text', text: 'Hello' }], usage: { inputTokens: 330, outputTokens: 7 }, finishReason: 'stop' });
    expect((await server.arrived()).request.body).toMatchObject({ stream: false });
  });

  test('is recognised by its answer', async () => {
    server.respond(json(whole));
    expect(await ask().invoke('Hi')).toMatchObject({ id: 'msg_2', content: [{ type: 'text', text: 'Hello' }] });
    expect((await server.arrived()).request.body).toMatchObject({ stream: true });
  });

  test('may stream all the same', async () => {
    server.respond(sse(textAnswer('Hello')));
    expect(await ask({ stream: false }).invoke('Hi')).toMatchObject({ content: [{ type: 'text', text: 'Hello' }] });
  });

  test('may answer with an error in place of the message', async () => {
    server.respond(json({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }));
    await expect(ask().invoke('Hi')).rejects.toMatchObject({ code: 'MODEL_OVERLOADED' });
  });

  test.each([{ choices: [] }, [], 'text', null])('and answers with %j is not understood', async (body) => {
    server.respond(json(JSON.stringify(body)));
    await expect(ask().invoke('Hi')).rejects.toMatchObject({ code: 'MODEL_PROTOCOL' });
  });
});

describe('cancelling', () => {
  const endless = (): readonly string[] => [start(), blockStart(0, { type: 'text', text: '' }), textDelta('a'), textDelta('b')];

  test('leaving the loop closes the connection', async () => {
    server.respond(sse(endless(), { ending: 'hang' }));
    for await (const chunk of ask().stream('Hi')) {
      expect(chunk.text).toBe('a');
      break;
    }
    expect(await (await server.arrived()).closed).toBe('aborted');
  });

  test('unsubscribing closes the connection, and nothing comes after', async () => {
    server.respond(sse(endless(), { ending: 'hang' }));
    const seen: unknown[] = [];
    const run = ask().run('Hi').subscribe({
      next: (chunk) => {
        seen.push(chunk.text);
        run.unsubscribe();
      },
      error: (error) => seen.push(error),
      complete: () => seen.push('complete'),
    });
    expect(await (await server.arrived()).closed).toBe('aborted');
    await turns(20);
    expect(seen).toEqual(['a']);
  });

  test('a signal ends a run that hangs, before or after the answer began', async () => {
    for (const handler of [hang(), sse(endless(), { ending: 'hang' })]) {
      server.forget();
      server.respond(handler);
      const controller = new AbortController();
      const answer = ask().invoke('Hi', { signal: controller.signal });
      const exchange = await server.arrived();
      await turns(5);
      controller.abort();
      await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' });
      expect(await exchange.closed).toBe('aborted');
    }
  });

  test('of the run that is handed on ends the answer', async () => {
    server.respond(hang());
    const model = anthropic('claude-sonnet-5-5', { apiKey: 'key', baseURL: server.url });
    const scope = new RunScope(new Subscriber<never>());
    const ended = new Promise<unknown>((resolve) => model.stream({ messages: [] }, scope).subscribe({ error: resolve }));
    const exchange = await server.arrived();
    scope.cancel();
    expect(await ended).toMatchObject({ code: 'CANCELLED' });
    expect(await exchange.closed).toBe('aborted');
  });

  test('tells no late error', async () => {
    server.respond(hang());
    const events: string[] = [];
    const run = ask().run('Hi', { events: { next: (one) => events.push(one.type) } }).subscribe();
    const exchange = await server.arrived();
    run.unsubscribe();
    await exchange.closed;
    await turns(20);
    expect(events).not.toContain('late_error');
  });

  test('before the first chunk is asked for makes no request', async () => {
    ask().run('Hi').subscribe().unsubscribe();
    await turns(20);
    expect(server.exchanges).toHaveLength(0);
  });
});
