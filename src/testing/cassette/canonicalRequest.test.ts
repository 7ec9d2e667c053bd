import { describe, expect, test } from '@jest/globals';
import { assistant } from '../../operators/messages/assistant.js';
import { toolResult } from '../../operators/messages/toolResult.js';
import { user } from '../../operators/messages/user.js';
import type { ChatRequest } from '../../operators/models/ChatModel.js';
import { canonicalRequest } from './canonicalRequest.js';
import { differences } from './differences.js';

const same = (a: ChatRequest, b: ChatRequest): boolean => JSON.stringify(canonicalRequest(a)) === JSON.stringify(canonicalRequest(b));

describe('canonicalRequest', () => {
  test('does not mind the order of keys, nor what is undefined', () => {
    expect(same({ messages: [user('a')], temperature: 1, seed: 2 }, { seed: 2, temperature: 1, messages: [user('a')], maxTokens: undefined } as unknown as ChatRequest)).toBe(true);
  });

  test('leaves out what a model is not told: ids, usage, metadata, artifacts', () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const one = [assistant('a', { id: 'x', metadata: { n: 1 }, usage: { inputTokens: 1, outputTokens: 1 }, finishReason: 'stop' }), toolResult('c', 'r', { artifact: circular })];
    const other = [assistant('a', { id: 'y' }), toolResult('c', 'r')];
    expect(same({ messages: one }, { messages: other })).toBe(true);
  });

  test.each<[string, ChatRequest, ChatRequest]>([
    ['texts', { messages: [user('a')] }, { messages: [user('b')] }],
    ['names', { messages: [user('a', { name: 'x' })] }, { messages: [user('a', { name: 'y' })] }],
    ['options', { messages: [], temperature: 1 }, { messages: [], temperature: 2 }],
    ['tools', { messages: [], tools: [{ name: 'a', inputSchema: {} }] }, { messages: [], tools: [{ name: 'b', inputSchema: {} }] }],
    ['failures of tools', { messages: [toolResult('c', 'r', { isError: true })] }, { messages: [toolResult('c', 'r')] }],
    ['arguments', { messages: [assistant('', { toolCalls: [{ id: 'c', name: 'x', args: { a: 1 } }] })] }, { messages: [assistant('', { toolCalls: [{ id: 'c', name: 'x', args: { a: 2 } }] })] }],
    ['extras', { messages: [], extra: { verbosity: 'low' } }, { messages: [], extra: { verbosity: 'high' } }],
  ])('tells %s apart', (_, a, b) => expect(same(a, b)).toBe(false));

  test('keeps no secrets of extra, at any depth', () => {
    const extra = { headers: { Authorization: 'Bearer s3cret', 'x-api-key': 's3cret' }, list: [{ clientSecret: 's3cret' }], access_token: 's3cret', max_completion_tokens: 5, password: { deep: 's3cret' }, keyboard: 'qwerty' };
    const kept = canonicalRequest({ messages: [], extra });
    expect(JSON.stringify(kept)).not.toContain('s3cret');
    expect(kept['extra']).toMatchObject({ max_completion_tokens: 5, keyboard: 'qwerty', headers: { Authorization: '[redacted]' } });
  });
});

describe('differences', () => {
  test('names each place', () => {
    expect(differences({ a: [1, { b: 'x' }], c: 1 }, { a: [1, { b: 'y' }, 3], d: 1 })).toEqual([
      { path: 'a[1].b', recorded: 'x', asked: 'y' },
      { path: 'a[2]', recorded: undefined, asked: 3 },
      { path: 'c', recorded: 1, asked: undefined },
      { path: 'd', recorded: undefined, asked: 1 },
    ]);
    expect(differences({ a: 1 }, { a: 1 })).toEqual([]);
    expect(differences({ a: [] }, { a: {} })).toEqual([{ path: 'a', recorded: [], asked: {} }]);
    expect(differences(1, 2)).toEqual([{ path: 'the request', recorded: 1, asked: 2 }]);
  });
});
