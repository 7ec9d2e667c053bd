import type { OperatorFunction } from 'rxjs';
import { onAbort } from '../bridge/LazySignal.js';
import type { RunConfig } from '../context/RunConfig.js';
import { CancelledError } from '../errors/CancelledError.js';
import { operate } from '../subscription.js';
import { timeLimited } from './timeLimited.js';

/** Runs `operator` within what a config says of its end: `timeoutMs` and `signal`. */
export function limited<I, O>(operator: OperatorFunction<I, O>, { timeoutMs, signal }: Pick<RunConfig, 'timeoutMs' | 'signal'>): OperatorFunction<I, O> {
  const timed = timeoutMs === undefined ? operator : timeLimited(operator, { totalMs: timeoutMs });
  return signal ? until(signal, timed) : timed;
}

/** Ends with `CANCELLED` when `signal` aborts; cancellation beats an emission of the same frame. */
function until<I, O>(signal: AbortSignal, operator: OperatorFunction<I, O>): OperatorFunction<I, O> {
  return operate((source, subscriber) => {
    subscriber.add(onAbort(signal, (reason) => subscriber.error(new CancelledError(reason))));
    if (!subscriber.closed) operator(source).subscribe(subscriber);
  });
}
