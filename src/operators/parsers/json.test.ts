import { describe, expect, test } from '@jest/globals';
import { from, of } from 'rxjs';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import { chain } from '../../core/flow/chain.js';
import { lambda } from '../../core/flow/lambda.js';
import { assistant } from '../messages/assistant.js';
import { messageChunk } from '../messages/messageChunk.js';
import { json, type JsonOptions } from './json.js';

function emitted(pieces: readonly string[], options?: JsonOptions): unknown[] {
  const values: unknown[] = [];
  from(pieces).pipe(json({ ...options, mode: 'snapshots' })).subscribe((value) => values.push(value));
  return values;
}

async function failure(run: () => PromiseLike<unknown> | unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing failed');
}

describe('json', () => {
  test('snapshots stay as they are, and what is complete is shared', () => {
    const [first, second, third] = emitted(['{"a":{"x":1},"b":[{"y":2},', '{"z":', '3}]}']) as { a: unknown; b: unknown[] }[];
    expect(first).toEqual({ a: { x: 1 }, b: [{ y: 2 }] });
    expect(second).toEqual({ a: { x: 1 }, b: [{ y: 2 }, {}] });
    expect(third).toEqual({ a: { x: 1 }, b: [{ y: 2 }, { z: 3 }] });
    expect(second).not.toBe(first);
    expect(second?.b).not.toBe(first?.b);
    expect(second?.a).toBe(first?.a);
    expect(third?.b[0]).toBe(first?.b[0]);
  });

  test('copies in proportion to the text, whatever is open', () => {
    const copied = (items: number): number => {
      const text = JSON.stringify({ items: Array.from({ length: items }, (_, id) => ({ id })) });
      let count = 0;
      from(text.match(/[^]{1,4}/g) as string[]).pipe(json<{ readonly items?: readonly unknown[] }>()).subscribe((value) => (count += value.items?.length ?? 0));
      return count / text.length;
    };
    expect(copied(100_000)).toBeLessThan(copied(20_000) * 1.5); // were each copied, it would be fivefold
  });

  test('after each piece emits what it changed, while that is cheap, and the last value is complete', () => {
    const text = JSON.stringify({ items: Array.from({ length: 300 }, (_, id) => ({ id, name: 'abc' })), total: 300 });
    const pieces = text.match(/[^]{1,4}/g) as string[];
    const values = emitted(pieces);
    expect(values.length).toBeGreaterThan(pieces.length / 2);
    expect(values.at(-1)).toEqual(JSON.parse(text));
    expect(new Set(values.map((value) => JSON.stringify(value))).size).toBe(values.length);
  });

  test('takes 100,000 chunks at once', () => {
    expect(emitted(['[', ...Array.from({ length: 99_998 }, (_, id) => `${id},`), '0]']).at(-1)).toHaveLength(99_999);
  });

  test('takes a whole message', async () => {
    const said = assistant('Here: {"a":1}');
    expect(await chain(lambda(() => said), json()).invoke('')).toEqual({ a: 1 });
  });

  test('is cold: each run reads anew', async () => {
    const read = json();
    expect(await read.invoke('[1]')).toEqual([1]);
    expect(await read.invoke('[2]')).toEqual([2]);
    expect(await read.batch(['1', '"a"', 'null'])).toEqual([1, 'a', null]);
  });

  test('a partial value is what there was', async () => {
    const partial = json({ partial: true });
    expect(await partial.invoke('{"a":[1,2,"x')).toEqual({ a: [1, 2, 'x'] });
    expect(await partial.invoke('{"a":1')).toEqual({});
    expect(await partial.invoke('"abc')).toBe('abc');
    expect(await partial.invoke('"Here: {"a":[1')).toEqual({ a: [] });
    expect(await json({ partial: true, mode: 'patch' }).invoke('[1,[2,')).toEqual([1, [2]]);
    for (const nothing of ['', 'Sorry.', 'tru', '-']) expect(isRivuletError(await failure(() => partial.invoke(nothing)), 'JSON_INVALID')).toBe(true);
    expect(isRivuletError(await failure(() => partial.invoke('[1,]')), 'JSON_INVALID')).toBe(true);
  });

  test('says what to do when the model stopped at its limit', async () => {
    const chunks = [messageChunk({ id: 'm', text: '{"a":"b' }), messageChunk({ id: 'm', finishReason: 'length' })];
    const error = await failure(() => chain(lambda(() => from(chunks)), json()).invoke(''));
    expect(error).toMatchObject({ code: 'JSON_INVALID', message: expect.stringContaining('raise maxTokens') });
  });

  test.each<[string, string, string, JsonOptions]>([
    ['nothing', '', 'JSON_INVALID', {}],
    ['prose', 'Sorry, no.', 'JSON_INVALID', {}],
    ['a fence where nothing may be', '```json\n{}\n```', 'JSON_INVALID', { around: 'nothing' }],
    ['prose where a fence may be', 'Here: {}', 'JSON_INVALID', { around: 'fence' }],
    ['a trailing comma', '{"a":1,}', 'JSON_INVALID', {}],
    ['single quotes', "{'a':1}", 'JSON_INVALID', {}],
    ['a comment', '{/* a */}', 'JSON_INVALID', {}],
    ['NaN', '[NaN]', 'JSON_INVALID', {}],
    ['a tab in a string', '["\t"]', 'JSON_INVALID', {}],
    ['a depth bomb', '['.repeat(1_000_000), 'JSON_LIMIT', {}],
    ['a depth bomb of objects', '{"a":'.repeat(200_000), 'JSON_LIMIT', {}],
    ['a chunk of 100 MB', 'x'.repeat(100_000_000), 'JSON_LIMIT', {}],
    ['a chunk of JSON of 100 MB', `"${'x'.repeat(100_000_000)}"`, 'JSON_LIMIT', {}],
    ['more than maxLength', '[1,2,3]', 'JSON_LIMIT', { maxLength: 6 }],
    ['more than maxDepth', '[[[]]]', 'JSON_LIMIT', { maxDepth: 2 }],
  ])('refuses %s', async (_, text, code, options) => {
    for (const mode of ['snapshots', 'live'] as const) {
      const error = await failure(() => json({ ...options, mode }).invoke(text));
      expect(isRivuletError(error) && error.code).toBe(code);
    }
    expect(isRivuletError(await failure(() => json({ ...options, mode: 'patch' }).invoke(text))) ).toBe(true);
  });

  test.each<[string, JsonOptions]>([
    ['a depth of none', { maxDepth: 0 }],
    ['a depth that is no number', { maxDepth: NaN }],
    ['a negative length', { maxLength: -1 }],
    ['an unknown mode', { mode: 'diff' as never }],
    ['an unknown surrounding', { around: 'anything' as never }],
  ])('refuses %s where it is built', (_, options) => {
    expect(() => json(options as JsonOptions & { mode: 'patch' })).toThrow(/INVALID_OPTION/);
  });

  test('lone surrogates, __proto__ and equal keys are as JSON.parse has them', () => {
    const text = '{"__proto__":{"a":1},"s":"\\ud83d","t":"\\ude00\ud83d","a":1,"a":2}';
    const values: unknown[] = [];
    of(text).pipe(json()).subscribe((value) => values.push(value));
    expect(JSON.stringify(values)).toBe(JSON.stringify([JSON.parse(text)]));
    expect(({} as { a?: number }).a).toBeUndefined();
  });
});
