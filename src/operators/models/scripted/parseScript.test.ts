import { describe, expect, test } from '@jest/globals';
import { textOf } from '../../messages/textOf.js';
import { chat } from '../chat.js';
import { parseScript } from './parseScript.js';
import { scripted } from './scripted.js';

describe('parseScript', () => {
  test('reads a document with all that a rule can say', async () => {
    const script = await parseScript(String.raw`
      id: embedded
      chunk: char
      rules:
        - { name: ask, when: { pattern: 'add (\d+) and (\d+)', flags: i }, calls: [{ name: add, args: { a: '{1:number}', b: '{2:number}' } }] }
        - after: add
          reply: |-
            It is {result}.
        - { when: busy, times: 1, error: { code: MODEL_OVERLOADED, message: busy } }
        - reply: Hm.
    `);
    const model = scripted(script);
    expect(model.id).toBe('embedded');
    expect((await chat(model).invoke('Add 2 and 3')).toolCalls[0]?.args).toEqual({ a: 2, b: 3 });
    await expect(chat(model).invoke('busy')).rejects.toMatchObject({ code: 'MODEL_OVERLOADED' });
    expect(textOf(await chat(model).invoke('busy'))).toBe('Hm.');
  });

  test('reads a list of rules, and JSON', async () => {
    expect(await parseScript('- reply: a')).toEqual({ rules: [{ reply: 'a' }] });
    expect(await parseScript('[{"reply":"a"}]')).toEqual({ rules: [{ reply: 'a' }] });
  });

  test.each([
    ['what is not YAML, with the place', 'rules:\n  - reply: "x', 'at line 2'],
    ['a scalar', 'hello', 'neither a list of rules nor an object'],
    ['an unknown key', 'rules: [{ reply: x }]\npace: 3', "unknown key 'pace'. Known keys: id, paceMs, chunk, rules"],
    ['no rules', 'id: x', 'needs a list of rules'],
    ['a bad rule', '- when: x', 'rule 1 has no answer'],
    ['aliases that multiply', `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nrules: [*c,*c,*c]`, 'Excessive alias count'],
    ['a tag for code', `- reply: !!js/function 'function () { return 1 }'`, 'Unresolved tag'],
    ['a huge one', `- reply: ${'x'.repeat(1_000_001)}`, 'is the limit'],
  ])('refuses %s', async (_, text, message) => {
    await expect(parseScript(text)).rejects.toMatchObject({ code: 'INVALID_OPTION', message: expect.stringContaining(message) });
  });
});
