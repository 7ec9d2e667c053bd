import { describe, expect, test } from '@jest/globals';
import { of } from 'rxjs';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import { assistant } from '../messages/assistant.js';
import { system } from '../messages/system.js';
import { developer } from '../messages/developer.js';
import { toolResult } from '../messages/toolResult.js';
import { user } from '../messages/user.js';
import { chatPrompt, type ChatEntry } from './chatPrompt.js';
import { fewShot } from './fewShot.js';
import { lengthSelector } from './lengthSelector.js';
import { placeholder } from './placeholder.js';

const code = async (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'no error', (error: unknown) => (isRivuletError(error) ? error.code : error));

describe('chatPrompt', () => {
  test('makes messages by role', async () => {
    const ask = chatPrompt([['system', 'You are {who}'], ['developer', '{{json}}'], ['user', '{q}'], ['assistant', 'Hm, {q}'], user('as it is {q}'), { role: 'user', content: 'too' }]);
    const messages = await ask.invoke({ who: 'Ada', q: 'why?' });
    expect(messages).toEqual([system('You are Ada'), developer('{json}'), user('why?'), assistant('Hm, why?'), user('as it is {q}'), user('too')]);
    expect([messages, ...messages].every(Object.isFrozen)).toBe(true);
  });

  test('makes what has no variable but once', async () => {
    const ask = chatPrompt([['system', 'Be brief'], ['user', '{q}']]);
    const [first, second] = [await ask.invoke({ q: 'a' }), await ask.invoke({ q: 'b' })];
    expect(first[0]).toBe(second[0]);
  });

  test('fills places with messages, a message or a string', async () => {
    const ask = chatPrompt([placeholder('history', { optional: true }), placeholder('last')]);
    const history = [user('a'), assistant('', { toolCalls: [{ id: '1', name: 'f', args: {} }] }), toolResult('1', 'x')];
    expect(await ask.invoke({ history, last: 'b' })).toEqual([...history, user('b')]);
    expect(await ask.invoke({ last: { role: 'assistant', content: 'b' } })).toEqual([assistant('b')]);
    expect(await ask.invoke({ history: [], last: [] })).toEqual([]);
    expect(await code(ask.invoke({} as never))).toBe('TEMPLATE_VARIABLE');
    expect(await code(ask.invoke({ last: 42 } as never))).toBe('INVALID_MESSAGE');
  });

  test('takes what is given in advance', async () => {
    const ask = chatPrompt([['system', '{who}, {when}'], placeholder('history'), ['user', '{q}']]).partial({ who: 'Ada', history: 'hi' });
    expect(ask.variables).toEqual(['when', 'q']);
    expect(await ask.partial({ when: () => 'now' }).invoke({ q: 'why?' })).toEqual([system('Ada, now'), user('hi'), user('why?')]);
  });

  test('is synchronous, also with examples that need not be chosen', () => {
    const seen: unknown[] = [];
    const shots = fewShot({ examples: [{ q: '1' }], example: [['user', '{q}']] });
    chatPrompt([shots, ['user', '{q}']]).run({ q: '2' }).subscribe({ next: (messages) => seen.push(messages.length), complete: () => seen.push('complete') });
    expect(seen).toEqual([2, 'complete']);
  });

  test.each([
    [[], 'TEMPLATE_INVALID'],
    [[['user', '{']], 'TEMPLATE_INVALID'],
    [[['user']], 'TEMPLATE_INVALID'],
    [[['robot', 'x']], 'INVALID_MESSAGE'],
    [[['constructor', 'x']], 'INVALID_MESSAGE'],
    [['text'], 'INVALID_MESSAGE'],
    [[{ role: 'robot', content: '' }], 'INVALID_MESSAGE'],
    [[null], 'INVALID_MESSAGE'],
  ])('refuses %j when it is built', (entries, expected) => {
    expect(() => chatPrompt(entries as unknown as readonly ChatEntry[])).toThrow(expected);
  });

  test('says which variable is missing', async () => {
    await expect(chatPrompt([['user', '{q}']]).invoke({} as never)).rejects.toThrow("'q'");
  });
});

describe('fewShot', () => {
  const examples = [{ q: '1', a: 'one' }, { q: '2', a: 'two' }, { q: '3', a: 'three' }];
  const example = [['user', '{q}'], ['assistant', '{a}']] as const;

  test('makes text, or messages', async () => {
    expect(await fewShot({ examples, example: '{q} is {a}', separator: '; ' }).invoke({})).toBe('1 is one; 2 is two; 3 is three');
    expect(await fewShot({ examples: [], example: '{q}' }).invoke({})).toBe('');
    expect(await chatPrompt([['system', 'Count.'], fewShot({ examples: examples.slice(1), example }), ['user', '{q}']]).invoke({ q: '4' })).toEqual([
      system('Count.'), user('2'), assistant('two'), user('3'), assistant('three'), user('4'),
    ]);
  });

  test('asks a selector that answers at once, later, or as an Observable', async () => {
    const choose = ({ n }: { readonly n: number }) => examples.slice(0, n);
    const expected = [user('1'), assistant('one'), user('q')];
    for (const selector of [choose, (v: { readonly n: number }) => Promise.resolve(choose(v)), (v: { readonly n: number }) => of(choose(v))]) {
      expect(await chatPrompt([fewShot({ examples, example, selector }), ['user', 'q']]).invoke({ n: 1 })).toEqual(expected);
    }
  });

  test('gives a selector all examples and the run', async () => {
    const asked: unknown[] = [];
    const shots = fewShot({ examples, example, selector: (variables: unknown, all, run) => (asked.push(variables, all, run.tags), []) });
    await chatPrompt([shots, ['user', '{q}']]).invoke({ q: 'x' }, { tags: ['t'] });
    expect(asked).toEqual([{ q: 'x' }, examples, ['t']]);
  });

  test('ends with the error of its selector', async () => {
    const failing = fewShot({ examples, example, selector: () => Promise.reject(new Error('boom')) });
    await expect(chatPrompt([failing, ['user', 'q']]).invoke({})).rejects.toThrow('boom');
    await expect(fewShot({ examples, example, selector: () => { throw new Error('boom'); } }).invoke({})).rejects.toThrow('boom');
  });

  test('refuses, when it is built, an example that lacks a variable', () => {
    expect(() => fewShot({ examples: [{ q: '1' }] as never, example: '{q} {a}' })).toThrow('TEMPLATE_VARIABLE');
    expect(() => fewShot({ examples, example: '{q' as never })).toThrow('TEMPLATE_INVALID');
  });
});

describe('lengthSelector', () => {
  const examples = ['aaaa', 'bb', 'cccccc', 'd'].map((q) => ({ q }));
  test.each([
    [100, 4], [13, 4], [12, 3], [7, 2], [6, 2], [5, 1], [3, 0], [0, 0],
  ])('of %i characters in all, without variables, chooses %i', (maxLength, count) => {
    expect(lengthSelector({ maxLength })({}, examples)).toEqual(examples.slice(0, count));
  });

  test('counts the variables too, and by another measure if there is one', () => {
    expect(lengthSelector({ maxLength: 10 })({ text: 'abcd', n: 12, more: { deep: 'x' } }, examples)).toHaveLength(0);
    expect(lengthSelector({ maxLength: 10 })({ text: 'abcd' }, examples)).toHaveLength(2);
    expect(lengthSelector({ maxLength: 3, lengthOf: () => 1 })({}, examples)).toHaveLength(2);
    expect(() => lengthSelector({ maxLength: NaN })).toThrow('INVALID_OPTION');
  });
});
