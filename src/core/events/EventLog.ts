import type { Observable, Subscriber } from 'rxjs';
import { createSource } from '../subscription.js';
import type { RunEvent } from './RunEvent.js';

/** The newest events of a run, for those who subscribe late, and the live ones after them. */
export class EventLog {
  private readonly kept: RunEvent[] = [];
  private oldest = 0;
  private dropped = 0;
  private ended = false;
  private readonly watchers = new Set<Subscriber<RunEvent>>();

  /**
   * @param replay how many events are kept
   * @param snapshot what stands for the events no longer kept
   */
  constructor(
    private readonly replay: number,
    private readonly snapshot: () => RunEvent,
  ) {}

  next(event: RunEvent): void {
    this.keep(event);
    for (const watcher of [...this.watchers]) watcher.next(event);
  }

  end(): void {
    this.ended = true;
    for (const watcher of [...this.watchers]) watcher.complete();
  }

  readonly events$: Observable<RunEvent> = createSource((subscriber) => {
    if (this.dropped > 0) subscriber.next(this.snapshot());
    const count = this.kept.length;
    for (let i = 0; i < count && !subscriber.closed; i++) subscriber.next(this.kept[(this.oldest + i) % count] as RunEvent);
    if (this.ended) return subscriber.complete();
    this.watchers.add(subscriber);
    return () => void this.watchers.delete(subscriber);
  });

  private keep(event: RunEvent): void {
    if (this.kept.length < this.replay) this.kept.push(event);
    else {
      this.dropped++;
      if (this.replay === 0) return;
      this.kept[this.oldest] = event;
      this.oldest = (this.oldest + 1) % this.replay;
    }
  }
}
