import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { from, of, Subject, take, type Observable } from 'rxjs';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import { chain } from '../../core/flow/chain.js';
import { flow } from '../../core/flow/flow.js';
import { messageChunk } from '../messages/messageChunk.js';
import { assistant } from '../messages/assistant.js';
import { list, type ListOptions } from './list.js';
import type { TextInput } from './TextDeltas.js';

function itemsOf(source: Observable<TextInput>, options?: ListOptions): readonly unknown[] {
  const seen: unknown[] = [];
  source.pipe(list(options)).subscribe({ next: (item) => seen.push(item), error: (error: unknown) => seen.push(isRivuletError(error) ? error.code : error) });
  return seen;
}

describe('list', () => {
  const cases: readonly (readonly [string, ListOptions, string, readonly string[]])[] = [
    ['lines', {}, 'red\ngreen\r\n\n  blue  ', ['red', 'green', 'blue']],
    ['bulleted lines', {}, '- red\n* green\n+ blue\n  • *dark* grey', ['red', 'green', 'blue', '*dark* grey']],
    ['numbered lines', {}, '1. red\n2) green\n10. blue', ['red', 'green', 'blue']],
    ['what only looks like a marker', {}, '-5\n1.5 litres\n**bold**\n7.', ['-5', '1.5 litres', '**bold**', '7.']],
    ['a marker without an item', {}, '- \n-\n- a', ['a']],
    ['fenced lines', {}, '```text\n- red\n- green\n```\n', ['red', 'green']],
    ['only marked lines', { marker: 'any' }, 'Sure! Here:\n\n1. red\n- green\n\nAnything else?', ['red', 'green']],
    ['only numbered lines', { marker: 'number' }, '- no\n1. red\n2. green', ['red', 'green']],
    ['only bulleted lines', { marker: 'bullet' }, '1. no\n- red\n* green', ['red', 'green']],
    ['commas', { separator: ',' }, 'red, green,, blue\n,', ['red', 'green', 'blue']],
    ['commas in a fence', { separator: ',' }, '```\nred, green\n```', ['red', 'green']],
    ['commas in a named fence that ends with a line', { separator: ',' }, '~~~csv\nred, green, blue\n~~~\n', ['red', 'green', 'blue']],
    ['numbers between commas', { separator: ',' }, '1. a, 2', ['1. a', '2']],
    ['a separator of several characters', { separator: '---' }, 'a---b----c--', ['a', 'b', '-c--']],
    ['one item', {}, 'red', ['red']],
    ['nothing', {}, '', []],
    ['nothing but space', {}, ' \n\n ', []],
  ];

  test.each(cases)('reads %s', async (_, options, text, expected) => {
    expect(await list(options).invoke(text)).toEqual(expected);
    expect(itemsOf(from([...text]), options)).toEqual(expected);
  });

  test('reads the same items wherever the text is cut', () => {
    const text = fc.array(fc.constantFrom('a', 'b c', '\n', '\r\n', '- ', '1. ', ',', '---', '-', '```', '```\n', ' ', '😀')).map((parts) => parts.join(''));
    const options = fc.record({ separator: fc.constantFrom('\n', ',', '---', '\n\n'), marker: fc.constantFrom('any' as const, 'number' as const, 'bullet' as const) }, { requiredKeys: [] });
    fc.assert(
      fc.property(text, options, fc.array(fc.nat(200)), (whole, chosen, cuts) => {
        const at = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
        const pieces = at.slice(1).map((end, i) => whole.slice(at[i], end));
        expect(itemsOf(from(pieces), chosen)).toEqual(itemsOf(of(whole), chosen));
      }),
    );
  });

  test('makes of plain items and separators what split makes', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,5}$/)), fc.constantFrom(',', '\n', '::', '\n\n'), (items, separator) => {
        expect(itemsOf(from([...items.join(separator)]), { separator })).toEqual(items);
      }),
    );
  });

  test("reads a model's chunks and its whole message", async () => {
    const chunks = ['re', 'd\ngr', 'een'].map((text) => messageChunk({ id: 'm1', text }));
    expect(itemsOf(from([...chunks, messageChunk({ id: 'm1', finishReason: 'stop' })]))).toEqual(['red', 'green']);
    expect(await list().invoke(assistant('red\ngreen'))).toEqual(['red', 'green']);
  });

  test('begins again with another message', async () => {
    const chunks = [messageChunk({ id: 'm1', text: 'one\ntw' }), messageChunk({ id: 'm2', text: 'red\ngreen' })];
    expect(itemsOf(from(chunks))).toEqual(['one', 'red', 'green']);
    expect(await chain(flow('chunks', () => from(chunks)), list()).invoke(0)).toEqual(['red', 'green']);
  });

  test('stops when nobody listens any more, in the middle of a chunk', () => {
    const seen: string[] = [];
    of('a\nb\nc\n').pipe(list(), take(2)).subscribe((item) => seen.push(item));
    expect(seen).toEqual(['a', 'b']);
  });

  test('keeps the order of text that comes while an item is told', () => {
    const source = new Subject<string>();
    const seen: string[] = [];
    source.pipe(list()).subscribe((item) => {
      seen.push(`${item} begins`);
      if (item === 'a') source.next('x\n');
      seen.push(`${item} ends`);
    });
    source.next('a\nb\nc');
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'cx begins', 'cx ends']);
  });

  test('fails on an item without an end', () => {
    expect(itemsOf(from(['a,', 'bbbb', 'bbbb', 'b']), { separator: ',', maxItemChars: 8 })).toEqual(['a', 'OUTPUT_INVALID']);
  });

  test.each([{ separator: '' }, { maxItemChars: 0 }, { maxItemChars: NaN }])('refuses %j when it is built', (options) => {
    expect(() => list(options)).toThrow('INVALID_OPTION');
  });

  test('takes a long text in time linear in it, of one item or of many', () => {
    const measure = (count: number): number => {
      const begun = performance.now();
      expect(itemsOf(from(Array.from({ length: count }, () => 'x')))).toHaveLength(1);
      expect(itemsOf(of('item\n'.repeat(count)))).toHaveLength(count);
      expect(itemsOf(from(Array.from({ length: count / 300 }, () => '\n'.repeat(1_000))), { separator: ',' })).toEqual([]);
      return performance.now() - begun;
    };
    measure(30_000);
    const few = Math.min(measure(30_000), measure(30_000), measure(30_000));
    expect(measure(300_000)).toBeLessThan(Math.max(few, 2) * 10 * 5); // quadratic would be 100 times
  });
});
