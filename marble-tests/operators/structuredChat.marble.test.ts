import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { structuredChat } from '../../src/operators/models/structuredChat.js';
import { messageChunk } from '../../src/operators/messages/messageChunk.js';
import { answerOfCall } from '../../src/operators/models/answerOfCall.js';
import { finish } from '../../src/testing/chunkValue.js';
import { model } from '../../src/testing/model.js';
import { marbles } from '../marbles.js';

const trip = z.object({ city: z.string(), days: z.number() });
const native = { capabilities: { structuredOutput: true } };
const VALUES = { p: { city: 'Be' }, q: { city: 'Bern' }, r: { city: 'Bern', days: 3 } };
const call = (args: string, name?: string) => ({ toolCalls: [{ index: 0, args, ...(name !== undefined && { id: 'c1', name }) }] });

describe('structuredChat', () => {
  test('asks by the structured output of a model that has one', marbles(({ expectObservable, expectSubscriptions, flush }) => {
    const asked = model('--a-b-(cf|)', { a: '{"city":"Be', b: 'rn"', c: ',"days":3}', f: finish('stop') }, native);
    expectObservable(structuredChat(asked, trip, { temperature: 0, strict: true, name: 'trip', description: 'A trip' }).run('Where?')).toBe('--p-q-(r|)', VALUES);
    flush();
    expectSubscriptions(asked.subscriptions).toBe('^-----!');
    flush();
    expect(asked.requests).toEqual([
      {
        temperature: 0,
        output: { name: 'trip', strict: true, schema: expect.objectContaining({ type: 'object', description: 'A trip', required: ['city', 'days'] }) },
        messages: [expect.objectContaining({ role: 'user' })],
      },
    ]);
  }));

  test('has another model call a tool, whose arguments are the answer', marbles(({ expectObservable, flush }) => {
    const asked = model('-s-n-a-b-(cf|)', { s: 'Sure {I} [can]!', n: call('', 'answer'), a: call('{"city":"Be'), b: call('rn"'), c: call(',"days":3}'), f: finish('tool_calls') });
    expectObservable(structuredChat(asked, trip).run('Where?')).toBe('-----p-q-(r|)', VALUES);
    flush();
    expect(asked.requests[0]).toMatchObject({ toolChoice: { name: 'answer' }, parallelToolCalls: false, tools: [{ name: 'answer', inputSchema: { type: 'object' } }] });
    expect(asked.requests[0]).not.toHaveProperty('output');
  }));

  test('takes the first call, and text at its word where there is none', marbles(({ expectObservable }) => {
    const both = model('-a-(b|)', { a: { toolCalls: [{ index: 0, name: 'answer', args: '{"city":"Be' }, { index: 1, name: 'answer', args: '{"x"' }] }, b: { toolCalls: [{ index: 1, args: ':1}' }, { index: 0, args: 'rn","days":3}' }] } });
    expectObservable(structuredChat(both, trip).run('Where?')).toBe('-p-(r|)', VALUES);
    const text = model('-a-b-c-|', { a: '{"city":"Be', b: 'rn"', c: ',"days":3}' });
    expectObservable(structuredChat(text, trip).run('Where?')).toBe('-------(r|)', VALUES);
  }));

  test('asks for what is no object inside one', async () => {
    interface Tree {
      readonly name: string;
      readonly below: readonly Tree[];
    }
    const tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), below: z.array(tree) }));
    const asked = model('(abc|)', { a: '{"value":[{"name":"x","below":[]}', b: ',{"name":"y","below":[]}', c: ']}' }, native);
    const seen: unknown[] = [];
    const run = structuredChat(asked, z.array(tree)).run('Trees?');
    run.subscribe((value) => seen.push(value));
    const [x, y] = [{ name: 'x', below: [] }, { name: 'y', below: [] }];
    expect(seen).toEqual([[x], [x, y], [x, y]]);
    const schema = asked.requests[0]?.output?.schema as { readonly properties: { readonly value: { readonly definitions?: object } } };
    expect(schema).toMatchObject({ type: 'object', required: ['value'], additionalProperties: false, properties: { value: { type: 'array' } } });
    for (const [, pointer] of JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g)) expect(resolved(schema, pointer as string)).toMatchObject({ type: 'object' });
    expect(JSON.stringify(schema)).toContain('"$ref":"#/properties/value/');
  });

  test('an answer that does not fit fails, or is asked for again, by the model itself', async () => {
    const wrong = { a: '{"city":"Bern"}' };
    await expect(structuredChat(model('(a|)', wrong, native), trip).invoke('Where?')).rejects.toMatchObject({ code: 'OUTPUT_INVALID', issues: [{ path: ['days'] }] });
    const corrected = model(['(a|)', '(b|)'], { ...wrong, b: '{"city":"Bern","days":2}' }, native);
    expect(await structuredChat(corrected, trip, { repair: {} }).invoke('Where?')).toEqual({ city: 'Bern', days: 2 });
    expect(corrected.calls).toBe(2);
    const wrapped = model(['(a|)', '(b|)'], { a: '{"value":["x"]}', b: '{"value":[1]}' }, native);
    expect(await structuredChat(wrapped, z.array(z.number()), { repair: {} }).invoke('Which?')).toEqual([1]);
    expect(wrapped.requests[1]?.output?.schema).toEqual(wrapped.requests[0]?.output?.schema);
  });

  test('leaving it cancels the model', marbles(({ expectObservable, expectSubscriptions, flush }) => {
    const asked = model('--a-b-c|', { a: '{"city":"Be', b: 'rn"', c: ',"days":3}' }, native);
    expectObservable(structuredChat(asked, trip).run('Where?'), '---!').toBe('--p-', VALUES);
    flush();
    expectSubscriptions(asked.subscriptions).toBe('^--!');
  }));

  test('fails as the model fails', marbles(({ expectObservable }) => {
    expectObservable(structuredChat(model('--#', {}, native), trip).run('Where?')).toBe('--#', {}, expect.objectContaining({ code: 'MODEL_OVERLOADED' }));
    expectObservable(structuredChat(model('--|'), trip).run('Where?')).toBe('--#', {}, expect.objectContaining({ code: 'JSON_INVALID' }));
  }));

  test.each<[string, () => unknown, string]>([
    ['a model that can do neither', () => structuredChat(model('|', {}, { capabilities: { tools: false } }), trip), 'INVALID_OPTION'],
    ['a name no provider takes', () => structuredChat(model('|'), trip, { name: 'my answer' }), 'INVALID_OPTION'],
    ['a schema of anything', () => structuredChat(model('|'), z.any()), 'TOOL_SCHEMA'],
    ['no repairs', () => structuredChat(model('|'), trip, { repair: { maxAttempts: 0 } }), 'INVALID_OPTION'],
    ['a depth of none', () => structuredChat(model('|'), trip, { maxDepth: 0 }), 'INVALID_OPTION'],
  ])('refuses %s where it is built', (_, build, code) => {
    expect(build).toThrow(code);
  });
});

test('answerOfCall starts over with another message', marbles(({ cold, expectObservable }) => {
  const chunk = (id: string, args: string) => messageChunk({ id, toolCalls: [{ index: 0, args }] });
  const source = cold('-a-b-c-|', { a: messageChunk({ id: 'm1', text: 'Well' }), b: chunk('m2', '[1'), c: chunk('m2', ']') });
  expectObservable(source.pipe(answerOfCall())).toBe('---x-y-|', { x: messageChunk({ id: 'm2', text: '[1' }), y: messageChunk({ id: 'm2', text: ']' }) });
}));

function resolved(schema: unknown, pointer: string): unknown {
  return pointer.split('/').slice(1).reduce((part, key) => (part as Record<string, unknown>)[key], schema);
}
