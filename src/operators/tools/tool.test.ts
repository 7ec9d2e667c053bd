import { describe, expect, test } from '@jest/globals';
import { from, map, of, timer } from 'rxjs';
import { z } from 'zod';
import * as z3 from 'zod/v3';
import { chain } from '../../core/flow/chain.js';
import { flow } from '../../core/flow/flow.js';
import { list } from '../../core/flow/fold.js';
import { lambda } from '../../core/flow/lambda.js';
import { textOf } from '../messages/textOf.js';
import { messageChunk } from '../messages/messageChunk.js';
import { isTool, type AnyTool } from './buildTool.js';
import type { StandardSchema } from './schema.js';
import { tool } from './tool.js';
import type { ToolInputError } from './ToolInputError.js';
import { toolOutput } from './toolOutput.js';

const standard: StandardSchema<{ city: string }, { city: string }> = {
  '~standard': {
    version: 1,
    vendor: 'handmade',
    validate: (value) => (typeof (value as { city?: unknown } | null | undefined)?.city === 'string' ? { value: value as { city: string } } : { issues: [{ message: 'must be a string', path: [{ key: 'city' }] }] }),
    jsonSchema: { input: () => ({ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }) },
  },
};

const byLibrary: readonly (readonly [string, AnyTool])[] = [
  ['zod 4', tool({ name: 'weather', input: z.object({ city: z.string() }), run: ({ city }) => `sun in ${city}` })],
  ['zod 3', tool({ name: 'weather', input: z3.object({ city: z3.string() }), run: ({ city }) => `sun in ${city}` })],
  ['a Standard Schema', tool({ name: 'weather', input: standard, run: ({ city }) => `sun in ${city}` })],
  ['a JSON Schema', tool({ name: 'weather', input: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }, run: ({ city }: { city: string }) => `sun in ${city}` })],
];

