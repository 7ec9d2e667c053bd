/** Sources that wait for demand, oldest first. */
export class Waiters {
  private readonly waiting = new Set<() => void>();

  get size(): number {
    return this.waiting.size;
  }

  /** @returns a canceller */
  add(resume: () => void): () => void {
    this.waiting.add(resume);
    return () => {
      this.waiting.delete(resume);
    };
  }

  /** Each runs at most once per wake, and only while there is demand: merged sources take turns. */
  wake(demand: { readonly ready: boolean }): void {
    for (let turns = this.waiting.size; turns > 0 && demand.ready; turns--) {
      const [resume] = this.waiting;
      if (!resume) return;
      this.waiting.delete(resume);
      resume();
    }
  }
}
