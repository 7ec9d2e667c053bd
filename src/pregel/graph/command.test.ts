import { describe, expect, test } from '@jest/globals';
import { command, isCommand, resume } from './command.js';
import { END, isReserved, PARENT, START } from './names.js';
import { isSend, send } from './send.js';

describe('a command', () => {
  test('has what it is given, frozen', () => {
    const given = command({ update: { n: 1 }, goto: ['a', send('b', 2)] });
    expect(given).toMatchObject({ update: { n: 1 }, goto: ['a', { node: 'b', arg: 2 }] });
    expect(Object.isFrozen(given)).toBe(true);
    expect(resume({ x: false })).toMatchObject({ resume: { x: false } });
    expect('resume' in resume(undefined)).toBe(true);
  });

  test('is known by its brand', () => {
    expect(isCommand(command({}))).toBe(true);
    expect(isCommand({ [Symbol.for('rivulet.command')]: true })).toBe(true); // of another copy of the library
    expect([{ goto: 'a' }, null, undefined, 'a', send('a', 1)].map(isCommand)).toEqual([false, false, false, false, false]);
  });

  test('has no other fields', () => {
    expect(() => command({ updates: {} } as never)).toThrow(/INVALID_UPDATE: a command has no field 'updates'\. Its fields are update, goto, graph, resume/);
    expect(() => command({ graph: PARENT, goto: 'a' })).not.toThrow();
  });
});

describe('a send', () => {
  test('carries its argument as it is', () => {
    const arg = { deep: [1] };
    expect(send('a', arg).arg).toBe(arg);
    expect(send('a', undefined)).toMatchObject({ node: 'a', arg: undefined, options: undefined });
    expect(send('a', 1, { timeout: { runMs: 5 } }).options).toEqual({ timeout: { runMs: 5 } });
  });

  test('is known by its brand', () => {
    expect([send('a', 1), { [Symbol.for('rivulet.send')]: true }, { node: 'a', arg: 1 }, null].map(isSend)).toEqual([true, true, false, false]);
  });

  test('has a timeout that is one', () => {
    expect(() => send('a', 1, { timeout: { runMs: 0 } })).toThrow(/INVALID_OPTION: timeout\.runMs is 0/);
    expect(() => send('a', 1, { timeout: { idleMs: NaN } })).toThrow(/INVALID_OPTION: timeout\.idleMs/);
  });
});

test('names with underscores around them are kept for the library', () => {
  expect([START, END, PARENT, '__proto__', '____', '__'].map(isReserved)).toEqual([true, true, true, true, true, true]);
  expect(['a', '_a_', '__a', 'a__', ''].map(isReserved)).toEqual([false, false, false, false, false]);
});
