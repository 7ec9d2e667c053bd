/** Of more open runs than these most were left behind, and won't end; a fan-out of 100,000 tasks is none of those. */
const MAX_OPEN = 2 ** 18;

/** Something of each open run, by its id. Runs that never end don't fill it: of too many it forgets the oldest, which then end unseen. */
export class OpenRuns<T> extends Map<string, T> {
  constructor(private readonly limit = MAX_OPEN) {
    super();
  }

  override set(id: string, value: T): this {
    super.set(id, value);
    if (this.size > this.limit) this.forget();
    return this;
  }

  /** An eighth of them at once, as a Map's first key takes long to find where many before it are gone. */
  private forget(): void {
    let left = this.limit / 8;
    for (const id of this.keys()) {
      if (left-- <= 0) return;
      this.delete(id);
    }
  }
}
