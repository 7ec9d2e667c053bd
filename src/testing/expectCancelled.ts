import type { CallFrames, CallLog } from './CallLog.js';
import { marbleFrames } from './marbleDiagram.js';
import type { MarbleTest } from './MarbleTest.js';

/** What `model` and `tool` of the test kit have in common. */
export interface Callee {
  readonly log: CallLog;
}

export interface CancelledExpectation {
  /** Expects these calls to have been cancelled, and no other: `'--^---!'`, or a list of them; none is `[]`. */
  toBe(marbles: string | readonly string[]): void;
}

/** Looks at the calls of a model or tool that were left before their answer was complete. */
export function expectCancelled(test: MarbleTest, { log }: Callee): CancelledExpectation {
  return {
    toBe(marbles) {
      const expected: readonly CallFrames[] = (typeof marbles === 'string' ? [marbles] : marbles).map(marbleFrames);
      test.verify(() => test.assertEqual(log.cancelled, expected));
    },
  };
}
