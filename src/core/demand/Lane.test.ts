import { describe, expect, test } from '@jest/globals';
import { Subject, type Subscriber } from 'rxjs';
import { Link } from '../subscription.js';
import { Gate } from './Gate.js';
import { Lane } from './Lane.js';

function lane(gate: Gate, prefetch = 2): { lane: Lane<number>; seen: unknown[] } {
  const seen: unknown[] = [];
  const subscriber: Subscriber<number> = new Link<number>(undefined, { next: (n) => void (seen.push(n), gate.hold()) });
  return { seen, lane: new Lane<number>(gate, prefetch, subscriber, () => seen.push('end')) };
}

describe('Lane', () => {
  test('parks up to its prefetch before its turn, then delivers by demand, and ends', () => {
    const gate = new Gate(1);
    const { lane: l, seen } = lane(gate);
    l.push(1);
    expect(l.ready).toBe(true);
    l.push(2);
    expect(l.ready).toBe(false);
    l.end();
    l.takeTurn();
    expect(seen).toEqual([1]);
    gate.release();
    gate.release();
    expect(seen).toEqual([1, 2, 'end']);
  });

  test('wakes who waits for its turn, and after that for demand', () => {
    const gate = new Gate(1);
    const { lane: l } = lane(gate, 1);
    let woken = 0;
    l.push(1);
    l.whenReady(() => woken++);
    l.takeTurn(); // delivers 1, which closes the gate
    expect(woken).toBe(0);
    gate.release();
    expect(woken).toBe(1);
  });

  test('wakes nobody who cancelled, whichever it is that he waited for', () => {
    const gate = new Gate(1);
    const { lane: l } = lane(gate, 1);
    let woken = 0;
    l.push(1);
    const cancel = l.whenReady(() => woken++);
    l.takeTurn();
    cancel();
    gate.release();
    expect(woken).toBe(0);
  });

  test('wakes who asks while its last parked value is on its way', () => {
    const gate = new Gate(5);
    const source$ = new Subject<void>();
    let woken = 0;
    const subscriber = new Link<number>(undefined, { next: () => source$.next() });
    const l: Lane<number> = new Lane<number>(gate, 1, subscriber, () => undefined);
    source$.subscribe(() => {
      if (!l.ready) l.whenReady(() => woken++);
    });
    l.push(1);
    l.takeTurn();
    expect(woken).toBe(1);
  });

  test('drops what is parked when its run starts over', () => {
    const gate = new Gate(5);
    const { lane: l, seen } = lane(gate);
    l.push(1);
    l.restart();
    l.push(2);
    l.takeTurn();
    expect(seen).toEqual([2]);
  });
});
