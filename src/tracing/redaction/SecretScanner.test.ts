import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { secrets } from '../../../marble-tests/tracing/secrets.js';
import { seededRandom } from '../../testing/seededRandom.js';
import { SecretAutomaton } from './SecretAutomaton.js';
import { isCardNumber } from './isCardNumber.js';
import { isIban } from './isIban.js';
import { personalRules, secretRules } from './secretRules.js';
import { SecretScanner } from './SecretScanner.js';

const automaton = new SecretAutomaton([...secretRules, ...personalRules]);
const opened = (by = automaton): SecretScanner => new SecretScanner(by, (name) => `[${name}]`);
const redacted = (text: string, by = automaton): string => {
  const scanner = opened(by);
  return scanner.push(text) + scanner.end();
};

describe('a text', () => {
  test('keeps what is no secret', () => {
    for (const text of ['', 'Hello, world!', 'task-list-of-things-that-are-long', 'basic understanding', 'https://example.com:8080/path?q=1', '1732190400000', 'ids: 0f8fad5b-d9cb-469f-a165-70867728950e', 'AKIA is a prefix, ghp_ too', 'eyJ']) {
      expect(redacted(text, new SecretAutomaton(secretRules))).toBe(text);
    }
  });

  test.each([
    ['card 4111 1111 1111 1111.', 'card [credit_card].'],
    ['card 4111 1111 1111 1112.', 'card 4111 1111 1111 1112.'],
    ['no. 41111111111111110000123', 'no. 41111111111111110000123'],
    ['to DE89 3704 0044 0532 0130 00 please', 'to [iban] please'],
    ['to DE88 3704 0044 0532 0130 00 please', 'to DE88 3704 0044 0532 0130 00 please'],
    ['postgres://app:s3cret@db:5432/app', 'postgres[url_password]db:5432/app'],
    ['{"Authorization":"Basic dXNlcjpwYXNz"}', '{"[authorization]"}'],
    ['say \\nhf_abcdefghijklmnopqrstuvwxyz\\n', 'say \\n[huggingface_token]\\n'],
    ['me.too@example.co.uk, +41 44 123 45 67; 078-05-1120', '[email], [phone]; [us_ssn]'],
    ['ghp_aaaaaaaaaaaaaaaaaaaaghp_bbbbbbbbbbbbbbbbbbbb', '[github_token]'],
  ])('%s', (text, expected) => {
    expect(redacted(text)).toBe(expected);
  });

  test('loses a private key from its first line on, headers and all, also one that is cut off', () => {
    const head = '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B\n\nMIIEabc+/=\nabcd\n';
    expect(redacted(`a\n${head}-----END RSA PRIVATE KEY-----\nb`)).toBe('a\n[private_key]\nb');
    expect(redacted(`a\n${head}`)).toBe('a\n[private_key]');
    expect(redacted(JSON.stringify({ key: `${head}-----END RSA PRIVATE KEY-----\n` }))).toBe('{"key":"[private_key]\\n"}');
  });
});

test('secrets of every kind are known by name, wherever they stand', () => {
  for (const { name, secret } of secrets(1000, seededRandom(1))) expect([secret, redacted(`a: ${secret} b`)]).toEqual([secret, `a: [${name}] b`]);
});

describe('a text in pieces', () => {
  const random = seededRandom(2);
  const kinds = secrets(76, random).map(({ secret }) => secret);
  const part = fc.oneof(fc.constantFrom(...kinds), fc.constantFrom(...kinds).map((secret) => secret.slice(0, -6)), fc.constantFrom(' ', '-', 'AK', 'sk-', '://', '4111 ', '@', '\\n', 'word'), fc.string({ maxLength: 6 }));

  test('gives the same as a whole one, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }).map((parts) => parts.join('')), fc.array(fc.nat(400), { maxLength: 12 }), (text, cuts) => {
        const scanner = opened();
        const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const given = places.slice(1).map((place, index) => scanner.push(text.slice(places[index], place)));
        expect(given.join('') + scanner.end()).toBe(redacted(text));
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  test('is held back only where a secret may have begun, and not once it is known to be one', () => {
    const scanner = opened(new SecretAutomaton(secretRules));
    expect(scanner.push('Hello you! ')).toBe('Hello you! ');
    expect(scanner.push('ghp_')).toBe('');
    expect(scanner.push('x'.repeat(16))).toBe('[github_token]');
    expect(scanner.push('x'.repeat(20))).toBe('');
    expect(scanner.push(' and ')).toBe(' and ');
    expect(scanner.end()).toBe('');
  });
});

/** By the words of the rules: all that stands between words, is written so and has the right check digits; what touches goes together. */
function plainly(text: string): string {
  const kinds = [
    ['credit_card', /^[2-6]\d{3}(?:[ -]?\d){9,15}$/, isCardNumber],
    ['iban', /^[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}$/, isIban],
  ] as const;
  let [given, to] = ['', 0];
  for (let start = 0; start < text.length; start++) {
    for (let end = text.length; end > Math.max(start, to); end--) {
      const part = text.slice(start, end);
      const kind = kinds.find(([, pattern, check]) => !/^\w/.test(text.slice(end)) && !/\w$/.test(text.slice(0, start)) && pattern.test(part) && check(part));
      if (!kind) continue;
      given += start <= to && to > 0 ? '' : `${text.slice(to, start)}[${kind[0]}]`;
      to = end;
      break;
    }
  }
  return given + text.slice(to);
}

test('card and account numbers are found wherever they are by their plain definition, whatever digits and letters are around', () => {
  const checked = new SecretAutomaton(secretRules.filter(({ check }) => check));
  const numbers = secrets(380, seededRandom(4)).flatMap(({ name, secret }) => (name === 'iban' || name === 'credit_card' ? [secret] : []));
  const noise = (chars: string, maxLength: number) => fc.string({ unit: fc.constantFrom(...chars), maxLength });
  const text = fc.array(fc.oneof(noise('24 ', 24), noise('0123456789 -', 40), noise('AB01 ', 40), fc.constantFrom(...numbers, 'GB00 ', '4111 ', ' ')), { maxLength: 5 }).map((parts) => parts.join(''));
  fc.assert(fc.property(text, (given) => expect(redacted(given, checked)).toBe(plainly(given))), { seed: 5, numRuns: 300 });
});

test('the work is linear in the text, whatever was written to make it slow', () => {
  const near = ['a', '4', '4111 ', 'AKIA', 'ghp_', 'sk-', 'eyJ-', '://a:', '-----BEGIN PRIVATE KEY----', '-----BEGIN PRIVATE KEY-----\nA: ', 'DE89 ', 'a.', 'a@b.', '+1 ', 'Maaa', '12345678:', 'authorization: ', 'SG.aaaaaaaaaaaaaaaaaaaaaa.'];
  const work = (text: string): number => {
    let steps = 0;
    const counted = Object.create(automaton, { has: { value: (state: number, code: number) => (steps++, automaton.has(state, code)) } }) as SecretAutomaton;
    redacted(text, counted);
    return steps;
  };
  for (const text of near) {
    const [once, twice] = [work(text.repeat(8_000 / text.length)), work(text.repeat(16_000 / text.length))];
    expect([text, twice <= 2.05 * once + 1000, once <= 8_000 * 100]).toEqual([text, true, true]);
  }
});
