import { expect } from '@jest/globals';
import { TestScheduler } from 'rxjs/testing';

export type RunHelpers = Parameters<Parameters<TestScheduler['run']>[0]>[0];

/** A test in virtual time, whose frames are compared by value. */
export function marbles(specify: (helpers: RunHelpers, scheduler: TestScheduler) => void): () => void {
  return () => {
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    scheduler.run((helpers) => specify(helpers, scheduler));
  };
}
