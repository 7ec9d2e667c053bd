import { describe, expect, test } from '@jest/globals';
import { map } from 'rxjs';
import { z } from 'zod';
import { marbles } from '../../src/testing/marbles.js';
import { failureOf } from './failureOf.js';

describe('tool', () => {
  test('answers with its timeline, and remembers what it was called with', marbles(({ expectRun, tool, flush }) => {
    const add = tool(['---(r|)', '-(s|)'], { r: 3, s: 7 }, { name: 'add', description: 'Adds' });
    expectRun(add, { a: 1, b: 2 }).toBe('---(r|)', { r: 3 }).toFoldTo(3);
    expectRun(add, { a: 3, b: 4 }).toBe('-(s|)', { s: 7 });
    flush();
    expect(add.calls).toBe(2);
    expect(add.inputs).toEqual([{ a: 1, b: 2 }, { a: 3, b: 4 }]);
    expect(add.definition).toEqual({ name: 'add', description: 'Adds', inputSchema: { type: 'object' } });
  }));

  test('streams its output, of which text concatenates', marbles(({ expectRun, tool }) => {
    expectRun(tool('a-b-(c|)'), {}).toBe('a-b-(c|)').toFoldTo('abc');
  }));

  test('is left to the frame', marbles(({ expectRun, expectCancelled, expectSubscriptions, tool, flush }) => {
    const hanging = tool('-');
    expectRun(hanging, {}).until('----!').toBe('-');
    expectCancelled(hanging).toBe('^---!');
    flush();
    expectSubscriptions(hanging.subscriptions).toBe('^---!');
  }));

  test('fails at #', marbles(({ expectRun, tool }) => {
    const own = new Error('own');
    expectRun(tool('--#', {}, { error: own }), {}).toBe('--#', {}, own);
    expectRun(tool('#', {}, { name: 'add' }).pipe(map(String)), {}).toBe('#', {}, new Error("the timeline of the tool 'add' fails here. Give tool(timeline, values, { error }) an error of your own"));
  }));

  test('checks its input as every tool does, and counts only what got through', marbles(({ expectRun, tool, flush }) => {
    const strict = tool('r|', {}, { input: z.object({ a: z.number() }) });
    expectRun(strict, { a: 'one' }).toBe('#', {}, 'TOOL_INPUT');
    flush();
    expect(strict.calls).toBe(0);
  }));

  test('a renamed copy counts with it', marbles(({ expectRun, tool, flush }) => {
    const one = tool('r|');
    expectRun(one.with({ name: 'other' }), {}).toBe('r|');
    flush();
    expect(one.calls).toBe(1);
  }));

  test('refuses what is no timeline', () => {
    expect(failureOf(marbles(({ tool }) => void tool([])))).toContain('there is no timeline');
  });
});
