import { describe, expect, test } from '@jest/globals';
import { map, of } from 'rxjs';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import type { Gate } from '../../src/core/demand/Gate.js';
import { chain } from '../../src/core/flow/chain.js';
import { flow } from '../../src/core/flow/flow.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { whole } from '../../src/core/flow/whole.js';
import { assign } from '../../src/operators/control/assign.js';
import { passthrough } from '../../src/operators/control/passthrough.js';
import { parallel } from '../../src/operators/control/parallel.js';
import { assistant } from '../../src/operators/messages/assistant.js';
import { messageChunk, messageFold } from '../../src/operators/messages/messageChunk.js';
import { marbles } from '../marbles.js';
import { runsTwice, startsOver } from './startsOver.js';
import { after, told } from './told.js';

describe('assign', () => {
  test('emits the object first, then the chunks of new keys as they come', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-i--------|', { i: { n: 1 } });
    const streamed = cold('--x-y|');
    expectObservable(source.pipe(assign({ a: told('a', streamed), b: after(3, 2) }))).toBe('-i-xby----|', { i: { n: 1 }, x: { a: 'x' }, y: { a: 'y' }, b: { b: 2 } });
    expectSubscriptions(source.subscriptions).toBe('^---------!');
    expectSubscriptions(streamed.subscriptions).toBe('-^----!');
  }));

  test('passes chunks of an object on as they come, and works on the whole', marbles(({ cold, expectObservable }) => {
    const streaming = parallel({ text: told('text', cold('-a-b|')), n: after(2, 1) });
    const steps = chain(streaming, assign({ both: ({ text, n }) => `${text}${n}` }));
    expectObservable(steps.run('')).toBe('-anb(z|)', { a: { text: 'a' }, n: { n: 1 }, b: { text: 'b' }, z: { both: 'ab1' } });
  }));

  test('ends with an error of its source or of a step, and leaves what runs', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-#');
    expectObservable(source.pipe(assign({ a: () => 1 }))).toBe('-#');
    const other = cold('-x-----|');
    expectObservable(assign({ a: told('a', other), b: told('b', cold('--#')) }).run({})).toBe('ix#', { i: {}, x: { a: 'x' } });
    expectSubscriptions(other.subscriptions).toBe('^-!');
  }));

  test('cancels its steps when it is unsubscribed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const a = cold('-x-----|');
    expectObservable(assign({ a: told('a', a) }).run({}), '--!').toBe('ix-', { i: {}, x: { a: 'x' } });
    expectSubscriptions(a.subscriptions).toBe('^-!');
  }));

  test('begins no more than so many steps at once', marbles(({ cold, expectObservable }) => {
    const steps = { a: told('a', cold('--(x|)')), b: told('b', cold('--(x|)')) };
    expectObservable(assign(steps, { concurrency: 1 }).run({})).toBe('i-a-(b|)', { i: {}, a: { a: 'x' }, b: { b: 'x' } });
  }));

  test('makes its steps wait for a slow consumer', marbles(({ cold, expectObservable, flush }) => {
    let gate: Gate | undefined;
    const slow = mapAsync((chunk: object) => cold('-(x|)').pipe(map(() => Object.keys(chunk)[0] ?? 'i')), { probe: (probed) => (gate = probed) });
    expectObservable(chain(assign({ a: flow<unknown, string>('a', whole(() => pull('123'))) }), slow).run({})).toBe('-iaa(a|)');
    flush();
    expect(gate?.peak).toBe(1);
  }));

  test('folds to the whole object, of which new keys replace old ones', async () => {
    expect(await assign({ n: ({ n }: { readonly n: number }) => n + 1, text: told('text', of('He', 'llo')) }).invoke({ n: 1, ...{ kept: [1] } })).toEqual({ n: 2, text: 'Hello', kept: [1] });
    const streaming = parallel({ text: told('text', of('He', 'llo')), n: () => 1 });
    expect(await chain(streaming, assign({ n: ({ n }) => n + 1 }), lambda((x) => x)).invoke('')).toEqual({ text: 'Hello', n: 2 });
    expect(await chain(assign({ b: () => 2 }), assign({ c: (x) => x.b + 1 })).invoke({})).toEqual({ b: 2, c: 3 });
  });

  test('adds keys to a message, of which it gets chunks', async () => {
    const says = flow<unknown, ReturnType<typeof messageChunk>, ReturnType<typeof assistant>>('says', whole(() => of(messageChunk({ id: 'm', text: 'He' }), messageChunk({ id: 'm', text: 'y' }))), { fold: messageFold });
    expect(await chain(says, assign({ length: ({ content }) => content.length })).invoke('')).toEqual({ ...assistant('Hey', { id: 'm' }), length: 1 });
  });

  test('starts over when what it got is superseded, in its chunks or whole', async () => {
    const streaming = parallel({ a: startsOver(['stale'], ['fresh']), b: () => 1 });
    expect(await chain(streaming, assign({ c: ({ a }) => `${a}!` })).invoke('')).toEqual({ a: 'fresh', b: 1, c: 'fresh!' });
    const twice = runsTwice(parallel({ a: told('a', of('x', 'y')) }));
    const seen: unknown[] = [];
    expect(await chain(twice, assign({ b: ({ a }) => a }), passthrough((chunk) => seen.push(chunk))).invoke('')).toEqual({ a: 'xy', b: 'xy' });
    expect(seen).toEqual([{ a: 'x' }, { a: 'y' }, { a: 'x' }, { a: 'y' }, { b: 'xy' }]);
    const remade = chain(startsOver(['stale'], ['fresh']), parallel({ a: (text: string) => text }), assign({ b: ({ a }) => a }));
    expect(await remade.invoke('')).toEqual({ a: 'fresh', b: 'fresh' });
    expect(await assign({ a: startsOver(['stale'], ['fresh']) }).invoke({})).toEqual({ a: 'fresh' });
  });

  test('leaves the object alone, and a __proto__ without power', async () => {
    const input = Object.freeze(JSON.parse('{"__proto__":{"polluted":true},"a":1}') as { readonly a: number });
    const result = await assign({ b: () => 2 }).invoke(input);
    expect(Object.keys(result)).toEqual(['__proto__', 'a', 'b']);
    expect((result as { readonly polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each([['text'], [[1]], [null], [undefined]])('says what to do with %j', async (input) => {
    await expect(assign({ a: () => 1 }).invoke(input as never)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('is refused without keys', () => {
    expect(() => assign({})).toThrow('INVALID_OPTION');
    expect(() => assign({ a: () => 1 }, { concurrency: 0 })).toThrow('INVALID_OPTION');
  });
});
