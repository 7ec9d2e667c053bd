/** Names what is called within a task, in the order of calls: the same names on every pass that calls in the same order. */
export class CallNames {
  private readonly counts = new Map<string, number>();

  constructor(private readonly prefix: string) {}

  /** @param what is counted on its own. Default: all that has no name */
  next(what = ''): string {
    const count = this.counts.get(what) ?? 0;
    this.counts.set(what, count + 1);
    return `${this.prefix}:${what}${count}`;
  }
}
