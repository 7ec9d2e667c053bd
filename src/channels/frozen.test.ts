import { afterEach, describe, expect, test } from '@jest/globals';
import { platform } from '../core/bridge/platform.js';
import { frozen, frozenOutside } from './frozen.js';

const writable = platform as { development: boolean };
const { development } = platform;
afterEach(() => {
  writable.development = development;
});

describe('S2: frozen', () => {
  test('freezes plain objects and arrays, to the bottom', () => {
    const value = { a: [{ b: 1 }], c: Object.assign(Object.create(null) as object, { d: { e: 1 } as object }) };
    expect(frozen(value)).toBe(value);
    expect([value, value.a, value.a[0], value.c, value.c.d].every((part) => Object.isFrozen(part))).toBe(true);
  });

  test('leaves alone what is of a class, and buffers', () => {
    class Handle {
      open = true;
    }
    const parts = [new Handle(), new Map([['a', {}]]), new Date(0), Buffer.from('x'), new Uint8Array(2), () => undefined] as const;
    expect(frozen({ parts }).parts.map((part) => Object.isFrozen(part))).toEqual(parts.map(() => false));
  });

  test('stops at what is frozen already', () => {
    const inner = { deep: {} };
    frozen({ outer: Object.freeze(inner) });
    expect(Object.isFrozen(inner.deep)).toBe(false);
  });

  test('takes a cycle, and a value nested 100,000 deep', () => {
    const cycle: { self?: object } = {};
    cycle.self = cycle;
    expect(Object.isFrozen(frozen(cycle))).toBe(true);
    let deep: object = {};
    for (let level = 0; level < 100_000; level++) deep = { deep };
    expect(Object.isFrozen(frozen(deep))).toBe(true);
  });

  test.each([undefined, null, 0, 'text', true])('%p is itself', (value) => expect([frozen(value), frozenOutside(value)]).toEqual([value, value]));

  test('from the outside only, where the parts are frozen already', () => {
    const list = [{}];
    expect([Object.isFrozen(frozenOutside(list)), Object.isFrozen(list[0])]).toEqual([true, false]);
  });

  test('does nothing in production', () => {
    writable.development = false;
    expect([frozen({}), frozenOutside([])].map((value) => Object.isFrozen(value))).toEqual([false, false]);
  });
});
