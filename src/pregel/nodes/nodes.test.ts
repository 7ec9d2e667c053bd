import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { messages } from '../../channels/messages.js';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import { withRetry } from '../../core/flow/withRetry.js';
import { assistant } from '../../operators/messages/assistant.js';
import type { Message } from '../../operators/messages/Message.js';
import { textOf } from '../../operators/messages/textOf.js';
import { user } from '../../operators/messages/user.js';
import { chat } from '../../operators/models/chat.js';
import type { ChatRequest } from '../../operators/models/ChatModel.js';
import { scripted } from '../../operators/models/scripted/scripted.js';
import { tool } from '../../operators/tools/tool.js';
import { END, START } from '../graph/names.js';
import { StateGraph } from '../graph/StateGraph.js';
import { modelNode } from './modelNode.js';
import { toolNode } from './toolNode.js';
import { toolsCondition } from './toolsCondition.js';

const add = tool({ name: 'add', input: z.object({ a: z.number(), b: z.number() }), run: ({ a, b }) => a + b });
const script = () => scripted([{ when: 'sum', calls: [{ name: 'add', args: { a: 1, b: 2 } }] }, { after: 'add', reply: 'It is {result}.' }, { reply: 'Hi!' }]);

/** A model that keeps what it was asked. */
function heard() {
  const model = script();
  const requests: ChatRequest[] = [];
  return { requests, model: { ...model, stream: (request: ChatRequest, run: Parameters<typeof model.stream>[1]) => (requests.push(request), model.stream(request, run)) } };
}

describe('modelNode, toolNode and toolsCondition', () => {
  const agent = () =>
    new StateGraph({ messages: messages<Message>() })
      .addNode('model', modelNode(script(), { tools: [add] }))
      .addNode('tools', toolNode([add]))
      .addEdge(START, 'model')
      .addConditionalEdges('model', toolsCondition)
      .addEdge('tools', 'model')
      .compile();

  test('are an agent: the model is asked until it calls no tool', async () => {
    const { messages: said } = await agent().invoke({ messages: user('the sum, please') });
    expect(said.map((message) => [message.role, textOf(message)])).toEqual([['user', 'the sum, please'], ['assistant', ''], ['tool', '3'], ['assistant', 'It is 3.']]);
  });

  test('run no tool that is not called', async () => {
    const { messages: said } = await agent().invoke({ messages: user('hello') });
    expect(said.map(textOf)).toEqual(['hello', 'Hi!']);
  });
});

describe('modelNode', () => {
  test('asks with the system message before the conversation, the options and the tools', async () => {
    const { model, requests } = heard();
    const graph = new StateGraph({ messages: messages<Message>() }).addNode('model', modelNode(model, { tools: [add], system: 'Be brief.', temperature: 0 })).addEdge(START, 'model').compile();
    const { messages: said } = await graph.invoke({ messages: user('hello') });
    expect(requests[0]).toMatchObject({ temperature: 0, tools: [{ name: 'add' }], messages: [{ role: 'system' }, { role: 'user' }] });
    expect(said.map(({ role }) => role)).toEqual(['user', 'assistant']);
  });

  test('reads and writes the channels it is given', async () => {
    const graph = new StateGraph({ talk: messages<Message>(), said: messages<Message>() }).addNode('model', modelNode(script(), { reads: 'talk', writes: 'said' })).addEdge(START, 'model').compile();
    const { talk, said } = await graph.invoke({ talk: user('hello') });
    expect([talk.map(textOf), said.map(textOf)]).toEqual([['hello'], ['Hi!']]);
  });

  test('takes a flow in place of a model, which says itself what the model is asked with', async () => {
    const graph = new StateGraph({ messages: messages<Message>() }).addNode('model', modelNode(withRetry(chat(script())))).addEdge(START, 'model').compile();
    expect((await graph.invoke({ messages: user('hello') })).messages.map(textOf)).toEqual(['hello', 'Hi!']);
    expect(() => modelNode(chat(script()), { temperature: 1 })).toThrow(/INVALID_OPTION: modelNode was given a flow and what the model is asked with/);
    expect(() => modelNode(chat(script()), { tools: [add] })).toThrow(/INVALID_OPTION/);
  });

  test('refuses tools for a model that has none, and tools of one name', () => {
    expect(() => modelNode({ ...script(), capabilities: { tools: false } }, { tools: [add] })).toThrow(/can't call tools/);
    expect(() => modelNode(script(), { tools: [add, add] })).toThrow(/TOOL_DUPLICATE/);
  });
});

describe('toolNode', () => {
  const failing = tool({ name: 'fail', input: z.object({}), run: () => Promise.reject(new Error('no luck')) });
  const graph = new StateGraph({ talk: messages<Message>(), results: messages<Message>() }).addNode('tools', toolNode([add, failing], { reads: 'talk', writes: 'results', concurrency: 1 })).addEdge(START, 'tools').compile();

  test('writes what the model reads of each call, in the order of the calls', async () => {
    const asked = assistant('', { toolCalls: [{ id: '1', name: 'fail', args: {} }, { id: '2', name: 'add', args: { a: 1, b: 1 } }, { id: '3', name: 'gone', args: {} }] });
    const { results } = await graph.invoke({ talk: asked });
    expect(results).toMatchObject([{ toolCallId: '1', isError: true }, { toolCallId: '2', content: [{ text: '2' }] }, { toolCallId: '3', isError: true }]);
  });

  test.each([['a message that calls none', [user('hello')]], ['no messages', []]])('fails on %s', async (_, talk) => {
    const error: unknown = await graph.invoke({ talk: talk as readonly Message[] }).catch((thrown: unknown) => thrown);
    expect(isRivuletError(error, 'INVALID_MESSAGE')).toBe(true);
  });
});

test.each<[string, readonly Message[], string]>([
  ['no messages', [], END],
  ['a user', [user('x')], END],
  ['an answer', [assistant('x')], END],
  ['calls', [assistant('', { toolCalls: [{ id: '1', name: 'add', args: {} }] })], 'tools'],
  ['calls that were answered', [assistant('', { toolCalls: [{ id: '1', name: 'add', args: {} }] }), assistant('x')], END],
])('toolsCondition after %s', (_, said, expected) => {
  expect(toolsCondition({ messages: said })).toBe(expected);
});
