import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRivuletError } from '../../../core/errors/RivuletError.js';
import { JsonReader } from './JsonReader.js';
import { JsonText, type JsonTextOptions } from './JsonText.js';

const F = '```';

function read(pieces: readonly string[], around: JsonTextOptions['around']): { readonly value: unknown; readonly shown: number } {
  const text = new JsonText({ around }, (position, depth) => new JsonReader(position, depth));
  let shown = 0;
  for (const piece of pieces) if (text.write(piece)) shown++;
  if (text.end()) shown++;
  return { value: text.reader.value, shown };
}

const OBJECT = '{"a": [1, "```"], "b": {}}';
const VALUE = JSON.parse(OBJECT) as unknown;

describe('JsonText', () => {
  test.each<[string, string, unknown]>([
    ['the value alone', OBJECT, VALUE],
    ['spaces around it', ` \n\t${OBJECT}\r\n `, VALUE],
    ['a fence', `${F}json\n${OBJECT}\n${F}`, VALUE],
    ['a fence without a language', `${F}\n${OBJECT}\n${F}\n`, VALUE],
    ['a fence of four', `${F}\`json\n${OBJECT}\n${F}\``, VALUE],
    ['a fence on one line', `${F}json ${OBJECT}${F}`, VALUE],
    ['a fence that is not closed', `${F}json\n${OBJECT}`, VALUE],
    ['a fence amid text', `Here you are:\n\n${F}json\n${OBJECT}\n${F}\n\nAnything [else] {I} can do?`, VALUE],
    ['a list amid text', 'The list: ["a", "b"]. Done.', ['a', 'b']],
    ['text with single backticks', `Use \`json\`, as in \`x\`: ${OBJECT}`, VALUE],
    ['a fence after another', `${F}bash\nls -l\n${F}\nthen\n${F}json\n${OBJECT}\n${F}`, VALUE],
    ['text that begins like a number', '3 items: [1, 2, 3]', [1, 2, 3]],
    ['text that begins like a literal', `note this: ${OBJECT}`, VALUE],
    ['text that begins with a literal', 'true or false? {"is": true}', { is: true }],
    ['text that begins with a string', '"Bern" is [1]', [1]],
    ['text that begins with a quote', '"Bern\nis {"a":1}', { a: 1 }],
    ['text in quotes', '"Here it is: {"a":[1]}"', { a: [1] }],
    ['text with half a quote', '"Here it is: [1]', [1]],
    ['a fence amid text in quotes', `"Look:\n${F}json\n"{"\n${F}`, '{'],
    ['a number', '42', 42],
    ['a number after spaces', '\n -0.5e1 \n', -5],
    ['a string', '"x\\ty"', 'x\ty'],
    ['a literal', 'null', null],
    ['a fenced number', `${F}json\n42\n${F}`, 42],
    ['a fenced string', `Result:\n${F}\n"x"\n${F}\nBye.`, 'x'],
    ['a byte order mark', `\ufeff${OBJECT}`, VALUE],
    ['thinking aloud before it', `<think>hm, a list?</think>${OBJECT}`, VALUE],
  ])('in prose finds the JSON in %s, wherever it is cut', (_, text, value) => {
    expect(read([text], 'prose').value).toEqual(value);
    expect(read(text.split(''), 'prose').value).toEqual(value);
    for (let at = 1; at < text.length; at++) expect(read([text.slice(0, at), text.slice(at)], 'prose').value).toEqual(value);
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['spaces', ' \n '],
    ['prose alone', 'I am sorry, I can not do that.'],
    ['an empty fence', `${F}json\n${F}`],
    ['a fence that has just begun', `${F}js`],
    ['backticks alone', '``'],
    ['a half', '{"a": 1'],
    ['half a literal', 'tru'],
    ['braces that are no JSON', 'Use {curly} braces: {"a": 1}'],
    ['two commas', '[1,,2]'],
  ])('in prose refuses %s', (_, text) => {
    for (const pieces of [[text], text.split('')]) {
      let error: unknown;
      try {
        read(pieces, 'prose');
      } catch (thrown) {
        error = thrown;
      }
      expect(isRivuletError(error, 'JSON_INVALID')).toBe(true);
    }
  });

  test('tells an answer of nothing from one without JSON', () => {
    expect(() => read([' \n'], 'prose')).toThrow(/the model answered nothing/);
    expect(() => read([], 'nothing')).toThrow(/the model answered nothing/);
    expect(() => read(['Sorry.'], 'prose')).toThrow(/there is no JSON in the text, at line 1, column 7 \(offset 6\): "Sorry\."/);
    expect(() => read([`${F}json\n`], 'fence')).toThrow(/there is no JSON in the text/);
  });

  test.each<[string, string, unknown]>([
    ['the value alone', OBJECT, VALUE],
    ['a string', ' "x" ', 'x'],
    ['a fence', `\n${F}json\n${OBJECT}\n${F}\n`, VALUE],
    ['a fenced number', `${F}\n42\n${F}`, 42],
    ['a fence that is not closed', `${F}json\n${OBJECT}`, VALUE],
  ])('with a fence allowed takes %s', (_, text, value) => {
    expect(read([text], 'fence').value).toEqual(value);
    expect(read(text.split(''), 'fence').value).toEqual(value);
  });

  test.each<[string, string]>([
    ['text before', `Here: ${OBJECT}`],
    ['text after', `${OBJECT} Done.`],
    ['text after a fence', `${F}json\n${OBJECT}\n${F} Done.`],
    ['text in a fence', `${F}json\nHere: ${OBJECT}\n${F}`],
    ['a fence after the value', `${OBJECT}\n${F}`],
    ['two backticks', `\`\`${OBJECT}\`\``],
    ['a second value', '{}{}'],
  ])('with a fence allowed refuses %s', (_, text) => {
    expect(() => read([text], 'fence')).toThrow(/JSON_INVALID/);
    expect(() => read(text.split(''), 'fence')).toThrow(/JSON_INVALID/);
  });

  test('with nothing allowed refuses a fence', () => {
    expect(() => read([`${F}json\n{}\n${F}`], 'nothing')).toThrow(/a value is due, but there is "`"/);
    expect(read([' {} '], 'nothing').value).toEqual({});
  });

  test('shows a scalar in prose only at the end, as it may be prose', () => {
    expect(read('"abc"'.split(''), 'prose').shown).toBe(1);
    expect(read('"abc"'.split(''), 'nothing').shown).toBe(4);
    expect(read('["abc"]'.split(''), 'prose').shown).toBe(5);
  });

  test('takes every JSON text as JSON.parse does, amid any text that has no brackets or backticks', () => {
    const prose = fc.string().map((text) => text.replace(/[[{`]/g, ''));
    const structure = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));
    fc.assert(
      fc.property(prose, structure, fc.string(), fc.nat(), (before, value, after, where) => {
        const json = JSON.stringify(value);
        const text = before + json + after;
        const at = where % (text.length + 1);
        expect(read([text.slice(0, at), text.slice(at)], 'prose').value).toEqual(JSON.parse(json));
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (value, where) => {
        const json = JSON.stringify(value);
        const at = where % (json.length + 1);
        for (const around of ['prose', 'fence', 'nothing'] as const) expect(read([json.slice(0, at), json.slice(at)], around).value).toEqual(JSON.parse(json));
      }),
    );
  });
});
