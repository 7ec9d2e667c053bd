import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assistant } from './assistant.js';
import { filterMessages } from './filterMessages.js';
import { mergeRuns } from './mergeRuns.js';
import type { Message } from './Message.js';
import { system } from './system.js';
import { textOf } from './textOf.js';
import { toolResult } from './toolResult.js';
import { trimMessages, type TrimOptions } from './trimMessages.js';
import { user } from './user.js';

const said = (messages: readonly Message[]): string => messages.map((message) => textOf(message) || `(${message.role})`).join(' ');
const calls = (...ids: readonly string[]): Message => assistant('', { toolCalls: ids.map((id) => ({ id, name: 'f', args: {} })) });
const talk = [system('S'), user('1'), assistant('2'), user('3'), assistant('4')];
const withTools = [system('S'), user('1'), calls('a', 'b'), toolResult('a', 'A'), toolResult('b', 'B'), assistant('2')];
const length = (message: Message): number => textOf(message).length;

describe('trimMessages', () => {
  const cases: readonly (readonly [string, readonly Message[], TrimOptions, string])[] = [
    ['keeps the newest', talk, { maxMessages: 3 }, 'S 3 4'],
    ['keeps the oldest', talk, { maxMessages: 3, strategy: 'first' }, 'S 1 2'],
    ['keeps all that fits', talk, { maxMessages: 5 }, 'S 1 2 3 4'],
    ['lets the system message go', talk, { maxMessages: 3, keepSystem: false }, '2 3 4'],
    ['keeps the system message beyond the limit', talk, { maxMessages: 1 }, 'S'],
    ['begins on a role', talk, { maxMessages: 4, startOn: 'user' }, 'S 3 4'],
    ['begins on one of several roles', talk, { maxMessages: 4, startOn: ['user', 'assistant'] }, 'S 2 3 4'],
    ['keeps nothing that could begin', [assistant('1')], { maxMessages: 1, startOn: 'user' }, ''],
    ['keeps calls and results together', withTools, { maxMessages: 5 }, 'S (assistant) A B 2'],
    ['lets calls and results go together', withTools, { maxMessages: 4 }, 'S 2'],
    ['so from the other end too', withTools, { maxMessages: 4, strategy: 'first' }, 'S 1'],
    ['stops at the first that does not fit', [user('long one'), user('x'), user('too long'), user('y')], { maxTokens: 5, countTokens: length }, 'y'],
    ['counts tokens', talk, { maxTokens: 2, countTokens: length }, 'S 4'],
    ['of none makes none', [], { maxMessages: 1 }, ''],
  ];
  test.each(cases)('%s', (_, messages, options, expected) => {
    expect(said(trimMessages(messages, options))).toBe(expected);
  });

  test('never parts a result from its call, keeps within the limit, and only leaves out', () => {
    const turn = fc.oneof(
      fc.constant([user('u')]),
      fc.constant([assistant('a')]),
      fc.array(fc.uuid(), { minLength: 1, maxLength: 3 }).map((ids) => [calls(...ids), ...ids.map((id) => toolResult(id, 'r'))]),
    );
    fc.assert(
      fc.property(fc.array(turn), fc.integer({ min: 1, max: 12 }), fc.constantFrom('first' as const, 'last' as const), (turns, maxMessages, strategy) => {
        const messages = turns.flat();
        const kept = trimMessages(messages, { maxMessages, strategy });
        const open = new Set(kept.flatMap((message) => (message.role === 'assistant' ? message.toolCalls.map(({ id }) => id) : [])));
        const answered = new Set(kept.flatMap((message) => (message.role === 'tool' ? [message.toolCallId] : [])));
        expect(answered).toEqual(open);
        expect(kept.length).toBeLessThanOrEqual(maxMessages);
        const from = strategy === 'first' ? 0 : messages.length - kept.length;
        expect(kept).toEqual(messages.slice(from, from + kept.length));
      }),
    );
  });

  test.each([
    [{ maxMessages: 0 }, 'maxMessages is 0'],
    [{ maxMessages: NaN }, 'maxMessages is NaN'],
    [{ maxTokens: 10 }, 'countTokens'],
    [{}, 'no limit'],
    [{ maxTokens: 10, countTokens: () => NaN }, 'countTokens returned NaN'],
    [{ maxMessages: 3, strategy: 'first', startOn: 'user' }, "strategy 'last'"],
  ])('refuses %j', (options, says) => {
    expect(() => trimMessages(talk, options as TrimOptions)).toThrow(says);
  });
});

describe('filterMessages', () => {
  const named = [system('S'), user('1', { name: 'Ada', id: 'u1' }), user('2', { name: 'Bob' }), assistant('3', { id: 'm1' })];

  test.each([
    [{ include: { roles: ['user' as const] } }, '1 2'],
    [{ exclude: { roles: ['system' as const] } }, '1 2 3'],
    [{ include: { names: ['Ada'], ids: ['m1'] } }, '1 3'],
    [{ include: { roles: ['user' as const] }, exclude: { names: ['Bob'] } }, '1'],
    [{}, 'S 1 2 3'],
  ])('%j', (options, expected) => {
    expect(said(filterMessages(named, options))).toBe(expected);
  });

  test('takes predicates', () => {
    expect(said(filterMessages(named, { exclude: (message) => textOf(message) === '2' }))).toBe('S 1 3');
  });

  test("drops a call's results with it", () => {
    expect(said(filterMessages(withTools, { exclude: (message) => message.role === 'assistant' && message.toolCalls.length > 0 }))).toBe('S 1 2');
  });
});

describe('mergeRuns', () => {
  test('merges consecutive messages of one role', () => {
    const merged = mergeRuns([user('a'), user('b'), assistant('c'), user('d')]);
    expect(merged).toEqual([user([{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }]), assistant('c'), user('d')]);
  });

  test('keeps speakers and tool results apart', () => {
    const messages = [user('a', { name: 'Ada' }), user('b', { name: 'Bob' }), toolResult('1', 'x'), toolResult('2', 'y')];
    expect(mergeRuns(messages)).toEqual(messages);
  });

  test("adds up what an assistant's messages carry", () => {
    const [merged] = mergeRuns([
      assistant('a', { id: 'm1', toolCalls: [{ id: '1', name: 'f', args: {} }], usage: { inputTokens: 1, outputTokens: 2 }, finishReason: 'length', metadata: { x: 1, y: 1 } }),
      assistant('b', { id: 'm2', toolCalls: [{ id: '2', name: 'f', args: {} }], usage: { inputTokens: 3, outputTokens: 4, reasoningTokens: 5 }, metadata: { y: 2 } }),
    ]);
    expect(merged).toMatchObject({ id: 'm1', toolCalls: [{ id: '1' }, { id: '2' }], usage: { inputTokens: 4, outputTokens: 6, reasoningTokens: 5 }, metadata: { x: 1, y: 2 } });
    expect(merged).not.toHaveProperty('finishReason');
    expect(said([merged as Message])).toBe('ab');
  });

  test('leaves what it was given untouched, and a message alone the object it is', () => {
    const alone = user('a');
    expect(mergeRuns([alone])[0]).toBe(alone);
    expect(mergeRuns([])).toEqual([]);
  });
});
