import { describe, expect, test } from '@jest/globals';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import { assistant } from './assistant.js';
import type { ContentBlock } from './ContentBlock.js';
import { developer } from './developer.js';
import { system } from './system.js';
import { textOf } from './textOf.js';
import { toMessage, toMessages, type MessageInput } from './toMessages.js';
import { toolResult } from './toolResult.js';
import { user } from './user.js';

const text = (value: string): ContentBlock => ({ type: 'text', text: value });
const call = { id: 'c1', name: 'add', args: { a: 1 } };

function caught(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (isRivuletError(error, 'INVALID_MESSAGE')) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('factories', () => {
  test('make one text block of a string, none of an empty one, and take blocks as they are', () => {
    expect(system('be brief')).toEqual({ role: 'system', content: [text('be brief')] });
    expect(developer('be brief')).toEqual({ role: 'developer', content: [text('be brief')] });
    expect(user('')).toEqual({ role: 'user', content: [] });
    const image = { type: 'image', source: { url: 'https://example.com/cat.png' } } as const;
    expect(user([text('what is it?'), image]).content).toEqual([text('what is it?'), image]);
  });

  test('put in only what they are given', () => {
    expect(user('hi', { id: 'u1', name: 'Ada', metadata: { lang: 'en' } })).toEqual({ role: 'user', content: [text('hi')], id: 'u1', name: 'Ada', metadata: { lang: 'en' } });
    expect(Object.keys(user('hi', { name: undefined }))).toEqual(['role', 'content']);
    expect(Object.keys(toolResult('c1', 'ok'))).toEqual(['role', 'content', 'toolCallId']);
  });

  test('assistant lists the calls of its content and those given beside it', () => {
    const inContent = { type: 'tool_call', id: 'c0', name: 'f', args: {} } as const;
    const message = assistant([text('let me see'), inContent], { toolCalls: [call], finishReason: 'tool_calls' });
    expect(message.toolCalls).toEqual([inContent, { type: 'tool_call', ...call }]);
    expect(message.content).toEqual([text('let me see'), inContent, { type: 'tool_call', ...call }]);
    expect(message).toMatchObject({ id: '', finishReason: 'tool_calls' });
  });

  test('toolResult answers a call, and says so if it failed', () => {
    expect(toolResult('c1', 'no such file', { isError: true, artifact: { code: 2 }, name: 'read' })).toEqual({
      role: 'tool', toolCallId: 'c1', content: [text('no such file')], isError: true, artifact: { code: 2 }, name: 'read',
    });
    expect(caught(() => toolResult('', 'x'))).toContain('toolCallId');
  });

  test('freeze what they make and not what they are given', () => {
    const block = { type: 'text', text: 'hi' } as const;
    const message = user([block]);
    expect([message, message.content, message.content[0]].every(Object.isFrozen)).toBe(true);
    expect(Object.isFrozen(block)).toBe(false);
  });

  test('make what JSON gives back the same', () => {
    const messages = [system('s'), user('u', { name: 'Ada' }), assistant('a', { id: 'm1', toolCalls: [call] }), toolResult('c1', 'r', { isError: false })];
    const revived = JSON.parse(JSON.stringify(messages)) as typeof messages;
    expect(revived).toEqual(messages);
    expect(toMessages(revived)).toEqual(messages);
  });
});

describe('toMessages', () => {
  test('takes a string, a message, a likeness of one, and lists of them', () => {
    expect(toMessages('hi')).toEqual([user('hi')]);
    expect(toMessages(user('hi'))).toEqual([user('hi')]);
    expect(toMessages(['hi', { role: 'assistant', content: 'hello' }, system('s')])).toEqual([user('hi'), assistant('hello'), system('s')]);
    expect(toMessages([])).toEqual([]);
  });

  test('leaves a whole message the object it is', () => {
    const message = user('hi');
    expect(toMessage(message)).toBe(message);
  });

  test("completes an assistant's message, adding no call twice", () => {
    const block = { type: 'tool_call', ...call } as const;
    expect(toMessage({ role: 'assistant', content: [text('a'), block] })).toEqual(assistant([text('a'), block]));
    expect(toMessage({ role: 'assistant', content: [block], toolCalls: [call] }).content).toEqual([block]);
    expect(toMessage({ role: 'assistant', content: 'a', toolCalls: [call] })).toEqual(assistant('a', { toolCalls: [call] }));
  });

  test('leaves text alone, lone surrogates too', () => {
    expect(textOf(toMessage('a\ud800b'))).toBe('a\ud800b');
  });

  const bad: readonly (readonly [string, unknown, string])[] = [
    ['a number', 42, 'a number is not a message'],
    ['null', null, 'null'],
    ['nothing', undefined, 'undefined is not'],
    ['an unknown role', { role: 'robot', content: 'x' }, "the role 'robot'"],
    ['a role of the prototype', { role: 'constructor', content: 'x' }, "the role 'constructor'"],
    ['no content', { role: 'user' }, 'content is undefined'],
    ['content that is a number', { role: 'user', content: 1 }, 'content is number'],
    ['a block without a type', { role: 'user', content: [{ text: 'x' }] }, 'Known types: text'],
    ['an unknown block', { role: 'user', content: [{ type: 'hologram' }] }, '"hologram"'],
    ['a block of the prototype', { role: 'user', content: [{ type: 'toString' }] }, '"toString"'],
    ['a text block without text', { role: 'user', content: [{ type: 'text' }] }, "the 'text' of a 'text' block"],
    ['an image without a source', { role: 'user', content: [{ type: 'image' }] }, "the 'source'"],
    ['a string among blocks', { role: 'user', content: ['x'] }, 'Known types'],
    ['a tool message without a call', { role: 'tool', content: 'x' }, 'toolCallId'],
  ];
  test.each(bad)('refuses %s', (_, input, says) => {
    expect(caught(() => toMessages([input] as MessageInput))).toContain(says);
  });

  test('refuses what JSON cannot show, without failing over it', () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    expect(caught(() => toMessages(circular as never))).toContain('an object without a role');
    expect(caught(() => toMessages(1n as never))).toContain('a bigint');
  });
});

test('textOf is the text alone', () => {
  expect(textOf(assistant([{ type: 'reasoning', text: 'hm' }, text('a'), { type: 'citation', text: 'c' }, text('b')]))).toBe('ab');
  expect(textOf({ content: 'plain' })).toBe('plain');
});
