import type { Subscriber } from 'rxjs';
import { deliver, type Result } from '../bridge/result.js';
import type { RunContext } from '../context/RunContext.js';
import { Link } from '../subscription.js';

/** Goes on with a cache's answer, or without one if it fails: that is a `late_error` event. */
export function askCache<T>(question: () => Result<T>, subscriber: Subscriber<never>, context: RunContext, next: (answer: T | undefined) => void): void {
  let answer: T | undefined;
  const link = new Link<T>(subscriber, {
    next: (value) => {
      answer = value;
    },
    error: (error) => {
      context.tell({ type: 'late_error', error });
      next(undefined);
    },
    complete: () => next(answer),
  });
  try {
    deliver(question(), link, context);
  } catch (error) {
    link.error(error);
  }
}
