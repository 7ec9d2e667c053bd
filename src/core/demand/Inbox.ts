import { warnOnce } from '../bridge/platform.js';
import type { Demand } from './demand.js';
import { Gate } from './Gate.js';
import { Parking, type Overflow } from './overflow.js';

export interface InboxOptions {
  readonly capacity: number;
  readonly overflow?: Overflow | undefined;
  /** How far the number held must fall before a waiting source is woken; default: by one. */
  readonly low?: number;
  readonly probe?: ((gate: Gate) => void) | undefined;
}

/** The receiving side of a boundary: a gate that sources ask, and a bounded place for what they push past it. */
export class Inbox<T> implements Demand {
  private readonly gate: Gate;
  private readonly parking: Parking<T>;
  private admitting = false;

  constructor(
    { capacity, overflow, low = capacity - 1, probe }: InboxOptions,
    private readonly admit: (value: T) => void,
  ) {
    this.gate = new Gate(capacity, low);
    this.parking = new Parking(capacity, overflow);
    probe?.(this.gate);
  }

  get ready(): boolean {
    return this.gate.ready && this.parking.size === 0;
  }

  /** How many values were pushed past the closed gate and still wait. */
  get parked(): number {
    return this.parking.size;
  }

  /** Nothing is in flight and nothing is parked. */
  get idle(): boolean {
    return this.gate.held === 0 && this.parking.size === 0;
  }

  push(value: T): void {
    if (this.ready) {
      this.gate.hold();
      return this.admit(value);
    }
    if (this.parking.size === 0) warnOnce(PUSHED_WHILE_CLOSED);
    this.parking.park(value);
  }

  release(): void {
    this.gate.vacate();
    if (this.admitting) return;
    this.admitting = true; // a loop, not recursion: an admitted value may be released at once
    while (this.parking.size > 0 && this.gate.ready) {
      this.gate.hold();
      this.admit(this.parking.take());
    }
    this.admitting = false;
    if (this.ready) this.gate.wake();
  }

  whenReady(resume: () => void): () => void {
    return this.gate.whenReady(resume);
  }

  close(): void {
    this.parking.clear();
  }
}

const PUSHED_WHILE_CLOSED =
  'a source pushed into a boundary that was full; the values are parked, up to its overflow limit. Use pull(items), or a source that asks demandOf(subscriber)';
