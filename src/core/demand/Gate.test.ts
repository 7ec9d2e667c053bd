import { describe, expect, test } from '@jest/globals';
import { Gate } from './Gate.js';

describe('Gate', () => {
  test('is open while fewer than its capacity are held, and remembers the most', () => {
    const gate = new Gate(2);
    expect([gate.ready, gate.held]).toEqual([true, 0]);
    gate.hold();
    gate.hold();
    expect([gate.ready, gate.held]).toEqual([false, 2]);
    gate.release();
    expect([gate.ready, gate.held, gate.peak]).toEqual([true, 1, 2]);
  });

  test('wakes a waiter once, when it opens', () => {
    const gate = new Gate(1);
    let woken = 0;
    gate.hold();
    gate.whenReady(() => woken++);
    expect(woken).toBe(0);
    gate.release();
    gate.hold();
    gate.release();
    expect(woken).toBe(1);
  });

  test('forgets a waiter that cancelled', () => {
    const gate = new Gate(1);
    gate.hold();
    let woken = 0;
    const cancel = gate.whenReady(() => woken++);
    cancel();
    gate.release();
    expect(woken).toBe(0);
  });

  test('is fair: waiters take turns, oldest first, one for each free place', () => {
    const gate = new Gate(1);
    const turns: string[] = [];
    const source = (name: string): (() => void) => function take() {
      turns.push(name);
      gate.hold();
      gate.whenReady(take);
    };
    gate.hold();
    for (const name of ['a', 'b', 'c']) gate.whenReady(source(name));
    for (let i = 0; i < 7; i++) gate.release();
    expect(turns.join('')).toBe('abcabca');
  });

  test('runs each waiter at most once in one wake, though it waits again at once', () => {
    const gate = new Gate(3);
    let woken = 0;
    const again = (): void => {
      woken++;
      gate.whenReady(again);
    };
    gate.hold();
    gate.whenReady(again);
    gate.release();
    expect(woken).toBe(1);
  });

  test('doesn’t wake those left when the first fills it', () => {
    const gate = new Gate(1);
    const woken: string[] = [];
    gate.hold();
    gate.whenReady(() => {
      woken.push('a');
      gate.hold();
    });
    gate.whenReady(() => woken.push('b'));
    gate.release();
    expect(woken).toEqual(['a']);
  });

  test('wakes only when it has fallen to its low mark', () => {
    const gate = new Gate(4, 1);
    let woken = 0;
    for (let i = 0; i < 4; i++) gate.hold();
    gate.whenReady(() => woken++);
    gate.release();
    gate.release();
    expect([gate.ready, woken]).toEqual([true, 0]);
    gate.release();
    expect(woken).toBe(1);
  });

  test('vacates a place in silence', () => {
    const gate = new Gate(1);
    let woken = 0;
    gate.hold();
    gate.whenReady(() => woken++);
    gate.vacate();
    expect([gate.ready, woken]).toEqual([true, 0]);
    gate.wake();
    expect(woken).toBe(1);
  });
});
