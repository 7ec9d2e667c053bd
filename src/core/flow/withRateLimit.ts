import type { Observable, SchedulerLike, Subscriber } from 'rxjs';
import { rootContext } from '../context/RunContext.js';
import { requireCount, requirePositive } from '../errors/optionChecks.js';
import { RivuletError } from '../errors/RivuletError.js';
import { contextOf, operate } from '../subscription.js';
import { DEFAULT_REPLAY } from './Attempts.js';
import { flow, type Flow } from './flow.js';
import { carryFold, isWhole } from './fold.js';
import { Gcra } from './Gcra.js';
import { RateLimiter } from './RateLimiter.js';
import { Replay } from './Replay.js';

export interface RateLimitOptions {
  /** Runs that may begin in a second. May be a fraction. */
  readonly perSecond?: number;
  /** Runs that may begin in `intervalMs`: the other way to say the rate. */
  readonly limit?: number;
  readonly intervalMs?: number;
  /** How many may begin at once after a pause. Default 1: evenly spaced. */
  readonly burst?: number;
  /** How many may run at once. Default: no limit. */
  readonly concurrency?: number;
  /** How many may wait; one more fails with `BACKPRESSURE`. Default 1,000. */
  readonly maxQueue?: number;
}

/**
 * Limits how often a flow's runs begin, how many run at once, or both. The limit is the wrapped flow's: all its runs share
 * it, wherever they come from, as long as their contexts have the same scheduler. They begin in the order in which they
 * got their input.
 *
 * ```text
 * (abc|)
 * each(withRateLimit(f, { perSecond: 500 }), { concurrency: 3 })   2 ms apart
 * a-b-(c|)
 * ```
 *
 * *Demand*: transparent once it runs; input that comes while it waits is kept, up to 10,000 chunks.
 * *Timing*: synchronous while the limit allows, else the context's scheduler. *Errors*: `BACKPRESSURE` when the queue is full.
 *
 * Source: the generic cell rate algorithm, ITU-T I.371.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { lambda, withRateLimit } from 'rivulet';
 *
 * const ask = withRateLimit(lambda((n: number) => n * 2), { perSecond: 100, burst: 10, concurrency: 4 });
 * const results = await ask.batch([1, 2, 3]); // [2, 4, 6]
 * ```
 */
export function withRateLimit<I, O, R>(target: Flow<I, O, R>, options: RateLimitOptions): Flow<I, O, R> {
  const limiterOn = limitersOf(options);
  const operator = operate<I, O>((source, subscriber) => new LimitedRun(target, source, subscriber).enter(limiterOn));
  return flow(`withRateLimit(${target.name})`, operator, { fold: target.fold });
}

/** One run: it takes its place in the queue when it has its input. */
class LimitedRun<I, O> {
  private readonly input = new Replay<I>(DEFAULT_REPLAY);
  private entered = false;

  constructor(
    private readonly target: Flow<I, O, unknown>,
    private readonly source: Observable<I>,
    private readonly subscriber: Subscriber<O>,
  ) {}

  enter(limiterOn: (scheduler: SchedulerLike) => RateLimiter): void {
    const { source, subscriber, input } = this;
    const limiter = limiterOn((contextOf(subscriber) ?? rootContext()).scheduler);
    const said = (value: I): void => {
      if (isWhole(source, value) || input.full) this.takePlace(limiter);
    };
    const ended = (): void => {
      const { ending } = input;
      if (this.entered) return;
      if (ending && 'error' in ending) subscriber.error(ending.error);
      else this.takePlace(limiter);
    };
    source.subscribe(input.link(subscriber, said, ended));
  }

  private takePlace(limiter: RateLimiter): void {
    if (this.entered) return;
    this.entered = true;
    this.subscriber.add(limiter.enter(() => this.begin()));
  }

  private begin(): void {
    this.target(carryFold(this.source, this.input.values$)).subscribe(this.subscriber);
  }
}

/** A limiter for each scheduler: the times of two of them can't be compared. */
function limitersOf(options: RateLimitOptions): (scheduler: SchedulerLike) => RateLimiter {
  const { burst = 1, concurrency = Infinity, maxQueue = 1000 } = options;
  requireCount('burst', burst);
  requireCount('concurrency', concurrency, { infinite: true });
  requireCount('maxQueue', maxQueue, { min: 0 });
  const spacingMs = spacingOf(options);
  if (spacingMs === undefined && concurrency === Infinity) {
    throw new RivuletError('INVALID_OPTION', 'withRateLimit got no limit. Give perSecond, or limit and intervalMs, or concurrency');
  }
  const limiters = new WeakMap<SchedulerLike, RateLimiter>();
  return (scheduler) => {
    let limiter = limiters.get(scheduler);
    if (!limiter) {
      const rate = spacingMs === undefined ? undefined : new Gcra(spacingMs, burst);
      limiters.set(scheduler, (limiter = new RateLimiter(scheduler, { rate, concurrency, maxQueue })));
    }
    return limiter;
  };
}

function spacingOf({ perSecond, limit, intervalMs }: RateLimitOptions): number | undefined {
  if (perSecond !== undefined && (limit ?? intervalMs) === undefined) return 1000 / requirePositive('perSecond', perSecond);
  if (limit !== undefined && intervalMs !== undefined && perSecond === undefined) return requirePositive('intervalMs', intervalMs) / requireCount('limit', limit);
  if ((perSecond ?? limit ?? intervalMs) === undefined) return undefined;
  throw new RivuletError('INVALID_OPTION', 'a rate is said in one of two ways: perSecond, or limit and intervalMs together');
}
