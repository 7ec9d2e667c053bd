import { requireCount } from '../errors/optionChecks.js';
import { operate } from '../subscription.js';
import { Attempts, type AttemptOptions, type AttemptPlan } from './Attempts.js';
import { flow, type Flow } from './flow.js';
import { retryDelay, type RetryPolicy } from './retryDelay.js';

export interface RetryOptions extends AttemptOptions, RetryPolicy {}

/**
 * Tries a flow again when it fails, with exponential backoff and jitter on the context's scheduler. The source is
 * subscribed to once and replayed to each attempt; an error of the source isn't retried. What runs inside sees `attempt`.
 *
 * ```text
 * -a--------------|
 * withRetry(lambda((x) => timer(1).pipe(map(f))), { initialMs: 4, jitter: 'none' })   f throws at 2 and at 7
 * ----------------(a|)
 * ```
 *
 * *Demand*: transparent; keeps up to `maxReplay` input chunks. *Timing*: the flow's, and delays on the context's scheduler.
 * *Errors*: the last attempt's. Once something was emitted an error goes on, unless `restart`.
 *
 * Source of the backoff: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { lambda, withRetry } from 'rivulet';
 *
 * let calls = 0;
 * const flaky = lambda((n: number) => {
 *   if (++calls < 3) throw new Error('not yet');
 *   return n * 2;
 * });
 * const result = await withRetry(flaky, { initialMs: 1 }).invoke(21); // 42
 * ```
 */
export function withRetry<I, O, R>(target: Flow<I, O, R>, options: RetryOptions = {}): Flow<I, O, R> {
  const { restart, maxReplay } = options;
  if (maxReplay !== undefined) requireCount('maxReplay', maxReplay);
  const plan: AttemptPlan<I, O> = { restart, maxReplay, operator: () => target, delayMs: retryDelay(options) };
  const operator = operate<I, O>((source, subscriber) => new Attempts(source, subscriber, plan).start());
  return flow(`withRetry(${target.name})`, operator, { fold: target.fold });
}
