import { Queue } from '../../core/demand/Queue.js';

/** What has been pushed, and what became of it. */
export interface Parcel<T> {
  /** Gone once it is delivered or dropped. */
  item: T | undefined;
  size: number;
  state: 'waiting' | 'taken' | 'delivered' | 'dropped';
  /** What this is the rest of. */
  readonly first: Parcel<T> | undefined;
}

export interface BacklogOptions<T> {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly sizeOf: (item: T) => number;
  /** Called for each run for which there is no room. */
  readonly onDrop: () => void;
}

/**
 * What an exporter has yet to deliver, bounded in number and bytes; what is taken counts until it is settled. When it is full, a new
 * run is dropped as a whole: those that are there began earlier, and may be its parents. For the rest of a run whose beginning was
 * taken the youngest make room.
 */
export class Backlog<T> {
  private readonly fresh = new Queue<Parcel<T>>();
  private readonly rests = new Queue<Parcel<T>>();
  private taken: readonly Parcel<T>[] = [];
  /** Of all, what is taken included. */
  bytes = 0;
  waitingBytes = 0;

  constructor(private readonly options: BacklogOptions<T>) {}

  get waiting(): number {
    return this.fresh.size + this.rests.size;
  }

  get size(): number {
    return this.waiting + this.taken.length;
  }

  /** All that are neither delivered nor dropped. */
  get parcels(): readonly Parcel<T>[] {
    return [...this.taken, ...this.rests, ...this.fresh];
  }

  push(item: T): Parcel<T> {
    const parcel = this.parcelOf(item, undefined);
    this.admit(parcel, this.fresh, this.fits(parcel));
    return parcel;
  }

  /** The end of what `first` began: `whole` in its place while it waits, `rest` once it is taken, and nothing if it was dropped. */
  amend(first: Parcel<T>, whole: () => T, rest: () => T): void {
    if (first.state === 'waiting') return this.replace(first, whole());
    if (first.state === 'dropped') return;
    const parcel = this.parcelOf(rest(), first);
    while (!this.fits(parcel) && parcel.size <= this.options.maxBytes && this.evict());
    this.admit(parcel, this.rests, this.fits(parcel));
  }

  /**
   * Takes the next batch, when the last is settled: the rests first, each in the order of arrival. What would make it larger than
   * `maxBytes` waits for the next, lest it take the others along when it is refused.
   */
  take(maxItems: number, maxBytes: number): readonly Parcel<T>[] {
    const batch: Parcel<T>[] = [];
    let bytes = 0;
    while (batch.length < maxItems) {
      const queue = this.rests.size > 0 ? this.rests : this.fresh;
      const parcel = queue.first;
      if (!parcel || (batch.length > 0 && bytes + parcel.size > maxBytes)) break;
      queue.shift();
      this.waitingBytes -= parcel.size;
      if (parcel.first?.state === 'dropped') {
        this.bytes -= parcel.size;
        this.end(parcel, 'dropped'); // it was counted with its beginning
        continue;
      }
      parcel.state = 'taken';
      bytes += parcel.size;
      batch.push(parcel);
    }
    this.taken = batch;
    return batch;
  }

  /** What was taken has been delivered, or is given up. */
  settle(state: 'delivered' | 'dropped'): void {
    for (const parcel of this.taken) {
      this.bytes -= parcel.size;
      this.end(parcel, state);
    }
    this.taken = [];
  }

  private parcelOf(item: T, first: Parcel<T> | undefined): Parcel<T> {
    return { item, size: this.options.sizeOf(item), state: 'waiting', first };
  }

  private fits({ size }: Parcel<T>): boolean {
    return this.size < this.options.maxItems && this.bytes + size <= this.options.maxBytes;
  }

  private admit(parcel: Parcel<T>, queue: Queue<Parcel<T>>, fits: boolean): void {
    if (!fits) return this.drop(parcel);
    queue.push(parcel);
    this.grow(parcel.size);
  }

  private replace(parcel: Parcel<T>, item: T): void {
    const size = this.options.sizeOf(item);
    this.grow(size - parcel.size);
    parcel.item = item;
    parcel.size = size;
    while (this.bytes > this.options.maxBytes && this.evict());
  }

  private evict(): boolean {
    const parcel = this.fresh.pop();
    if (!parcel) return false;
    this.grow(-parcel.size);
    this.drop(parcel);
    return true;
  }

  private drop(parcel: Parcel<T>): void {
    this.end(parcel, 'dropped');
    this.options.onDrop();
  }

  private end(parcel: Parcel<T>, state: 'delivered' | 'dropped'): void {
    parcel.state = state;
    parcel.item = undefined;
  }

  private grow(bytes: number): void {
    this.waitingBytes += bytes;
    this.bytes += bytes;
  }
}
