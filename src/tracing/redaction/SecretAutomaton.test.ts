import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SecretAutomaton } from './SecretAutomaton.js';
import { SecretScanner } from './SecretScanner.js';

const finder = (pattern: RegExp): ((text: string) => boolean) => {
  const automaton = new SecretAutomaton([{ name: 'x', pattern }]);
  return (text) => {
    const scanner = new SecretScanner(automaton, () => '\u0000');
    return (scanner.push(text) + scanner.end()).includes('\u0000');
  };
};

describe('a pattern', () => {
  const patterns = [/ab/, /a[bc]/, /[^a]b/, /a.c/, /a\.c/, /a\dc/, /ab?c/, /a{2,3}b/, /a{2}/, /ab{0,2}c/, /(?:ab|ba)c/, /(ab|c){2,3}/, /a(?:b|c1)?a/, /\bab/, /ab\b/, /\ba\wb\b/, /a[\s.]b/, /AB/i, /a[^b\s]c/, /ab+/, /ab(?:\.c+)*/, /\x61b/, /[a\-b]c/, /[a-c]1/, /a[b-]c/, /ab{2,}/, /ä[b-ü]/, /a\nb/, /a\/b/, /1\\b/];

  test.each(patterns)('%s finds what a RegExp finds', (pattern) => {
    const finds = finder(pattern);
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', 'B', '1', '.', ' ', '-', '\\', '/', '\n', 'ä', 'ü'), maxLength: 12 });
    fc.assert(fc.property(text, (given) => finds(given) === (pattern.test(given) || boundedByEscape(pattern, given))), { seed: 1, numRuns: 500 });
  });

  test.each([
    [/a.*b/, 'may go on without end'],
    [/a+b/, 'may go on without end'],
    [/ab+\b/, 'may go on without end'],
    [/(?:ab*c)+/, 'may go on without end'],
    [/a?/, 'is met by an empty text'],
    [/\bfoo|\bbar/, "has '\\b'"],
    [/a|bc/, 'is met by a single character'],
    [/a{3000}/, 'is longer than 2000 characters'],
    [/(?=a)b/, 'looks around'],
    [/(?<name>ab)/, 'has a name'],
    [/(a)\1/, "has '\\1'"],
    [/^ab/, "has '^'"],
    [/ab+?/, 'lazy'],
    [/(?:a?){3}b/, 'repeats what may be empty'],
    [/ab/m, 'the flag m'],
    [/\p{L}b/u, "has '\\p'"],
    [/\u{1F600}b/u, 'code point in braces'],
  ])('%s is refused: %s', (pattern, why) => {
    expect(() => new SecretAutomaton([{ name: 'x', pattern }])).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(why) }));
  });
});

/** After `\b` of JSON, as of a word's end, a word begins. */
function boundedByEscape({ source, flags }: RegExp, text: string): boolean {
  return source.startsWith('\\b') && new RegExp(`\\\\b${source.slice(2)}`, flags).test(text);
}
