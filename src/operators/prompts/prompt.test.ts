import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { of } from 'rxjs';
import { chain } from '../../core/flow/chain.js';
import { flow } from '../../core/flow/flow.js';
import { concatText } from '../../core/flow/fold.js';
import { isRivuletError } from '../../core/errors/RivuletError.js';
import { parallel } from '../control/parallel.js';
import { prompt } from './prompt.js';

const dynamic = (template: string) => prompt(template);

function caught(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (isRivuletError(error)) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('prompt', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string | number | bigint | boolean>>, string])[] = [
    ['Hi {name}', { name: 'Ada' }, 'Hi Ada'],
    ['{a}{b}{a}', { a: 1, b: true }, '1true1'],
    ['{n}', { n: 10n ** 20n }, '100000000000000000000'],
    ['{{not}} {{{but}}}', { but: 'x' }, '{not} {x}'],
    ['{{{{', {}, '{{'],
    ['{ünïcode_1-$}', { 'ünïcode_1-$': 'x' }, 'x'],
    ['', {}, ''],
    ['no variable', {}, 'no variable'],
    ['{a}', { a: '' }, ''],
    ['{a}', { a: '{b} $& }' }, '{b} $& }'],
    ['{a}', { a: 'lone \ud800' }, 'lone \ud800'],
  ];
  test.each(cases)('%j with %j', async (template, values, expected) => {
    expect(await dynamic(template).invoke(values)).toBe(expected);
  });

  test('takes a tagged literal, in which braces are braces', async () => {
    expect(await prompt`{"name": "${'name'}"} ${'name'} ${'age'}\n`.invoke({ name: 'Ada', age: 36 })).toBe('{"name": "Ada"} Ada 36\n');
  });

  test('says what variables it has, each once', () => {
    expect(prompt('{b} {a} {b}').variables).toEqual(['b', 'a']);
    expect(prompt('{b} {a}').partial({ b: 1 }).variables).toEqual(['a']);
    expect(prompt`${'x'}`.variables).toEqual(['x']);
  });

  test('is synchronous, and a span of its kind', () => {
    const seen: unknown[] = [];
    prompt('Hi {name}').run({ name: 'Ada' }).subscribe({ next: (text) => seen.push(text), complete: () => seen.push('complete') });
    prompt('Hi {name}').events({ name: 'Ada' }).subscribe((event) => {
      if (event.type === 'run_start') seen.push(event.kind);
    });
    expect(seen).toEqual(['Hi Ada', 'complete', 'prompt']);
  });

  test('takes what is given in advance, and asks functions in each run', async () => {
    let asked = 0;
    const part = prompt('{a} {b} {c}').partial({ a: 'A', b: (run) => `${run.tags.join()}${++asked}` });
    expect(await part.invoke({ c: 'C' }, { tags: ['t'] })).toBe('A t1 C');
    expect(await part.partial({ c: 'D' }).invoke({})).toBe('A 2 D');
    expect(await part.invoke({ c: 'C', a: 'over' } as never)).toBe('over 3 C');
  });

  test('takes the result of a record in chunks', async () => {
    const text = flow<unknown, string>('text', () => of('He', 'llo'), { fold: concatText });
    expect(await chain(parallel({ text, n: () => 1 }), prompt('{text} {n}')).invoke('')).toBe('Hello 1');
  });

  test('formats whatever was escaped as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.string(), fc.constantFrom('{', '}', '{{', '}}', '{a}'))), fc.string(), async (parts, a) => {
        const template = parts.map((part) => part.replaceAll('{', '{{').replaceAll('}', '}}')).join('{a}');
        expect(await dynamic(template).invoke({ a })).toBe(parts.join(a));
      }),
    );
  });

  test('formats or refuses any template, in time linear in it', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('{', '}', 'a', ' ', '\n') }), (template) => {
      try {
        dynamic(template);
      } catch (error) {
        expect(isRivuletError(error, 'TEMPLATE_INVALID')).toBe(true);
      }
    }));
    const measure = (count: number): number => {
      const begun = performance.now();
      dynamic('{a}{{'.repeat(count));
      return performance.now() - begun;
    };
    measure(20_000);
    const few = Math.min(measure(20_000), measure(20_000), measure(20_000));
    expect(measure(200_000)).toBeLessThan(Math.max(few, 2) * 10 * 5); // quadratic would be 100 times
  });

  describe('refuses, when it is built,', () => {
    test.each([
      ['Hi {name', "a '{' is not closed, at position 3 (line 1, column 4)"],
      ['a\nHi }', "a '}' has no '{' before it, at position 5 (line 2, column 4)"],
      ['Hi {}', 'a variable has no name, at position 3'],
      ['{"a": 1}', "'\"a\": 1' is not a variable's name, at position 0"],
      ['{ a }', "' a ' is not a variable's name"],
      ['{1}', "'1' is not a variable's name"],
      ['{a{b}}', "'a{b' is not a variable's name"],
      ['{', 'is not closed'],
      ['{{}', "a '}' has no '{'"],
    ])('%j', (template, says) => {
      const message = caught(() => dynamic(template));
      expect(message).toContain('TEMPLATE_INVALID');
      expect(message).toContain(says);
    });

    test('what is no template', () => {
      expect(caught(() => dynamic(undefined as never))).toContain('a template is a undefined');
      expect(caught(() => prompt`${'not a name'}`)).toContain("'not a name'");
      expect(caught(() => prompt`\u{110000000} ${'a'}`)).toContain('invalid escape');
    });
  });

  describe('fails in a run', () => {
    test.each([
      [{}, "'name' of a prompt is missing. Given: none"],
      [{ names: 'x' }, "'name' of a prompt is missing. Given: names"],
      [{ name: undefined }, 'is missing'],
      [{ name: null }, "'name' of a prompt is null"],
      [{ name: ['Ada'] }, 'is a object'],
      ['Ada', 'Given: a string in place of an object'],
      [null, 'is missing'],
    ])('with %j', async (values, says) => {
      await expect(prompt('Hi {name}').invoke(values as never)).rejects.toMatchObject({ code: 'TEMPLATE_VARIABLE', message: expect.stringContaining(says) });
    });

    test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('with %s of the prototype', async (name) => {
      await expect(dynamic(`{${name}}`).invoke({})).rejects.toThrow(`the variable '${name}' of a prompt is missing`);
      await expect(dynamic(`{${name}}`).partial({ other: 1 }).invoke({})).rejects.toThrow(`the variable '${name}' of a prompt is missing`);
    });

    test('but takes them as own values', async () => {
      const values = JSON.parse('{"__proto__":"p","constructor":"c"}') as Record<string, string>;
      expect(await dynamic('{__proto__} {constructor}').invoke(values)).toBe('p c');
    });
  });
});