describe.each(byLibrary)('with %s', (_, weather) => {
  test('a model is told its JSON Schema', () => {
    expect(weather.definition).toMatchObject({ name: 'weather', inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } });
  });

  test('it runs on arguments that fit', async () => {
    expect(await weather.invoke({ city: 'Rome' })).toBe('sun in Rome');
  });

  test('arguments that don’t fit are an error that says where, and keeps them', async () => {
    const error = (await weather.invoke({ city: 7 }).catch((thrown: unknown) => thrown)) as ToolInputError;
    expect(error).toMatchObject({ name: 'ToolInputError', code: 'TOOL_INPUT', tool: 'weather', raw: { city: 7 } });
    expect(error.issues[0]?.path).toEqual(['city']);
    expect(error.message).toMatch(/^TOOL_INPUT: the arguments of 'weather' don't fit its schema: city: .+\. Call it again with corrected arguments/);
  });

  test.each([['missing', {}], ['nothing', undefined], ['null', null], ['a list', []], ['text', 'Rome'], ['a __proto__ key', JSON.parse('{"city":"Rome","__proto__":{"admin":true}}')]])('%s doesn’t fit', async (_what, args) => {
    await expect(weather.invoke(args)).rejects.toMatchObject({ code: 'TOOL_INPUT' });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe('what the schema makes of the arguments', () => {
  test('is what run gets: defaults, coercions, transforms', async () => {
    const shown = tool({ name: 'show', input: z.object({ n: z.coerce.number(), unit: z.string().default('m') }), run: ({ n, unit }) => `${(n + 1).toFixed()} ${unit}` });
    expect(await shown.invoke({ n: '41' })).toBe('42 m');
  });

  test('may take time to find out', async () => {
    const input = z.object({ id: z.string().refine(async (id) => Promise.resolve(id === 'known'), 'no such id') });
    const find = tool({ name: 'find', input, run: ({ id }) => `found ${id}` });
    expect(await find.invoke({ id: 'known' })).toBe('found known');
    await expect(find.invoke({ id: 'x' })).rejects.toMatchObject({ code: 'TOOL_INPUT', issues: [{ path: ['id'], message: 'no such id' }] });
  });
});

describe('what run returns', () => {
  const returning = <T>(result: T): Promise<unknown> => tool({ name: 't', input: { type: 'object' }, run: () => result }).invoke({});

  test.each([
    ['a value', 7, 7],
    ['a list, which is a value', ['a', 'b'], ['a', 'b']],
    ['nothing', undefined, undefined],
    ['null', null, null],
    ['a promise', Promise.resolve('later'), 'later'],
    ['strings, which concatenate', of('Hel', 'lo'), 'Hello'],
    ['other values, of which the last is the result', of({ done: 1 }, 'two', { done: 3 }), { done: 3 }],
    ['a string after progress', of({ percent: 50 }, 'done'), 'done'],
    ['an Observable of nothing', of(), undefined],
    ['chunks of a model, which make a message', from([messageChunk({ id: 'm', text: 'Hel' }), messageChunk({ id: 'm', text: 'lo' })]).pipe(map((chunk) => chunk)), expect.objectContaining({ role: 'assistant', content: [{ type: 'text', text: 'Hello' }] })],
  ])('may be %s', async (_, result, expected) => {
    expect(await returning(result)).toEqual(expected);
  });

  test('may be an async iterable', async () => {
    async function* words(): AsyncGenerator<string> {
      yield 'one ';
      yield await Promise.resolve('two');
    }
    expect(await returning(words())).toBe('one two');
  });

  test('may have a part for the program', async () => {
    const output = toolOutput('see the chart', { artifact: { bars: [1, 2] } });
    expect(await returning(output)).toEqual(output);
    expect(output).toMatchObject({ content: 'see the chart', artifact: { bars: [1, 2] } });
  });

  test('may be an error', async () => {
    await expect(returning(Promise.reject(new Error('down')))).rejects.toThrow('down');
    await expect(tool({ name: 't', input: { type: 'object' }, run: () => { throw new Error('at once'); } }).invoke({})).rejects.toThrow('at once');
  });
});

describe('a flow', () => {
  test('does the work of a tool, with its own fold', async () => {
    const words = flow('words', lambda(({ text }: { text: string }) => from(text.split(' '))), { fold: list<string>() });
    const split = tool({ name: 'split', input: z.object({ text: z.string() }), run: words });
    expect(await split.invoke({ text: 'a b' })).toEqual(['a', 'b']);
    await expect(split.invoke({ text: 1 as never })).rejects.toMatchObject({ code: 'TOOL_INPUT' });
  });

  test('is what a tool is: it pipes, chains and streams', async () => {
    const add = tool({ name: 'add', input: z.object({ a: z.number(), b: z.number() }), run: ({ a, b }) => a + b });
    expect(await chain(lambda((n: number) => ({ a: n, b: n })), add, lambda((sum) => `= ${sum.toFixed()}`)).invoke(2)).toBe('= 4');
    expect(await add.batch([{ a: 1, b: 1 }, { a: 2, b: 2 }])).toEqual([2, 4]);
    expect(isTool(add)).toBe(true);
    expect([flow, {}, undefined].some(isTool)).toBe(false);
  });
});

describe('a copy', () => {
  const slow = tool({ name: 'slow', description: 'Takes its time', input: z.object({ ms: z.number() }), run: ({ ms }) => timer(ms).pipe(map(() => 'done')) });

  test('differs where it was changed', async () => {
    const quick = slow.with({ name: 'quick', description: undefined, strict: true, timeoutMs: 5 });
    expect(quick.definition).toEqual({ name: 'quick', inputSchema: slow.definition.inputSchema, strict: true });
    expect(slow.definition).toMatchObject({ name: 'slow', description: 'Takes its time' });
    await expect(quick.invoke({ ms: 1000 })).rejects.toMatchObject({ code: 'TIMEOUT', timeoutMs: 5 });
    expect(await slow.invoke({ ms: 1 })).toBe('done');
  });

  test('may have its work wrapped: arguments are checked before, and state is kept over calls', async () => {
    let wrapped = 0;
    let worked = 0;
    const add = tool({ name: 'add', input: z.object({ a: z.coerce.number() }), run: ({ a }) => (worked++, a) });
    const counted = add.wrap((work) => flow('counted', (source) => (wrapped++, work(source)), { fold: work.fold })).with({ name: 'counted' });
    expect([await counted.invoke({ a: '1' }), await counted.invoke({ a: 2 })]).toEqual([1, 2]);
    await expect(counted.invoke({ a: 'x' })).rejects.toMatchObject({ code: 'TOOL_INPUT' });
    expect([wrapped, worked, counted.name]).toEqual([2, 2, 'counted']);
  });
});

describe('at build time', () => {
  const input = { type: 'object' } as const;
  const run = (): string => '';

  test.each([[''], ['with space'], ['dots.too'], ['x'.repeat(65)], ['größe'], [undefined as unknown as string]])('%p can’t be a name', (name) => {
    expect(() => tool({ name, input, run })).toThrow('TOOL_SCHEMA');
    expect(() => tool({ name: 'ok', input, run }).with({ name: name ?? '' })).toThrow('TOOL_SCHEMA');
  });

  test.each([
    ['of text', z.string()],
    ['of a list', { type: 'array', items: {} }],
    ['that says nothing', {}],
    ['that JSON can’t say', z.object({ at: z.date() })],
    ['that can’t say its JSON Schema', { '~standard': { version: 1, vendor: 'mute', validate: () => ({ value: 1 }) } }],
    ['that is none', 'a schema'],
  ])('a schema %s is refused', (_, schema) => {
    expect(() => tool({ name: 't', input: schema as never, run })).toThrow('TOOL_SCHEMA');
  });

  test('a union of objects is one of objects', () => {
    const input = z.union([z.object({ a: z.string() }), z.object({ b: z.number() })]);
    expect(tool({ name: 't', input, run }).definition.inputSchema).toMatchObject({ type: 'object', anyOf: [{ type: 'object' }, { type: 'object' }] });
  });

  test.each([[0], [-1], [NaN]])('a timeout of %p is refused', (timeoutMs) => {
    expect(() => tool({ name: 't', input, run, timeoutMs })).toThrow('INVALID_OPTION: timeoutMs');
  });

  test('a provider’s tool is passed on as it is', () => {
    expect(tool.provider('openai', { type: 'web_search' })).toEqual({ provider: 'openai', definition: { type: 'web_search' } });
  });
});

test('run gets what a callback gets: the context, and a signal', async () => {
  const told = tool({ name: 'told', input: { type: 'object' }, run: (_: unknown, run) => `${run.thread ?? ''} ${String(run.signal.aborted)}` });
  expect(await told.invoke({}, { thread: 'th-1' })).toBe('th-1 false');
});

test('an agent is used as a tool by what it says', async () => {
  const answer = lambda(({ q }: { q: string }) => of(messageChunk({ id: 'm', text: `You asked ${q}` })));
  const ask = tool({ name: 'ask', input: z.object({ q: z.string() }), run: ({ q }, run) => answer.run({ q }, run) });
  expect(textOf(await ask.invoke({ q: 'why' }))).toBe('You asked why');
});
