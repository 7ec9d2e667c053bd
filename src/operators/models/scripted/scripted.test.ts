import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lastValueFrom, toArray } from 'rxjs';
import type { RunConfig } from '../../../core/context/RunConfig.js';
import { assistant } from '../../messages/assistant.js';
import type { AssistantMessage, Message } from '../../messages/Message.js';
import { textOf } from '../../messages/textOf.js';
import { toolResult } from '../../messages/toolResult.js';
import { user } from '../../messages/user.js';
import { chat } from '../chat.js';
import type { ChatModel } from '../ChatModel.js';
import { scripted, type ScriptedOptions } from './scripted.js';
import type { Script, ScriptRule } from './scriptRule.js';

const config = (): RunConfig => {
  let count = 0;
  return { ids: () => `m${++count}` };
};
const ask = (model: ChatModel, input: string | readonly (string | Message)[]): Promise<AssistantMessage> => chat(model).invoke(input, config());
const say = async (rules: readonly ScriptRule[], input: string | readonly (string | Message)[]): Promise<string> => textOf(await ask(scripted(rules), input));
const chunks = (rules: readonly ScriptRule[] | Script, options?: ScriptedOptions) => lastValueFrom(chat(scripted(rules, options)).run('hi', config()).pipe(toArray()));

const called = assistant('', { toolCalls: [{ id: 'c1', name: 'add', args: { a: 1, b: 2 } }, { id: 'c2', name: 'sub', args: {} }] });
const afterTools = [user('sum?'), called, toolResult('c1', '3'), toolResult('c2', '{"left":-1}')];

describe('a rule meets the last message', () => {
  test.each<[string, ScriptRule, string | readonly (string | Message)[], boolean]>([
    ['a string that occurs in it, whatever the case', { when: 'WEATHER', reply: 'x' }, 'The weather?', true],
    ['a string is no pattern', { when: 'a.c', reply: 'x' }, 'abc', false],
    ['special characters of a string are themselves', { when: 'what (really) - 1+1?', reply: 'x' }, 'What (really) - 1+1?', true],
    ['a string that does not occur in it', { when: 'weather', reply: 'x' }, 'Hello', false],
    ['a RegExp', { when: /^hel+o/i, reply: 'x' }, 'Hello', true],
    ['a pattern as data', { when: { pattern: '^hel+o', flags: 'i' }, reply: 'x' }, 'HELLO', true],
    ['a function', { when: (message, request) => message.role === 'user' && request.messages.length === 1, reply: 'x' }, 'Hello', true],
    ['a function that says no', { when: () => false, reply: 'x' }, 'Hello', false],
    ['an earlier message does not count', { when: 'first', reply: 'x' }, ['first', 'second'], false],
    ['the role', { role: 'user', reply: 'x' }, 'Hello', true],
    ['another role', { role: 'system', reply: 'x' }, 'Hello', false],
    ['the role of a tool and its text', { role: 'tool', when: 'left', reply: 'x' }, afterTools, true],
    ['words alone are not looked for in tool results', { when: 'left', reply: 'x' }, afterTools, false],
    ['a tool result', { after: true, reply: 'x' }, afterTools, true],
    ['the result of this tool', { after: 'add', reply: 'x' }, afterTools, true],
    ['not the result of another', { after: 'mul', reply: 'x' }, afterTools, false],
    ['no tool result', { after: 'add', reply: 'x' }, [...afterTools, assistant('3'), 'thanks'], false],
    ['a tool result and its text', { after: 'add', when: 'left', reply: 'x' }, afterTools, true],
    ['everything', { reply: 'x' }, afterTools, true],
  ])('%s', async (_, rule, input, meets) => {
    expect(await say([rule, { reply: 'other', name: 'fallback' }], input)).toBe(meets ? 'x' : 'other');
  });

  test('the first that does so answers', async () => {
    expect(await say([{ when: 'a', reply: '1' }, { when: 'a', reply: '2' }], 'a')).toBe('1');
  });

  test('with a RegExp that remembers where it was, the same every time', async () => {
    const model = scripted([{ when: /a/g, reply: 'yes' }, { reply: 'no' }]);
    for (let i = 0; i < 3; i++) expect(textOf(await ask(model, 'a'))).toBe('yes');
  });

  test('and is passed over after `times` answers', async () => {
    const model = scripted([{ times: 2, reply: 'a' }, { reply: 'b' }]);
    const said = [];
    for (let i = 0; i < 4; i++) said.push(textOf(await ask(model, 'x')));
    expect(said).toEqual(['a', 'a', 'b', 'b']);
  });
});

