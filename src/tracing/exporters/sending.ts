import { catchError, defer, ignoreElements, Observable, retry, throwError, timeout, type SchedulerLike } from 'rxjs';
import { platform } from '../../core/bridge/platform.js';
import { requireMs } from '../../core/errors/optionChecks.js';
import { retryDelay, type RetryPolicy } from '../../core/flow/retryDelay.js';
import { unheld } from './unheld.js';

export interface SendingOptions {
  /**
   * When a batch that failed is sent again. Default: after network errors, 408, 409, 425, 429 and 5xx as long as it isn't given up,
   * at first within 500 ms, then up to 30 seconds apart, or when the server's `retry-after` says.
   */
  readonly retry?: RetryPolicy;
  /** A batch that could not be sent for so long is dropped. Default 300,000. */
  readonly giveUpMs?: number;
  /** A request without an answer has failed after so long. Default 30,000. */
  readonly timeoutMs?: number;
}

/** Where batches go, and where one goes that is given up. */
export interface Sender<T> {
  readonly send: (batch: T) => Observable<unknown>;
  readonly fallback?: ((batch: T) => Observable<unknown>) | undefined;
}

/** Sends a batch until it has arrived, or there is no more hope. */
export function sending<T>({ send, fallback }: Sender<T>, options: SendingOptions, scheduler: SchedulerLike): (batch: T) => Observable<never> {
  const giveUpMs = requireMs('giveUpMs', options.giveUpMs ?? 300_000);
  const timeoutMs = requireMs('timeoutMs', options.timeoutMs ?? 30_000);
  const delayAfter = retryDelay({ maxAttempts: Infinity, ...options.retry });
  return (batch) =>
    defer(() => {
      const end = scheduler.now() + giveUpMs;
      const again = (error: unknown, attempt: number): Observable<unknown> => {
        const delayMs = delayAfter(error, attempt, platform);
        return delayMs === undefined || scheduler.now() + delayMs > end ? throwError(() => error) : sleep(delayMs, scheduler);
      };
      const inTime = <R>(work: (batch: T) => Observable<R>): Observable<never> => defer(() => work(batch)).pipe(ignoreElements(), timeout({ first: timeoutMs, scheduler }));
      const sent = inTime(send).pipe(retry({ delay: again }));
      return fallback ? sent.pipe(catchError((error: unknown) => inTime(fallback).pipe(catchError((second: unknown) => throwError(() => both(error, second)))))) : sent;
    });
}

const both = (error: unknown, second: unknown): Error => new AggregateError([error, second], [error, second].map((each) => (each instanceof Error ? each.message : String(each))).join('; '));

const sleep = (delayMs: number, scheduler: SchedulerLike): Observable<void> =>
  new Observable((subscriber) => unheld(scheduler.schedule(() => subscriber.next(), delayMs)));
