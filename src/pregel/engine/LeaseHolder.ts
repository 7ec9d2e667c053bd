import type { Observable } from 'rxjs';
import { createSource, Link } from '../../core/subscription.js';

/** Whoever holds a thread, and what it has handed to the store: that outlives an unsubscribe, and the thread isn't free before. */
export class LeaseHolder {
  private underWay = 0;
  private then: (() => void) | undefined;

  constructor(readonly owner: string) {}

  /** Counts a write while it is under way. */
  writing(write: Observable<never>): Observable<never> {
    return createSource((subscriber) => {
      this.underWay++;
      let counted = true;
      const over = (): void => {
        if (counted) this.written();
        counted = false;
      };
      const link = new Link<never>(subscriber, {
        next: () => undefined,
        error: (error) => {
          over();
          subscriber.error(error);
        },
        complete: () => {
          over();
          subscriber.complete();
        },
      });
      link.add(over);
      write.subscribe(link);
    });
  }

  /** Calls `then` once nothing is under way. */
  whenWritten(then: () => void): void {
    if (this.underWay === 0) then();
    else this.then = then;
  }

  private written(): void {
    this.underWay--;
    const { then } = this;
    if (this.underWay > 0 || !then) return;
    this.then = undefined;
    then();
  }
}
