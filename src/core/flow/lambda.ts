import type { OperatorFunction } from 'rxjs';
import type { Result, Unwrapped } from '../bridge/result.js';
import type { RunScope } from '../context/RunScope.js';
import { flow, type Flow } from './flow.js';
import { describedFold } from './describedFold.js';
import { last } from './fold.js';
import { whole, type WholeInput, type WholeOf } from './whole.js';

/**
 * Wraps a callback that needs its whole input. What it returns is unwrapped if it is an Observable, a promise, an async
 * iterable or a ReadableStream; strings and arrays are values. A synchronous result stays synchronous.
 *
 * ```text
 * -a--|
 * lambda((x) => timer(3).pipe(map(() => f(x))))
 * ----f|
 * ```
 *
 * *Demand*: transparent. *Timing*: the callback's. *Errors*: the callback's; `SECOND_INPUT` for a second value at its head.
 *
 * @param fn gets the input and `run`: the context, `signal`, `emit`; hand `run` on to whatever it awaits
 *
 * @example
 * ```ts
 * import { lambda } from 'rivulet';
 *
 * const double = lambda((n: number) => n * 2);
 * const later = lambda(async (n: number, run) => (await double.invoke(n, run)) + 1);
 * const result = await later.invoke(20); // 41
 * ```
 */
export function lambda<I, T>(fn: (input: NoInfer<WholeOf<I>>, run: RunScope) => T, name?: string): Flow<I, Unwrapped<T>, WholeOf<Unwrapped<T>>>;
export function lambda<I, T>(fn: (input: I, run: RunScope) => T, name?: string): Flow<WholeInput<I>, Unwrapped<T>, WholeOf<Unwrapped<T>>>;
export function lambda<I, T>(fn: (input: I, run: RunScope) => T, name: string = fn.name || 'lambda'): Flow<I, Unwrapped<T>, WholeOf<Unwrapped<T>>> {
  return flow(name, whole(fn as (input: I, run: RunScope) => Result<Unwrapped<T>>) as OperatorFunction<I, Unwrapped<T>>, { fold: FOLD });
}

const FOLD = /* @__PURE__ */ describedFold<never, never>(last());
