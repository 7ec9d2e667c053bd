import type { Observable, Subscriber } from 'rxjs';
import { deliver } from '../../core/bridge/result.js';
import type { RunScope } from '../../core/context/RunScope.js';
import { CancelledError } from '../../core/errors/CancelledError.js';
import { createSource, Link } from '../../core/subscription.js';
import type { PendingTask } from './TaskWork.js';

/** The side effects of one task that happen once: over passes and attempts, and for concurrent calls of one key. */
export class Memo {
  private readonly done: Map<string, unknown>;
  private readonly running = new Map<string, Set<Subscriber<unknown>>>();

  /** @param keep stores a value, and calls back when it is stored */
  constructor(
    prior: PendingTask | undefined,
    private readonly keep: (key: string, value: unknown, stored: () => void) => void,
  ) {
    this.done = new Map(prior?.once);
  }

  /** Emits the last value of `effect`, once that is stored; an error isn't kept, nor is what `attempt` leaves unfinished. */
  once(key: string, effect: () => unknown, run: RunScope, attempt: Subscriber<never>): Observable<unknown> {
    return createSource((subscriber) => {
      if (this.done.has(key)) return tell(subscriber, this.done.get(key));
      if (attempt.closed) return subscriber.error(new CancelledError());
      const waiting = this.running.get(key) ?? new Set();
      waiting.add(subscriber);
      subscriber.add(() => waiting.delete(subscriber));
      if (this.running.has(key)) return undefined;
      this.running.set(key, waiting);
      this.begin(key, effect, run, attempt);
      return undefined;
    });
  }

  private begin(key: string, effect: () => unknown, run: RunScope, attempt: Subscriber<never>): void {
    let last: unknown;
    let over = false;
    const settle = (act: (subscriber: Subscriber<unknown>) => void): void => {
      const waiting = [...(this.running.get(key) ?? [])];
      this.running.delete(key);
      waiting.forEach(act);
    };
    const failed = (error: unknown): void => {
      over = true;
      settle((subscriber) => subscriber.error(error));
    };
    const stored = (): void => {
      this.done.set(key, last);
      settle((subscriber) => tell(subscriber, last));
    };
    const link = new Link<unknown>(attempt, {
      next: (value) => {
        last = value;
      },
      error: failed,
      complete: () => {
        over = true;
        this.keep(key, last, stored);
      },
    });
    link.add(() => over || this.running.delete(key)); // cut off with its attempt, it isn't done: the next one begins it again
    try {
      deliver(effect(), link, run);
    } catch (error) {
      failed(error);
    }
  }
}

function tell(subscriber: Subscriber<unknown>, value: unknown): void {
  subscriber.next(value);
  subscriber.complete();
}
