import type { ObservableNotification, Subscription } from 'rxjs';
import type { RunConfig } from '../core/context/RunConfig.js';
import { isRivuletError } from '../core/errors/RivuletError.js';
import type { Flow } from '../core/flow/flow.js';
import { Link } from '../core/subscription.js';
import { ExpectationError } from './ExpectationError.js';
import { marbleEvents, marbleFrames } from './marbleDiagram.js';
import type { MarbleTest } from './MarbleTest.js';
import { show } from './show.js';

interface Happened {
  readonly frame: number;
  readonly notification: ObservableNotification<unknown>;
}

/** What is expected of one run, which begins with the test's time. Its methods add expectations of the same run. */
export class RunExpectation<O, R> {
  private readonly happened: Happened[] = [];
  private subscription: Subscription | undefined;
  /** Where the chunks begin that count: those before were superseded. */
  private foldFrom = 0;
  private unsubscribedFrame = Infinity;

  constructor(
    private readonly test: MarbleTest,
    private readonly flow: Flow<never, O, R>,
    private readonly input: unknown,
    private readonly config: RunConfig,
  ) {
    test.clock.own(() => test.clock.schedule(() => this.begin()));
  }

  /** Unsubscribes from the run at the `!`, as in `'-----!'`. */
  until(marbles: string): this {
    this.unsubscribedFrame = marbleFrames(marbles).unsubscribedFrame;
    return this;
  }

  /**
   * Expects these chunks and this end at these times.
   *
   * @param values what letters stand for; a letter without a value stands for itself
   * @param error what `#` stands for: an error, or the `code` of a Rivulet error
   */
  toBe(marbles: string, values?: Readonly<Record<string, unknown>>, error?: unknown): this {
    const expected = marbleEvents(marbles, values, error);
    this.test.verify(() => this.test.assertEqual(this.happened.map((event) => byCode(event, error)), expected));
    return this;
  }

  /** Expects the run to complete, and its chunks to make this result. */
  toFoldTo(result: R): this {
    this.test.verify(() => {
      const end = this.happened.at(-1)?.notification;
      if (end?.kind !== 'C') throw new ExpectationError(`the run has no result: ${end?.kind === 'E' ? `it failed with ${show(end.error)}` : 'it did not complete'}`, undefined, result);
      this.test.assertEqual(this.result(), result);
    });
    return this;
  }

  private result(): R {
    const folding = this.flow.fold.start();
    for (const { notification } of this.happened.slice(this.foldFrom)) if (notification.kind === 'N') folding.add(notification.value as O);
    return folding.result();
  }

  private begin(): void {
    const { test, flow } = this;
    const tell = (notification: ObservableNotification<unknown>): void => void this.happened.push({ frame: test.clock.frame, notification });
    const link = new Link<O>(undefined, {
      next: (value) => tell({ kind: 'N', value }),
      error: (error) => tell({ kind: 'E', error }),
      complete: () => tell({ kind: 'C' }),
      restart: () => {
        this.foldFrom = this.happened.length;
      },
    });
    test.watch(link);
    this.subscription = link;
    if (this.unsubscribedFrame !== Infinity) test.clock.own(() => test.clock.schedule(() => this.subscription?.unsubscribe(), this.unsubscribedFrame - test.clock.frame));
    flow.run(this.input as never, this.config).subscribe(link);
  }
}

/** An error that is expected by its code is compared by it. */
function byCode(event: Happened, expected: unknown): unknown {
  const { frame, notification } = event;
  if (notification.kind !== 'E' || typeof expected !== 'string' || !isRivuletError(notification.error)) return event;
  return { frame, notification: { kind: 'E', value: undefined, error: notification.error.code } };
}