describe('a rule answers', () => {
  test.each<[string, string, string | readonly (string | Message)[]]>([
    ['{0} {1} {2}', 'add 2 and 3 2 3', 'please add 2 and 3'],
    ['{text}!', 'add 2 and 3!', 'add 2 and 3'],
    ['{9} {nobody} {} { "a": 1 }', '{9} {nobody} {} { "a": 1 }', 'add 2 and 3'],
    ['{result}', '{result}', 'add 2 and 3'],
  ])('the template %j', async (reply, said, input) => {
    expect(await say([{ when: /add (\d+) and (\d+)/, reply }], input)).toBe(said);
  });

  test('with named groups and those that matched nothing', async () => {
    expect(await say([{ when: /(?<who>Ada)( Lovelace)?/, reply: '{who}{2}.' }], 'I am Ada')).toBe('Ada.');
  });

  test('with tool results: the last, and that of a tool', async () => {
    expect(await say([{ after: true, reply: '{result.add} and {result}, not {result.mul}' }], afterTools)).toBe('3 and {"left":-1}, not {result.mul}');
  });

  test('what it puts in is no template itself', async () => {
    expect(await say([{ when: /(.*)/, reply: '{1}' }], '{text}{1}')).toBe('{text}{1}');
  });

  test('with a function of what was met', async () => {
    expect(await say([{ when: /(\d+)/, reply: ({ groups, text }) => `${Number(groups[1]) * 2} of ${text}` }], 'twice 4')).toBe('8 of twice 4');
  });

  test('tool calls, whose arguments are templates with types', async () => {
    const rule: ScriptRule = { when: /(\d+) (\w+) (\[.*\])/, calls: [{ name: 'a', args: { n: '{1:number}', s: '{1}', bad: '{2:number}', json: '{3:json}', text: '{2:json}', deep: [{ x: 'is {2}' }], kept: 7, none: null } }, { name: 'b' }] };
    const { toolCalls, finishReason, content } = await ask(scripted([rule]), '12 apples [1,2]');
    expect(toolCalls).toEqual([
      expect.objectContaining({ id: 'call_m1_0', name: 'a', args: { n: 12, s: '12', bad: 'apples', json: [1, 2], text: 'apples', deep: [{ x: 'is apples' }], kept: 7, none: null } }),
      expect.objectContaining({ id: 'call_m1_1', name: 'b', args: {} }),
    ]);
    expect(finishReason).toBe('tool_calls');
    expect(content).toHaveLength(2);
  });

  test('tool calls made by a function, and a `__proto__` is a key like others', async () => {
    const made = await ask(scripted([{ calls: ({ text }) => [{ name: 'say', args: { text } }] }]), 'hi');
    expect(made.toolCalls[0]?.args).toEqual({ text: 'hi' });
    const odd = await ask(scripted([{ calls: [{ name: 'x', args: JSON.parse('{"__proto__":{"evil":"{text}"}}') as unknown }] }]), 'hi');
    expect(odd.toolCalls[0]?.raw).toBe('{"__proto__":{"evil":"hi"}}');
  });

  test('reasoning before text', async () => {
    expect((await ask(scripted([{ reasoning: 'Hm, {text}.', reply: 'Yes.' }]), 'well')).content).toEqual([
      { type: 'reasoning', text: 'Hm, well.' },
      { type: 'text', text: 'Yes.' },
    ]);
  });

  test('with an error in the words of models, after what it has to say', async () => {
    const failed = chunks([{ reply: 'a b', error: { code: 'MODEL_RATE_LIMIT', message: 'too many', retryAfterMs: 50 } }]);
    await expect(failed).rejects.toMatchObject({ name: 'ModelError', code: 'MODEL_RATE_LIMIT', provider: 'scripted', retryAfterMs: 50, retryable: true, message: expect.stringContaining('too many') });
  });

  test('saying in its metadata that it is scripted, and by which rule', async () => {
    const model = scripted([{ when: 'a', reply: 'x' }, { name: 'fallback', reply: 'y' }], { id: 'script:1' });
    expect(model.id).toBe('script:1');
    expect((await ask(model, 'a')).metadata).toEqual({ scripted: true, rule: 'rule 1' });
    expect((await ask(model, 'b')).metadata).toEqual({ scripted: true, rule: 'fallback' });
  });

  test('with a count of tokens that is the same every time: four characters each', async () => {
    const model = scripted([{ reasoning: '12345', reply: '123456789' }]);
    const once = (await ask(model, ['1234', '12345'])).usage;
    expect(once).toEqual({ inputTokens: 3, outputTokens: 2 + 3, reasoningTokens: 2 });
    expect((await ask(model, ['1234', '12345'])).usage).toEqual(once);
  });
});

