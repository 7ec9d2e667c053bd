import { TestScheduler } from 'rxjs/testing';
import type { AssertEqual } from './assertEqual.js';
import { ExpectationError } from './ExpectationError.js';

type Action = TestScheduler['actions'][number];

/** A `TestScheduler` that knows its own timers from those of the code under test, and notices a test without an end. */
export class MarbleClock extends TestScheduler {
  private readonly ownActions = new WeakSet<Action>();

  /** @param maxTimers a test with more than these doesn't end by itself */
  constructor(
    assertEqual: AssertEqual,
    private readonly maxTimers: number,
  ) {
    super(assertEqual);
  }

  /** When the timers that wait are due, those that `own` work set apart. */
  get pendingTimers(): readonly number[] {
    return this.actions.filter((action) => !this.ownActions.has(action)).map(({ delay }) => delay);
  }

  /** Does work for the test itself: the timers that it sets aren't the tested code's. */
  own<T>(work: () => T): T {
    const before = new Set(this.actions);
    try {
      return work();
    } finally {
      for (const action of this.actions) if (!before.has(action)) this.ownActions.add(action);
    }
  }

  override flush(): void {
    this.own(() => this.hotObservables.splice(0).forEach((hot) => hot.setup()));
    try {
      this.letTimePass();
    } finally {
      this.actions.length = 0; // after an error, those that `run` would go on with
    }
    super.flush();
  }

  private letTimePass(): void {
    const { actions } = this;
    for (let turns = 0; actions.length > 0; turns++) {
      if (turns === this.maxTimers) throw endless(turns, this.frame);
      const action = actions.shift() as Action;
      this.frame = action.delay;
      const error: unknown = action.execute(action.state, action.delay);
      if (error) throw error;
    }
  }
}

function endless(timers: number, frame: number): ExpectationError {
  return new ExpectationError(`the test was still at work after ${timers} timers, at ${frame} ms. If something goes on for ever, such as an interval or a retry, end it with take(n) or until('---!'); else raise maxTimers`);
}
