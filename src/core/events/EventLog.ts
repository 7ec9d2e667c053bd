import type { Observable, Subscriber } from 'rxjs';
import { createSource } from '../subscription.js';
import type { RunEvent } from './RunEvent.js';

interface Watcher {
  readonly subscriber: Subscriber<RunEvent>;
  /** The number of the event it hears next. */
  position: number;
}

/** The fewest events that are kept: where one watcher makes more happen, the others still hear what came before. */
const SPARE = 16;

/** The newest events of a run, for those who subscribe late, and the live ones after them. */
export class EventLog {
  private readonly kept: RunEvent[] = [];
  private readonly capacity: number;
  private total = 0;
  private ended = false;
  private readonly watchers = new Set<Watcher>();
  /** By which the newest of its runs began: one that is resumed goes on as another. */
  start: RunEvent<'run_start'> | undefined;

  /**
   * @param replay how many events a late subscriber gets
   * @param snapshot what stands for the events before those
   */
  constructor(
    private readonly replay: number,
    private readonly snapshot: () => RunEvent,
  ) {
    this.capacity = Math.max(SPARE, replay);
  }

  /** The number of the newest event; -1 before the first. */
  get newestSeq(): number {
    return this.kept[(this.total - 1) % this.capacity]?.seq ?? -1;
  }

  next(event: RunEvent): void {
    if (event.type === 'run_start') this.start = event;
    this.kept[this.total++ % this.capacity] = event;
    this.tell();
  }

  end(): void {
    this.ended = true;
    this.tell();
  }

  readonly events$: Observable<RunEvent> = createSource((subscriber) => {
    const first = Math.max(0, this.total - this.replay);
    if (first > 0) subscriber.next(this.snapshot());
    const watcher: Watcher = { subscriber, position: first };
    this.watchers.add(watcher);
    subscriber.add(() => this.watchers.delete(watcher));
    this.catchUp(watcher);
  });

  private tell(): void {
    for (const watcher of [...this.watchers]) this.catchUp(watcher);
  }

  /** Tells what a watcher hasn't heard, in order, and what it makes happen by hearing it. */
  private catchUp(watcher: Watcher): void {
    while (watcher.position < this.total && !watcher.subscriber.closed) {
      watcher.position = Math.max(watcher.position, this.total - this.capacity);
      watcher.subscriber.next(this.kept[watcher.position++ % this.capacity] as RunEvent);
    }
    if (this.ended) watcher.subscriber.complete();
  }
}
