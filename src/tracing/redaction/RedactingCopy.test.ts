import { describe, expect, test } from '@jest/globals';
import { RivuletError, isRivuletError } from '../../core/errors/RivuletError.js';
import { wireJson } from '../exporters/wireJson.js';
import { Redactor } from './Redactor.js';
import { secretKeys } from './secretKeys.js';
import { secretRules } from './secretRules.js';

const SECRET = `ghp_${'aB3'.repeat(12)}`;
const GONE = '[github_token]';
const redactor = new Redactor({ rules: secretRules, keys: secretKeys, maxDepth: 8, replacement: (name) => `[${name}]` });
const safe = (value: unknown): unknown => redactor.value(value);

describe('a value', () => {
  test('with no secret is given as it is, if it stays so', () => {
    const value = Object.freeze({ a: Object.freeze([1, 'x', null, undefined, true]), at: new Date(0), bytes: new Uint8Array(2), no: new Error('no') });
    expect(safe(value)).toBe(value);
  });

  test('that may change is copied: what it gets later its tracer doesn’t see', () => {
    const messages = [{ role: 'user', content: 'Hi' }];
    const told = safe({ messages });
    messages.push({ role: 'user', content: SECRET });
    expect(told).toEqual({ messages: [{ role: 'user', content: 'Hi' }] });
    let times = 0;
    const lazy = { get key() { return times++ > 0 ? SECRET : 'none yet'; } };
    expect(JSON.stringify(safe(lazy))).toBe('{"key":"none yet"}');
  });

  test('loses them also where it only has a name, or says itself how it is written', () => {
    const written = { toJSON: () => ({ said: SECRET }) };
    expect(safe([Symbol(SECRET), { [SECRET]: () => 1 }[SECRET], new String(SECRET)])).toEqual([GONE, GONE, GONE]);
    expect(safe([written, Object.assign(new Map(), written), Object.assign(new Date(0), written), Object.assign(new Error('no'), written)])).toEqual(Array(4).fill({ said: GONE }));
    expect(wireJson(safe({ raw: Buffer.from(SECRET) }))).toBe('{"raw":"[40 bytes]"}');
  });

  test('loses its secrets wherever they are, in a copy: the original keeps them', () => {
    const value = Object.freeze({ a: `is ${SECRET}`, list: [{ b: SECRET }], [SECRET]: 1, map: new Map([[SECRET, new Set([SECRET])]]), url: new URL('https://u:hunter22@example.com/') });
    expect(safe(value)).toEqual({ a: `is ${GONE}`, list: [{ b: GONE }], [GONE]: 1, map: new Map([[GONE, new Set([GONE])]]), url: 'https[url_password]example.com/' });
    expect(value.list[0]?.b).toBe(SECRET);
    expect(value.map.has(SECRET)).toBe(true);
  });

  test('loses what has a secret’s key, whatever it is; but not what only says whether there is one', () => {
    expect(safe({ password: 'hunter2', DB_PASSWORD: { a: 1 }, 'x-api-key': [1], pwd: '', isSecret: true, accessToken: null, maxTokens: 5, token: 'x' })).toEqual({ password: '[password]', DB_PASSWORD: '[DB_PASSWORD]', 'x-api-key': '[x-api-key]', pwd: '', isSecret: true, accessToken: null, maxTokens: 5, token: 'x' });
    expect(safe(new Map([['password', 1]]))).toEqual(new Map([['password', '[password]']]));
    expect(safe([{ op: 'replace', path: '/config/api_key', value: 'abc' }, { op: 'add', path: '/x', value: 'abc' }])).toEqual([{ op: 'replace', path: '/config/api_key', value: '[api_key]' }, { op: 'add', path: '/x', value: 'abc' }]);
  });

  test('that is a long number is looked at as a text', () => {
    expect(safe([4111111111111111, 4111111111111112, 4111111111111111n, 1732190400000])).toEqual(['[credit_card]', 4111111111111112, '[credit_card]', 1732190400000]);
  });

  test('may refer to itself', () => {
    const value: Record<string, unknown> = { secret: SECRET, said: SECRET };
    value['self'] = value;
    const copy = safe(value) as Record<string, unknown>;
    expect(copy['self']).toBe(copy);
    expect(copy['said']).toBe(GONE);
    const clean: Record<string, unknown> = {};
    clean['self'] = clean;
    const same = safe(clean) as Record<string, unknown>;
    expect(same['self']).toBe(same);
  });

  test('is told to a depth only, and not at all if it can’t be read', () => {
    const nested = Array.from({ length: 20 }).reduce<unknown>((inner) => [inner], SECRET);
    expect(JSON.stringify(safe(nested))).toBe(`${'['.repeat(8)}"[too_deep]"${']'.repeat(8)}`);
    const hostile = { get a(): never { throw new Error('no'); } };
    expect(safe(hostile)).toBe('[unreadable]');
  });

  test('keeps what is called __proto__ as a property', () => {
    const copy = safe(JSON.parse(`{"__proto__": {"x": 1}, "a": "${SECRET}"}`)) as object;
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(JSON.stringify(copy)).toBe(`{"__proto__":{"x":1},"a":"${GONE}"}`);
  });
});

describe('an error', () => {
  test('loses them in its message, stack, cause and fields, and stays what it was', () => {
    const error = new RivuletError('MODEL_AUTH', `the key ${SECRET} is wrong`, { cause: new AggregateError([new TypeError(SECRET)], SECRET) });
    const copy = safe(error) as RivuletError & { readonly cause: AggregateError };
    expect(copy).not.toBe(error);
    expect(copy).toBeInstanceOf(RivuletError);
    expect(isRivuletError(copy, 'MODEL_AUTH')).toBe(true);
    expect(Object.prototype.toString.call(copy)).toBe('[object Error]');
    expect(copy.message).toContain(`the key ${GONE} is wrong`);
    expect(copy.cause.errors[0]).toBeInstanceOf(TypeError);
    expect([copy.stack, copy.cause.stack, copy.cause.message, (copy.cause.errors[0] as Error).stack].join()).not.toContain(SECRET);
    expect(error.message).toContain(SECRET);
  });

  test('that has none is given as it is', () => {
    const error = new Error('no', { cause: { code: 1 } });
    expect(safe(error)).toBe(error);
    const aborted = new DOMException('left', 'AbortError');
    expect(safe(aborted)).toBe(aborted);
  });

  test('whose class reads no other object keeps its name and code', () => {
    const copy = safe(new DOMException(SECRET, 'AbortError')) as DOMException;
    expect([copy.name, copy.message, copy.code, copy instanceof DOMException]).toEqual(['AbortError', GONE, 20, true]);
    expect(copy.stack).not.toContain(SECRET);
  });
});
