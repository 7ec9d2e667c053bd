import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { messageChunk } from '../messages/messageChunk.js';
import { assistant } from '../messages/assistant.js';
import { concatChunks } from '../messages/concatChunks.js';
import type { ToolMessage } from '../messages/Message.js';
import { textOf } from '../messages/textOf.js';
import { callTools, type CallToolsOptions } from './callTools.js';
import { tool } from './tool.js';
import { toolkit } from './toolkit.js';
import { toolOutput } from './toolOutput.js';

const add = tool({ name: 'add', input: z.object({ a: z.number(), b: z.number() }), run: ({ a, b }) => a + b });

/** The result of one call, as a model would write it. */
async function resultOf(name: string, args: string, { tools = [add], ...options }: CallToolsOptions & { tools?: Parameters<typeof callTools>[0] } = {}): Promise<ToolMessage> {
  const message = concatChunks([messageChunk({ id: 'm', toolCalls: [{ index: 0, id: 'c1', name, args }] })]);
  const [result] = await callTools(tools, options).invoke(message);
  return result as ToolMessage;
}

const returning = (result: unknown) => ({ tools: [tool({ name: 't', input: { type: 'object' }, run: () => result })] });

test('a result is a message that names its call', async () => {
  expect(await resultOf('add', '{"a":1,"b":2}')).toEqual({ role: 'tool', toolCallId: 'c1', name: 'add', content: [{ type: 'text', text: '3' }] });
});

describe('what a model reads', () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;

  test.each([
    ['text as it is', 'Rome', 'Rome'],
    ['a number', 1.5, '1.5'],
    ['an object as JSON', { a: [1, null] }, '{"a":[1,null]}'],
    ['null', null, 'null'],
    ['nothing', undefined, ''],
    ['a bigint', { n: 2n ** 70n }, '{"n":"1180591620717411303424"}'],
    ['a message by what it shows', assistant([{ type: 'reasoning', text: 'Hm' }, { type: 'text', text: 'Hi' }], { toolCalls: [{ id: 'x', name: 'y', args: {} }] }), 'Hi'],
    ['what JSON can’t say by its kind', () => 1, 'function'],
  ])('is %s', async (_, result, expected) => {
    const message = await resultOf('t', '{}', returning(result));
    expect(textOf(message)).toBe(expected);
    expect(message.isError).toBeUndefined();
    expect(message.content.every(({ type }) => type === 'text')).toBe(true);
  });

  test('a cycle is an error', async () => {
    expect(await resultOf('t', '{}', returning(cycle))).toMatchObject({ isError: true });
  });

  test('blocks and an artifact, as toolOutput says', async () => {
    const content = [{ type: 'image', source: { url: 'https://example.com/chart.png' } }] as const;
    expect(await resultOf('t', '{}', returning(toolOutput(content, { artifact: { bars: 3 } })))).toMatchObject({ content, artifact: { bars: 3 } });
    expect(await resultOf('t', '{}', returning(toolOutput('not today', { isError: true })))).toMatchObject({ isError: true, content: [{ text: 'not today' }] });
  });
});

describe('a failed call is a result that the model can correct itself by', () => {
  test.each([
    ['arguments that aren’t JSON', 'add', '{"a":1,', /TOOL_INPUT: the arguments of 'add' don't fit its schema: they are not JSON/],
    ['arguments that don’t fit', 'add', '{"a":"1","b":2}', /a: .*expected number/],
    ['no arguments', 'add', '', /TOOL_INPUT/],
    ['a __proto__ key', 'add', '{"a":1,"b":2,"__proto__":{"x":1}}', /__proto__: a key can't be named __proto__/],
    ['arguments that are no object', 'add', '[1,2]', /TOOL_INPUT/],
    ['an unknown tool', 'plus', '{}', /TOOL_UNKNOWN: there is no tool 'plus'\. Tools: add/],
    ['a misspelt tool', 'Ad', '{}', /Did you mean 'add'\?/],
    ['a tool named as an object’s own', '__proto__', '{}', /TOOL_UNKNOWN/],
    ['a name without end', 'x'.repeat(1_000_000), '{}', /^TOOL_UNKNOWN: there is no tool 'x{64}'/],
  ])('%s', async (_, name, args, expected) => {
    const message = await resultOf(name, args);
    expect(message).toMatchObject({ role: 'tool', toolCallId: 'c1', isError: true });
    expect(textOf(message)).toMatch(expected);
  });

  test.each([
    ['an Error', new Error('the disk is full'), 'the disk is full'],
    ['an Error without words', new RangeError(''), 'RangeError'],
    ['text', 'no', 'no'],
    ['an object', { reason: 'no' }, '{"reason":"no"}'],
    ['nothing', undefined, ''],
  ])('%s is thrown', async (_, error, expected) => {
    const fails = tool({ name: 'fails', input: { type: 'object' }, run: () => Promise.reject(error) });
    const message = await resultOf('fails', '{}', { tools: [fails] });
    expect([message.isError, textOf(message)]).toEqual([true, expected]);
  });

  test('of a thousand mistakes it says ten', async () => {
    const sum = tool({ name: 'sum', input: z.object({ of: z.array(z.number()) }), run: () => 0 });
    const read = textOf(await resultOf('sum', JSON.stringify({ of: Array(1000).fill('x') }), { tools: [sum] }));
    expect(read).toContain('and 990 more');
    expect(read.length).toBeLessThan(1000);
  });

  test('without any tools it says so', async () => {
    expect(textOf(await resultOf('add', '{}', { tools: [] }))).toMatch(/There are no tools/);
  });
});

describe('onError', () => {
  const broken = tool({ name: 'broken', input: { type: 'object' }, run: () => Promise.reject(new Error('secret path')) });

  test('says what the model reads', async () => {
    const message = await resultOf('broken', '{}', { tools: [broken], onError: (error, call) => `${call.name}: ${(error as Error).message.length}` });
    expect([message.isError, textOf(message)]).toEqual([true, 'broken: 11']);
  });

  test('may give a result in place of the error', async () => {
    const message = await resultOf('broken', '{}', { tools: [broken], onError: () => toolOutput('yesterday it was 7') });
    expect([message.isError, textOf(message)]).toEqual([undefined, 'yesterday it was 7']);
  });

  test('fails the run by throwing', async () => {
    const rethrow = (error: unknown): never => { throw error; };
    await expect(resultOf('broken', '{}', { tools: [broken], onError: rethrow })).rejects.toThrow('secret path');
  });
});

describe('at build time', () => {
  test.each([[0], [NaN], [1.5], [-1]])('a concurrency of %p is refused', (concurrency) => {
    expect(() => callTools([add], { concurrency })).toThrow('INVALID_OPTION: concurrency');
  });

  test('so are duplicate names, and policies that can’t be', () => {
    expect(() => callTools([add, add])).toThrow('TOOL_DUPLICATE');
    expect(() => callTools([add], { timeoutMs: -1 })).toThrow('INVALID_OPTION');
    expect(() => callTools([add], { retry: { maxAttempts: 0 } })).toThrow('INVALID_OPTION');
    expect(callTools(toolkit(add)).name).toBe('callTools');
  });
});
