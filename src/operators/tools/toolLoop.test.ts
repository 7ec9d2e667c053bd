import { describe, expect, test } from '@jest/globals';
import { EMPTY, of } from 'rxjs';
import { z } from 'zod';
import { chain } from '../../core/flow/chain.js';
import { lambda } from '../../core/flow/lambda.js';
import { textOf } from '../messages/textOf.js';
import { chat } from '../models/chat.js';
import type { ChatModel, ChatRequest } from '../models/ChatModel.js';
import { scripted } from '../models/scripted/scripted.js';
import { text } from '../parsers/text.js';
import { messageChunk } from '../messages/messageChunk.js';
import { tool } from './tool.js';
import { toolLoop, type ToolLoopChunk } from './toolLoop.js';
import { transcript } from './transcript.js';

const add = tool({ name: 'add', input: z.object({ a: z.number(), b: z.number() }), run: ({ a, b }) => a + b });

const adder = scripted([
  { when: /(\d+)\+(\d+)/, calls: [{ name: 'add', args: { a: '{1:number}', b: '{2:number}' } }] },
  { after: 'add', reply: 'That makes {result}.' },
]);

const silent = (capabilities: ChatModel['capabilities'] = {}): ChatModel & { readonly requests: ChatRequest[] } => {
  const requests: ChatRequest[] = [];
  return { id: 'silent', capabilities, requests, stream: (request) => (requests.push(request), of(messageChunk({ id: 'm', text: 'ok' }))) };
};

describe('an agent', () => {
  const agent = toolLoop(adder, [add]);

  test('answers with its last message', async () => {
    expect(textOf(await agent.invoke('2+2'))).toBe('That makes 4.');
  });

  test('streams the pieces of each answer and the results of tools', async () => {
    const chunks: ToolLoopChunk[] = [];
    for await (const chunk of agent.stream('2+2')) chunks.push(chunk);
    expect(chunks.filter((chunk) => 'role' in chunk)).toEqual([expect.objectContaining({ role: 'tool', name: 'add', content: [{ type: 'text', text: '4' }] })]);
    expect(chunks.map((chunk) => ('role' in chunk ? '' : (chunk.text ?? ''))).join('')).toBe('That makes 4.');
  });

  test('hands on its text, its message or its transcript', async () => {
    expect(await chain(agent, text()).invoke('2+2')).toBe('That makes 4.');
    expect(await chain(agent, lambda((message) => message.toolCalls.length)).invoke('2+2')).toBe(0);
    const { messages, message } = await chain(agent, transcript()).invoke('2+2');
    expect(messages.map(({ role }) => role)).toEqual(['assistant', 'tool', 'assistant']);
    expect(message).toBe(messages[2]);
  });

  test('goes on with a conversation by its transcript', async () => {
    const { messages } = await chain(agent, transcript()).invoke('2+2');
    const more = await chain(agent, transcript()).invoke(['2+2', ...messages, '3+4']);
    expect(textOf(more.message)).toBe('That makes 7.');
  });

  test('is a tool of another', async () => {
    const calculator = tool({ name: 'calculator', input: z.object({ sum: z.string() }), run: chain(lambda(({ sum }: { sum: string }) => sum), agent) });
    const boss = scripted([{ when: /^compute (.*)/, calls: [{ name: 'calculator', args: { sum: '{1}' } }] }, { after: 'calculator', reply: 'My calculator says: {result}' }]);
    expect(textOf(await toolLoop(boss, [calculator]).invoke('compute 2+3'))).toBe('My calculator says: That makes 5.');
  });
});

describe('what the model is told', () => {
  test('are the tools, the provider’s among them, and none where there are none', async () => {
    const model = silent();
    const search = tool.provider('openai', { type: 'web_search' });
    await toolLoop(model, [add, search]).invoke('Hi');
    await toolLoop(model, []).invoke('Hi');
    expect(model.requests.map(({ tools }) => tools)).toEqual([[add.definition, search], undefined]);
  });

  test('is only what a model is asked with', async () => {
    const model = silent();
    await toolLoop(model, [], { maxTurns: 2, system: 'S', concurrency: 1, timeoutMs: 5, retry: {}, onError: () => '', maxTokens: 9, toolChoice: 'none' }).invoke('Hi');
    expect(Object.keys(model.requests[0] ?? {}).sort()).toEqual(['maxTokens', 'messages', 'toolChoice']);
  });
});

describe('bad input', () => {
  test('at build time', () => {
    expect(() => toolLoop(silent({ tools: false }), [add])).toThrow("INVALID_OPTION: model 'silent' can't call tools");
    expect(() => toolLoop(silent({ tools: false }), [])).not.toThrow();
    expect(() => toolLoop(silent(), [], { maxTurns: 0 })).toThrow('INVALID_OPTION: maxTurns');
    expect(() => toolLoop(silent(), [add, add])).toThrow('TOOL_DUPLICATE');
    expect(() => toolLoop(chat(silent()), [], { temperature: 0 } as object)).toThrow('INVALID_OPTION: toolLoop was given a flow and temperature');
  });

  test('at run time', async () => {
    await expect(toolLoop(silent(), []).invoke({ role: 'robot', content: '' } as never)).rejects.toMatchObject({ code: 'INVALID_MESSAGE' });
    await expect(transcript().invoke({ role: 'tool', toolCallId: 'c', content: [] })).rejects.toMatchObject({ code: 'EMPTY_RUN' });
  });

  test('a model that says nothing is an error, not an empty message', async () => {
    const mute: ChatModel = { id: 'mute', capabilities: {}, stream: () => EMPTY };
    await expect(toolLoop(mute, []).invoke('Hi')).rejects.toMatchObject({ code: 'EMPTY_RUN' });
  });
});