describe('an answer streams', () => {
  const pieces = async (reply: string, chunk: NonNullable<ScriptedOptions['chunk']>) => (await chunks([{ reply }], { chunk })).flatMap(({ text }) => (text === undefined ? [] : [text]));

  test('by words', async () => expect(await pieces(' One two\n three.', 'word')).toEqual([' ', 'One ', 'two\n ', 'three.']));
  test('by tokens', async () => expect(await pieces('Straßenbahn 42!\n', 'token')).toEqual(['Stra', 'ßenb', 'ahn', ' 42', '!', '\n']));
  test('by characters, of which none is cut in half', async () => expect(await pieces('a😀é', 'char')).toEqual(['a', '😀', 'é']));

  test('in chunks of one id, the last with the account', async () => {
    expect((await chunks([{ reply: 'Hello you' }])).map((chunk) => ({ ...chunk }))).toEqual([
      { id: 'm1', text: 'Hello ' },
      { id: 'm1', text: 'you' },
      { id: 'm1', usage: { inputTokens: 1, outputTokens: 3 }, finishReason: 'stop', metadata: { scripted: true, rule: 'rule 1' } },
    ]);
  });

  test('with the arguments of a call in pieces after its name', async () => {
    const deltas = (await chunks([{ calls: [{ name: 'say', args: { text: 'a b' } }] }])).flatMap(({ toolCalls = [] }) => toolCalls);
    expect(deltas).toEqual([{ index: 0, id: 'call_m1_0', name: 'say' }, { index: 0, args: '{"text":"a ' }, { index: 0, args: 'b"}' }]);
  });

  test('whose pieces make the text, whatever it is', async () => {
    const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.array(fc.constantFrom('\ud800', ' ', '\n', 'é', 'word')).map((parts) => parts.join('')));
    await fc.assert(
      fc.asyncProperty(anyText, fc.constantFrom('word', 'token', 'char'), async (text, chunk) => {
        expect((await pieces(text.replaceAll('{', ''), chunk)).join('')).toBe(text.replaceAll('{', ''));
      }),
    );
  });

  test('an empty one too', async () => {
    expect(await chunks([{ reply: '' }])).toHaveLength(1);
  });
});

describe('bad input', () => {
  test.each<[string, unknown, ScriptedOptions | undefined, string]>([
    ['no rules', [], undefined, 'needs a list of rules'],
    ['rules that are no list', { rules: 'x' }, undefined, 'needs a list of rules'],
    ['a rule that is none', ['x'], undefined, 'rule 1 is not an object'],
    ['an unknown key', [{ reply: 'a' }, { replay: 'x' }], undefined, "rule 2 has the unknown key 'replay'. Known keys: name, when"],
    ['a key of objects', [JSON.parse('{"reply":"x","constructor":1}')], undefined, "unknown key 'constructor'"],
    ['no answer', [{ when: 'x' }], undefined, 'rule 1 has no answer. Give it one of reasoning, reply, calls, error'],
    ['a bad field', [{ reply: 7 }], undefined, 'reply of rule 1 must be a string or a function'],
    ['a bad number of times', [{ reply: 'x', times: 0 }], undefined, 'times of rule 1 must be a whole number'],
    ['a bad role', [{ reply: 'x', role: 'human' }], undefined, 'role of rule 1 must be a role'],
    ['calls without a name', [{ calls: [{ args: {} }] }], undefined, 'calls of rule 1 must be a list of { name, args }'],
    ['an error of another kind', [{ error: { code: 'TIMEOUT' } }], undefined, 'MODEL_… code'],
    ['a pattern that is none', [{ when: { pattern: '(' }, reply: 'x' }], undefined, '/(/ is not a regular expression'],
    ['unknown flags', [{ when: { pattern: 'x', flags: 'q' }, reply: 'x' }], undefined, '/x/q is not a regular expression'],
    ['a long pattern', [{ when: { pattern: 'x'.repeat(501) }, reply: 'x' }], undefined, '500 is the limit'],
    ['a negative pace', [{ reply: 'x' }], { paceMs: -1 }, 'paceMs is -1'],
    ['no pace', [{ reply: 'x' }], { paceMs: NaN }, 'paceMs is NaN'],
    ['an unknown chunking', [{ reply: 'x' }], { chunk: 'line' as never }, "chunk is 'line'"],
  ])('%s', (_, rules, options, message) => {
    expect(() => scripted(rules as readonly ScriptRule[], options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }));
  });

  test('a message that no rule meets is an error of the stream that names the rules', async () => {
    const model = scripted([{ name: 'greeting', when: 'hello', times: 1, reply: 'x' }, { when: /a+/, after: 'add', reply: 'y' }, { when: { pattern: 'b', flags: 'i' }, role: 'system', reply: 'z' }, { when: () => false, reply: '' }]);
    await ask(model, 'hello');
    await expect(ask(model, 'hello')).rejects.toMatchObject({
      code: 'SCRIPT_EXHAUSTED',
      message: expect.stringContaining('answers the user message "hello". Its rules: greeting (when "hello", used 1 of 1); rule 2 (when /a+/, after add); rule 3 (when /b/i, role system); rule 4 (when a function says so). Add one'),
    });
    await expect(ask(model, [])).rejects.toMatchObject({ code: 'SCRIPT_EXHAUSTED', message: expect.stringContaining('an empty conversation') });
  });
});
