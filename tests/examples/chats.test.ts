import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ChatModel } from '../../src/operators/models/ChatModel.js';
import { textAnswer, start, textDelta, blockStart } from '../wire/anthropicEvents.js';
import { completionFrames, delta } from '../wire/openaiWire.js';
import { json, sse, WireServer } from '../wire/WireServer.js';
import { load } from './load.js';

interface Shared {
  streamAnswer(model: ChatModel, question: string, write?: (piece: string) => unknown): Promise<void>;
}
interface Example {
  model(): ChatModel;
}

const saidByOpenAI = { whole: completionFrames({ text: 'Blue scatters most.' }, 4), begun: [delta({ content: 'Blue' })] };
const saidByAnthropic = {
  whole: textAnswer('Blue', ' sca', 'tter', 's mo', 'st.'),
  begun: [start(), blockStart(0, { type: 'text', text: '' }), textDelta('Blue')],
};

/** Each example, with the variables that lead it to the server, where its request goes, and what it says. */
const EXAMPLES = [
  { name: 'openai-chat', env: { OPENAI_API_KEY: 'key-1' }, base: ['OPENAI_BASE_URL', '/v1'], path: '/v1/chat/completions', said: saidByOpenAI, key: 'Bearer key-1', model: 'gpt-5-mini' },
  { name: 'anthropic-chat', env: { ANTHROPIC_API_KEY: 'key-2' }, base: ['ANTHROPIC_BASE_URL', ''], path: '/v1/messages', said: saidByAnthropic, key: 'Bearer key-2', model: 'claude-sonnet-5-5' },
  { name: 'gemini-chat', env: { GEMINI_API_KEY: 'key-3' }, base: ['GEMINI_BASE_URL', '/v1beta/openai/'], path: '/v1beta/openai/chat/completions', said: saidByOpenAI, key: 'Bearer key-3', model: 'gemini-2.5-flash' },
  { name: 'ollama-chat', env: { OPENAI_API_KEY: 'not for others' }, base: ['OLLAMA_BASE_URL', '/v1'], path: '/v1/chat/completions', said: saidByOpenAI, key: 'Bearer none', model: 'llama3.2' },
] as const;

const VARIABLES = /^(OPENAI|ANTHROPIC|GEMINI|OLLAMA)_/;
const environment = process.env;

let server: WireServer;
let shared: Shared;
beforeAll(async () => {
  server = await WireServer.start();
  shared = await load<Shared>('streamAnswer');
});
afterEach(() => {
  process.env = environment;
  server.forget();
});
afterAll(() => server.close());

/** The example's model, with nothing in the environment but what the example asks for. */
async function modelOf({ name, env, base: [variable, path] }: (typeof EXAMPLES)[number]): Promise<ChatModel> {
  const clean = Object.entries(environment).filter(([key]) => !VARIABLES.test(key));
  process.env = { ...Object.fromEntries(clean), ...env, [variable]: server.url + path };
  return (await load<Example>(name)).model();
}

describe.each(EXAMPLES)('$name', (example) => {
  test('prints the answer as it streams, a piece at a time', async () => {
    server.respond(sse(example.said.whole));
    const pieces: string[] = [];
    await shared.streamAnswer(await modelOf(example), 'Why is the sky blue?', (piece) => pieces.push(piece));
    expect(pieces).toEqual(['Blue', ' sca', 'tter', 's mo', 'st.', '\n']);

    const [{ request }] = server.exchanges as [(typeof server.exchanges)[0]];
    expect(request.path).toBe(example.path);
    expect(request.headers['authorization']).toBe(example.key);
    expect(request.body).toMatchObject({ model: example.model, stream: true });
    expect(request.text).toContain('You answer in one short paragraph.');
    expect(request.text).toContain('Why is the sky blue?');
  });

  test('left in the middle of the answer, closes the connection', async () => {
    server.respond(sse(example.said.begun, { ending: 'hang' }));
    const left = shared.streamAnswer(await modelOf(example), 'Why?', () => {
      throw new Error('seen enough');
    });
    await expect(left).rejects.toThrow('seen enough');
    expect(await (await server.arrived()).closed).toBe('aborted');
  });

  test('a refused key is an error that says so', async () => {
    server.respond(json({ error: { message: 'no such key', type: 'authentication_error' } }, { status: 401 }));
    await expect(shared.streamAnswer(await modelOf(example), 'Why?', () => undefined)).rejects.toMatchObject({ code: 'MODEL_AUTH' });
  });
});

test('prints to the terminal', async () => {
  server.respond(sse(saidByOpenAI.whole));
  const write = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    await shared.streamAnswer(await modelOf(EXAMPLES[0]), 'Why?');
    expect(write.mock.calls.map(([piece]) => piece).join('')).toBe('Blue scatters most.\n');
  } finally {
    write.mockRestore();
  }
});
