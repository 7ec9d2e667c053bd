import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { platform } from '../bridge/platform.js';
import { Inbox } from './Inbox.js';
import type { Overflow } from './overflow.js';

/** An inbox whose admitted values stay in flight until released. */
function inbox(capacity: number, overflow?: Overflow): { box: Inbox<number>; admitted: number[] } {
  const admitted: number[] = [];
  return { box: new Inbox<number>({ capacity, overflow }, (n) => admitted.push(n)), admitted };
}

/** Pushes 1…n, then releases until nothing is left; what was admitted. */
function through(box: Inbox<number>, admitted: readonly number[], n: number): readonly number[] {
  for (let i = 1; i <= n; i++) box.push(i);
  while (!box.idle) box.release();
  return [...admitted];
}

describe('Inbox', () => {
  const { warn } = platform;
  beforeEach(() => {
    platform.warn = jest.fn();
  });
  afterEach(() => {
    platform.warn = warn;
  });

  test('admits at once while there is room, and parks the rest in order', () => {
    const { box, admitted } = inbox(2);
    for (const n of [1, 2, 3, 4]) box.push(n);
    expect([admitted, box.ready, box.parked, box.idle]).toEqual([[1, 2], false, 2, false]);
    box.release();
    expect([admitted, box.ready, box.parked]).toEqual([[1, 2, 3], false, 1]);
    box.release();
    box.release();
    expect([admitted, box.ready, box.parked]).toEqual([[1, 2, 3, 4], true, 0]);
  });

  test.each<[Overflow | undefined, number, readonly number[]]>([
    [undefined, 1026, Array.from({ length: 1026 }, (_, i) => i + 1)],
    [2, 4, [1, 2, 3, 4]],
    ['dropOldest', 7, [1, 2, 6, 7]],
    ['dropNewest', 7, [1, 2, 3, 4]],
    ['latest', 7, [1, 2, 7]],
  ])('under %p, of what is pushed past a capacity of 2 it keeps', (overflow, pushed, kept) => {
    const { box, admitted } = inbox(2, overflow);
    expect(through(box, admitted, pushed)).toEqual(kept);
  });

  test.each<[Overflow | undefined, number]>([
    [undefined, 1026],
    [3, 5],
    [0, 2],
    ['error', 2],
  ])('under %p fails after %p values', (overflow, fits) => {
    const { box } = inbox(2, overflow);
    for (let i = 1; i <= fits; i++) box.push(i);
    expect(() => box.push(0)).toThrow(expect.objectContaining({ code: 'BACKPRESSURE', message: expect.stringContaining('pull(items)') }));
  });

  test.each([-1, NaN, 1.5])('refuses an overflow of %p', (overflow) => {
    expect(() => inbox(1, overflow)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  test('warns a developer, once, that a source pushes past it', async () => {
    jest.resetModules();
    const fresh = await import('../bridge/platform.js');
    const { Inbox: FreshInbox } = await import('./Inbox.js');
    const warned: string[] = [];
    fresh.platform.warn = (message) => void warned.push(message);
    for (let i = 0; i < 3; i++) {
      const box = new FreshInbox<number>({ capacity: 1 }, () => undefined);
      box.push(1);
      box.push(2);
    }
    expect(warned).toEqual([expect.stringContaining('pull(items)')]);
  });

  test('admits 100,000 parked values that are released at once, on a flat stack', () => {
    let count = 0;
    const box: Inbox<number> = new Inbox<number>({ capacity: 1, overflow: 100_000 }, () => {
      if (count++ > 0) box.release();
    });
    for (let i = 0; i <= 100_000; i++) box.push(i);
    box.release();
    expect(count).toBe(100_001);
  });

  test('wakes a waiting source only when nothing is parked', () => {
    const { box, admitted } = inbox(1);
    box.push(1);
    box.push(2);
    let woken = 0;
    box.whenReady(() => woken++);
    box.release();
    expect([admitted, woken]).toEqual([[1, 2], 0]);
    box.release();
    expect(woken).toBe(1);
  });

  test('forgets what is parked when it is closed', () => {
    const { box, admitted } = inbox(1);
    box.push(1);
    box.push(2);
    box.close();
    box.release();
    expect([admitted, box.idle]).toEqual([[1], true]);
  });
});
