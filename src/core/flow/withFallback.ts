import { FallbackError } from '../errors/FallbackError.js';
import { requireCount } from '../errors/optionChecks.js';
import { isRivuletError, RivuletError } from '../errors/RivuletError.js';
import { operate } from '../subscription.js';
import { Attempts, type AttemptOptions, type AttemptPlan } from './Attempts.js';
import { flow, isFlow, type Flow } from './flow.js';

export interface FallbackOptions<I, O, R> extends AttemptOptions {
  /** What is tried after the flow, in order. */
  readonly to: Flow<I, O, R> | readonly Flow<I, O, R>[];
  /** For which errors. Default: all but a cancellation. */
  readonly when?: (error: unknown) => boolean;
}

/**
 * Tries other flows, in order, when one fails. The source is subscribed to once and replayed to each; an error of the
 * source has no alternative. What runs inside sees `attempt`: 1 is the flow, 2 the first alternative.
 *
 * ```text
 * -a------|
 * withFallback(failing, lambda((x) => timer(3).pipe(map(() => x))))
 * ----a---|
 * ```
 *
 * *Demand*: transparent; keeps up to `maxReplay` input chunks. *Timing*: synchronous from one to the next.
 * *Errors*: `FALLBACK_FAILED` with the `errors` of all. Once something was emitted an error goes on, unless `restart`.
 *
 * @throws RivuletError `INVALID_OPTION` if there is no alternative
 *
 * @example
 * ```ts
 * import { lambda, withFallback } from 'rivulet';
 *
 * const failing = lambda((_: string): string => { throw new Error('overloaded'); });
 * const result = await withFallback(failing, lambda((q: string) => `plan B for ${q}`)).invoke('x'); // 'plan B for x'
 * ```
 */
export function withFallback<I, O, R>(target: Flow<I, O, R>, ...alternatives: readonly Flow<I, NoInfer<O>, NoInfer<R>>[]): Flow<I, O, R>;
export function withFallback<I, O, R>(target: Flow<I, O, R>, options: FallbackOptions<I, NoInfer<O>, NoInfer<R>>): Flow<I, O, R>;
export function withFallback<I, O, R>(target: Flow<I, O, R>, ...rest: readonly (Flow<I, O, R> | FallbackOptions<I, O, R>)[]): Flow<I, O, R> {
  const { to, when = isNotCancelled, restart, maxReplay } = optionsOf(rest);
  const row = [target, ...[to].flat()];
  if (row.length < 2 || !row.every(isFlow)) {
    throw new RivuletError('INVALID_OPTION', 'withFallback got no alternative. Give flows, withFallback(flow, other), or { to: other }');
  }
  if (maxReplay !== undefined) requireCount('maxReplay', maxReplay);
  const operator = operate<I, O>((source, subscriber) => {
    const errors: unknown[] = [];
    const plan: AttemptPlan<I, O> = {
      restart,
      maxReplay,
      operator: (attempt) => row[attempt - 1] as Flow<I, O, R>,
      delayMs: (error, attempt) => {
        if (attempt >= row.length || !when(error)) return undefined;
        errors.push(error);
        return 0;
      },
      failure: (error) => (errors.length === 0 || isRivuletError(error, 'CANCELLED') ? error : new FallbackError([...errors, error])),
    };
    new Attempts(source, subscriber, plan).start();
  });
  return flow(`withFallback(${row.map(({ name }) => name).join(', ')})`, operator, { fold: target.fold });
}

function optionsOf<I, O, R>(rest: readonly (Flow<I, O, R> | FallbackOptions<I, O, R>)[]): FallbackOptions<I, O, R> {
  const [first] = rest;
  return first === undefined || isFlow(first) ? { to: rest as readonly Flow<I, O, R>[] } : (first as FallbackOptions<I, O, R>);
}

const isNotCancelled = (error: unknown): boolean => !isRivuletError(error, 'CANCELLED');
