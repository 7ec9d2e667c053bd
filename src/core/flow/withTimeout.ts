import { requirePositive } from '../errors/optionChecks.js';
import { RivuletError } from '../errors/RivuletError.js';
import { flow, type Flow } from './flow.js';
import { timeLimited, type TimeLimits } from './timeLimited.js';

/**
 * Errors with `TIMEOUT` if a flow is too slow, and cancels it. Only its own time counts: from when it has its input, and
 * not while its consumer keeps it waiting. A value of the frame in which the time is up still comes.
 *
 * ```text
 * -a---------|
 * withTimeout(lambda((x) => timer(8)), { totalMs: 5 })
 * ------#
 * ```
 *
 * @param limits any of `totalMs`, `firstMs` and `idleMs`
 *
 * *Demand*: transparent. *Timing*: the context's scheduler; none if the flow is synchronous.
 * *Errors*: `RunTimeoutError` (`TIMEOUT`), whose `limit` says which.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { lambda, withFallback, withTimeout } from 'rivulet';
 * import { timer, map } from 'rxjs';
 *
 * const slow = lambda((q: string) => timer(1_000).pipe(map(() => `answer to ${q}`)));
 * const safe = withFallback(withTimeout(slow, { firstMs: 5 }), lambda((q: string) => `no time for ${q}`));
 * const result = await safe.invoke('x'); // 'no time for x'
 * ```
 */
export function withTimeout<I, O, R>(target: Flow<I, O, R>, limits: TimeLimits): Flow<I, O, R> {
  const { totalMs, firstMs, idleMs } = limits;
  const given = Object.entries({ totalMs, firstMs, idleMs }).filter(([, ms]) => ms !== undefined);
  if (given.length === 0) throw new RivuletError('INVALID_OPTION', 'withTimeout got no limit. Give totalMs, firstMs or idleMs');
  for (const [name, ms] of given) requirePositive(name, ms as number);
  return flow(`withTimeout(${target.name})`, timeLimited(target, { totalMs, firstMs, idleMs }), { fold: target.fold });
}
