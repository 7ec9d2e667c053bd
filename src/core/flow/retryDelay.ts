import type { RunContext } from '../context/RunContext.js';
import { isRivuletError } from '../errors/RivuletError.js';
import { requireCount, requireMs, requireWithin } from '../errors/optionChecks.js';
import { LONGEST_TIMER_MS } from './scheduledAt.js';

/** How often something is tried, and how long to wait in between. */
export interface RetryPolicy {
  /** The first attempt included. Default 3. */
  readonly maxAttempts?: number;
  /** The delay after the first failure. Default 500. */
  readonly initialMs?: number;
  /** By what the delay grows with each failure. Default 2. */
  readonly factor?: number;
  /** The longest delay, but for what an error asks for by `retryAfterMs`. Default 30,000. */
  readonly maxMs?: number;
  /** The random share of a delay: 1 is `'full'` (the default), 0 is `'none'`. */
  readonly jitter?: 'full' | 'none' | number;
  /**
   * Whether to try again after `error` of the given attempt, the first being 1. Default: unless the error says
   * `retryable: false`, or would come again: cancellations, input, options and templates at fault, an interrupt that can't be asked, a `status` of 4xx other
   * than 408, 409, 425 and 429.
   */
  readonly retryOn?: (error: unknown, attempt: number) => boolean;
}

/** Milliseconds to wait before another attempt, or `undefined` if there is none. */
export type RetryDelay = (error: unknown, attempt: number, run: Pick<RunContext, 'random'>) => number | undefined;

/**
 * Exponential backoff with jitter: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 *
 * @throws RivuletError `INVALID_OPTION`
 */
export function retryDelay(policy: RetryPolicy): RetryDelay {
  const { maxAttempts = 3, initialMs = 500, factor = 2, maxMs = 30_000, retryOn = isTransient } = policy;
  requireCount('maxAttempts', maxAttempts, { infinite: true });
  requireMs('initialMs', initialMs);
  requireMs('maxMs', maxMs);
  requireWithin('factor', factor, 1, Number.MAX_VALUE);
  const share = shareOf(policy.jitter ?? 'full');
  const delayAfter = (attempt: number, { random }: Pick<RunContext, 'random'>): number => {
    const delayMs = Math.min(maxMs, initialMs * factor ** (attempt - 1)) || 0; // 0 * Infinity is NaN
    return delayMs * (1 - share) + (share === 0 ? 0 : random() * delayMs * share);
  };
  return (error, attempt, run) => {
    if (attempt >= maxAttempts || !retryOn(error, attempt)) return undefined;
    return Math.min(LONGEST_TIMER_MS, Math.max(delayAfter(attempt, run), askedFor(error)));
  };
}

function shareOf(jitter: 'full' | 'none' | number): number {
  if (typeof jitter === 'number') return requireWithin('jitter', jitter, 0, 1);
  return jitter === 'full' ? 1 : 0;
}

interface Failure {
  readonly name?: unknown;
  readonly status?: unknown;
  readonly retryable?: unknown;
  readonly retryAfterMs?: unknown;
  readonly errors?: unknown;
}

const asFailure = (error: unknown): Failure => (typeof error === 'object' && error !== null ? error : {});

function askedFor(error: unknown): number {
  const { retryAfterMs } = asFailure(error);
  return typeof retryAfterMs === 'number' && retryAfterMs > 0 ? retryAfterMs : 0;
}

/** What fails again however often it is tried. */
const PERMANENT = /^(AMBIGUOUS_RESULT|CANCELLED|INTERRUPT_CHANGED|INVALID_|NODE_ONLY|NOT_IN_TASK|NO_CHECKPOINTER|NO_ROUTE|SECOND_INPUT|TEMPLATE_|TOOL_)/;
/** Request Timeout, Conflict, Too Early, Too Many Requests. */
const TRANSIENT_4XX: readonly unknown[] = [408, 409, 425, 429];

function isTransient(error: unknown): boolean {
  const { name, status, retryable, errors } = asFailure(error);
  if (typeof retryable === 'boolean') return retryable;
  if (Array.isArray(errors)) return errors.some(isTransient);
  if (name === 'AbortError' || (isRivuletError(error) && PERMANENT.test(error.code))) return false;
  return !(typeof status === 'number' && status >= 400 && status < 500) || TRANSIENT_4XX.includes(status);
}
