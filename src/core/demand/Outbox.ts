import type { Demand } from './demand.js';
import { Queue } from './Queue.js';

const nothing = (): void => undefined;

/** Delivers values in order, only while `demand` is ready; parks the rest. Its owner bounds what is pushed. */
export class Outbox<T> {
  private readonly parked = new Queue<T>();
  private draining = false;
  private cancelWait = nothing;
  private finish: (() => void) | undefined;

  constructor(
    private readonly demand: Demand,
    private readonly deliver: (item: T) => void,
  ) {}

  get size(): number {
    return this.parked.size;
  }

  push(item: T): void {
    if (!this.draining && this.parked.size === 0 && this.demand.ready) return this.deliver(item);
    this.parked.push(item);
    if (!this.draining && this.parked.size === 1) this.drain();
  }

  /** Runs `finish` once what is parked has been delivered. */
  end(finish: () => void): void {
    if (this.parked.size === 0 && !this.draining) finish();
    else this.finish = finish;
  }

  /** Forgets what is parked. */
  close(): void {
    this.cancelWait();
    this.parked.clear();
  }

  private readonly drain = (): void => {
    this.draining = true;
    while (this.parked.size > 0) {
      if (!this.demand.ready) {
        this.draining = false;
        this.cancelWait = this.demand.whenReady(this.drain);
        return;
      }
      this.deliver(this.parked.shift() as T);
    }
    this.draining = false;
    this.finish?.();
  };
}
