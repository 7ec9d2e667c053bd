type KeyOf<T> = (item: T) => unknown;

/**
 * Edits lists whose items have keys, in time proportional to the edit, and one copy of the array. It remembers where each
 * key stands: one map serves a list and all those made from it. A list is never changed, and what a map says of it is checked
 * against it, so that several may be made from one.
 *
 * The rule: for every list that a map serves and every key in it, the map holds its position. It may hold more.
 */
export class KeyedLists<T> {
  private readonly maps = new WeakMap<readonly T[], Map<unknown, number>>();

  /** @param keyOf an item's key; `undefined`: it has none, and equals nothing */
  constructor(private readonly keyOf: KeyOf<T>) {}

  /** Begins an edit: a list that isn't changed itself. */
  edit(list: readonly T[]): ListEdit<T> {
    return new ListEdit(list, this.keyOf, this.mapOf(list), (made, map) => this.maps.set(made, map));
  }

  private mapOf(list: readonly T[]): Map<unknown, number> {
    const known = this.maps.get(list);
    // Keys of lists that are gone stay in the map: once they are the most of it, it's made anew.
    if (known && known.size <= 2 * list.length + 64) return known;
    const map = positions(list, this.keyOf);
    this.maps.set(list, map);
    return map;
  }
}

/** One list being made from another: what was there, copied when it must be, and what comes after it. */
class ListEdit<T> {
  private head: readonly (T | undefined)[];
  private readonly tail: (T | undefined)[] = [];
  private copied = false;
  private shared = true;
  private holes = 0;

  constructor(
    private readonly before: readonly T[],
    private readonly keyOf: KeyOf<T>,
    private map: Map<unknown, number>,
    private readonly made: (list: readonly T[], map: Map<unknown, number>) => void,
  ) {
    this.head = before;
  }

  /** Appends an item, or puts it in the place of the one with its key. */
  put(item: T): void {
    const key = this.keyOf(item);
    const at = this.find(key);
    if (at === undefined) this.push(item, key);
    else this.set(at, item);
  }

  /** Appends an item, unless one with its key is there. */
  add(item: T): void {
    const key = this.keyOf(item);
    if (this.find(key) === undefined) this.push(item, key);
  }

  /** Takes out the item with this key, if there is one. */
  remove(key: unknown): void {
    const at = this.find(key);
    if (at === undefined) return;
    this.detach();
    this.map.delete(key);
    this.set(at, undefined);
    this.holes++;
  }

  /** Takes out all items. */
  clear(): void {
    if (this.head.length + this.tail.length === 0) return;
    this.head = [];
    this.tail.length = 0;
    this.copied = true;
    this.holes = 0;
    this.map = new Map();
    this.shared = false;
  }

  /** The list made; the very same if nothing was changed. */
  result(): readonly T[] {
    if (this.head === this.before && this.tail.length === 0) return this.before;
    // Joined and not pushed to a copy: an array that outgrows its room is copied once more, into half as much again.
    const list = this.tail.length > 0 ? this.head.concat(this.tail) : this.head;
    if (this.holes > 0) return list.filter((item) => item !== undefined); // positions have moved: mapped when next edited
    this.made(list as readonly T[], this.map);
    return list as readonly T[];
  }

  private at(position: number): T | undefined {
    return position < this.head.length ? this.head[position] : this.tail[position - this.head.length];
  }

  private set(position: number, item: T | undefined): void {
    if (this.at(position) === item) return;
    if (position >= this.head.length) this.tail[position - this.head.length] = item;
    else {
      if (!this.copied) this.head = this.head.slice();
      this.copied = true;
      (this.head as (T | undefined)[])[position] = item;
    }
  }

  private find(key: unknown): number | undefined {
    const at = key === undefined ? undefined : this.map.get(key);
    if (at === undefined) return undefined;
    const item = this.at(at);
    return item !== undefined && this.keyOf(item) === key ? at : undefined;
  }

  private push(item: T, key: unknown): void {
    if (key !== undefined) {
      const at = this.head.length + this.tail.length;
      if ((this.map.get(key) ?? at) !== at) this.detach(); // another list made from the same one has it elsewhere
      this.map.set(key, at);
    }
    this.tail.push(item);
  }

  /** Goes on with a map of its own. */
  private detach(): void {
    if (this.shared) this.map = positions([...this.head, ...this.tail], this.keyOf);
    this.shared = false;
  }
}

function positions<T>(list: readonly (T | undefined)[], keyOf: KeyOf<T>): Map<unknown, number> {
  const map = new Map<unknown, number>();
  list.forEach((item, at) => {
    const key = item === undefined ? undefined : keyOf(item);
    if (key !== undefined) map.set(key, at);
  });
  return map;
}
