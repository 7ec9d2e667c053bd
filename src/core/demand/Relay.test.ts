import { describe, expect, test } from '@jest/globals';
import { Link } from '../subscription.js';
import { Gate } from './Gate.js';
import { Relay } from './Relay.js';

/** A relay in front of a consumer that takes as many as its gate lets through. */
function relayTo(gate: Gate, sent?: (n: number) => void) {
  const got: unknown[] = [];
  const link = new Link<number>(undefined, { next: (n) => void (got.push(n), gate.hold()), complete: () => got.push('end'), demand: gate });
  return { got, link, relay: new Relay<number>(link, sent) };
}

describe('Relay', () => {
  test('passes on while there is demand; what waits keeps its order', () => {
    const gate = new Gate(1);
    const { got, relay } = relayTo(gate);
    for (const n of [1, 2, 3]) relay.push(n);
    expect([got, relay.size]).toEqual([[1], 2]);
    gate.release();
    gate.release();
    expect([got, relay.size]).toEqual([[1, 2, 3], 0]);
  });

  test('is ready when nothing waits and downstream is ready: a value that makes room for the next doesn’t call for more', () => {
    const gate = new Gate(1);
    const { relay } = relayTo(gate);
    let calls = 0;
    expect(relay.ready).toBe(true);
    relay.push(1);
    relay.push(2);
    relay.whenReady(() => calls++);
    gate.release(); // takes the second
    expect([relay.ready, calls]).toEqual([false, 0]);
    gate.release();
    expect([relay.ready, calls]).toEqual([true, 1]);
  });

  test('a canceller takes back the wish to be called', () => {
    const gate = new Gate(1);
    const { relay } = relayTo(gate);
    let calls = 0;
    relay.push(1);
    relay.whenReady(() => calls++)();
    gate.release();
    expect(calls).toBe(0);
  });

  test('ends after what waits; at once if nothing does', () => {
    const gate = new Gate(1);
    const { got, link, relay } = relayTo(gate);
    for (const n of [1, 2]) relay.push(n);
    relay.endWith(() => link.complete());
    expect(got).toEqual([1]);
    gate.release();
    expect(got).toEqual([1, 2, 'end']);
    const idle = relayTo(new Gate(1));
    idle.relay.endWith(() => idle.link.complete());
    expect(idle.got).toEqual(['end']);
  });

  test('tells what was sent, and forgets what waits when it is left', () => {
    const gate = new Gate(1);
    const sent: number[] = [];
    const { got, link, relay } = relayTo(gate, (n) => sent.push(n));
    for (const n of [1, 2, 3]) relay.push(n);
    gate.release();
    expect(sent).toEqual([1, 2]);
    link.unsubscribe();
    gate.release();
    expect([got, relay.size, sent]).toEqual([[1, 2], 0, [1, 2]]);
  });
});
