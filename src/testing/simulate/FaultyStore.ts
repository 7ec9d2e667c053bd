import { Observable, type Subscriber } from 'rxjs';
import type { Checkpointer } from '../../pregel/checkpoints/Checkpointer.js';
import { StoreError } from '../../pregel/checkpoints/StoreError.js';
import { AroundStore } from './AroundStore.js';
import type { Fate } from './Dice.js';
import type { World } from './World.js';

/** The process that asks. */
export interface StoreClient {
  readonly name: string;
  readonly world: World;
  readonly alive: boolean;
  /** For how long yet nothing that it sends gets through. */
  cutOffMs(): number;
  mayCrash(where: string): void;
}

/** What a store did, to tell whoever asked. */
type Answer = (subscriber: Subscriber<unknown>) => void;

/** The trace tells of what takes longer. */
const SLOW_MS = 1_000;

/**
 * A store as a process sees it over a bad network: slow, failing before or after it did what it was asked, and hearing of
 * some operations only when the process has died.
 */
export class FaultyStore extends AroundStore {
  constructor(
    store: Checkpointer,
    private readonly process: StoreClient,
  ) {
    super(store);
  }

  protected around<T>(operation: keyof Checkpointer, work: Observable<T>): Observable<T> {
    return new Observable((subscriber) => this.send(operation, work, subscriber as Subscriber<unknown>));
  }

  /** Nothing calls it back: once it was sent, it arrives though nobody listens any more. */
  private send(operation: string, work: Observable<unknown>, subscriber: Subscriber<unknown>): void {
    const { process } = this;
    const { world } = process;
    if (process.alive) process.mayCrash(`before ${operation}`);
    if (!process.alive) return; // the dead ask nothing
    const fate = world.dice.fateOfOperation();
    const beforeMs = fate.beforeMs + process.cutOffMs();
    if (fate.fails !== undefined || beforeMs + fate.afterMs > SLOW_MS) world.note(process.name, told(operation, { ...fate, beforeMs }));
    world.after(beforeMs, () => {
      if (!process.alive && !world.dice.arrivesFromTheDead()) return;
      const answer = fate.fails === 'before' ? failing('unreachable') : this.answerOf(operation, work);
      process.mayCrash(`after ${operation}`);
      world.after(fate.afterMs, () => {
        if (!process.alive) return;
        (fate.fails === 'after' ? failing('timeout') : answer)(subscriber);
        process.mayCrash(`after the answer of ${operation}`);
      });
    });
  }

  /** Does it at once. */
  private answerOf(operation: string, work: Observable<unknown>): Answer {
    const values: unknown[] = [];
    let end: Answer | undefined;
    work.subscribe({
      next: (value) => void values.push(value),
      error: (error: unknown) => {
        end = (subscriber) => subscriber.error(error);
      },
      complete: () => {
        end = (subscriber) => {
          for (const value of values) subscriber.next(value);
          subscriber.complete();
        };
      },
    });
    if (end) return end;
    this.process.world.finds(`the store did not answer ${operation} within subscribe: only a synchronous store can be simulated`);
    return failing('timeout');
  }
}

function failing(why: 'unreachable' | 'timeout'): Answer {
  return (subscriber) => subscriber.error(new StoreError(why));
}

function told(operation: string, { beforeMs, afterMs, fails }: Fate): string {
  return `${operation} takes ${beforeMs} + ${afterMs} ms${fails === undefined ? '' : `, and fails ${fails} it is done`}`;
}
