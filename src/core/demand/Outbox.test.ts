import { describe, expect, test } from '@jest/globals';
import { Gate } from './Gate.js';
import { Outbox } from './Outbox.js';

function outbox(gate: Gate): { box: Outbox<number>; delivered: number[] } {
  const delivered: number[] = [];
  return { delivered, box: new Outbox<number>(gate, (n) => void (delivered.push(n), gate.hold())) };
}

describe('Outbox', () => {
  test('delivers at once while there is demand, else parks, in order', () => {
    const gate = new Gate(2);
    const { box, delivered } = outbox(gate);
    for (const n of [1, 2, 3, 4]) box.push(n);
    expect([delivered, box.size]).toEqual([[1, 2], 2]);
    gate.release();
    expect([delivered, box.size]).toEqual([[1, 2, 3], 1]);
    gate.release();
    expect([delivered, box.size]).toEqual([[1, 2, 3, 4], 0]);
  });

  test('doesn’t let a new value pass one that waits', () => {
    const gate = new Gate(1, 0);
    const { box, delivered } = outbox(gate);
    box.push(1);
    box.push(2);
    gate.vacate(); // ready again, but nobody was woken
    box.push(3);
    expect(delivered).toEqual([1]);
    gate.wake();
    gate.release();
    expect(delivered).toEqual([1, 2, 3]);
  });

  test('ends after what is parked', () => {
    const gate = new Gate(1);
    const { box, delivered } = outbox(gate);
    const log: string[] = [];
    box.push(1);
    box.push(2);
    box.end(() => log.push(`end after ${delivered.length}`));
    expect(log).toEqual([]);
    gate.release();
    expect(log).toEqual(['end after 2']);
    outbox(new Gate(1)).box.end(() => log.push('at once'));
    expect(log).toEqual(['end after 2', 'at once']);
  });

  test('forgets what is parked, and waits no more, when it is closed', () => {
    const gate = new Gate(1);
    const { box, delivered } = outbox(gate);
    box.push(1);
    box.push(2);
    box.close();
    gate.release();
    expect([delivered, box.size]).toEqual([[1], 0]);
  });

  test('drains 100,000 values on a flat stack, also those pushed while it drains', () => {
    const gate = new Gate(1);
    let count = 0;
    const box: Outbox<number> = new Outbox<number>(gate, () => {
      if (++count < 100_000) box.push(count);
    });
    gate.hold();
    box.push(0);
    gate.release();
    expect([count, box.size]).toEqual([100_000, 0]);
  });
});
