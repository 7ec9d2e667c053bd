import type { Observable } from 'rxjs';
import type { Unwrapped } from '../../core/bridge/result.js';
import type { RunScope } from '../../core/context/RunScope.js';
import { isFlow, type Flow } from '../../core/flow/flow.js';
import type { Fold } from '../../core/flow/fold.js';
import { lambda } from '../../core/flow/lambda.js';
import type { WholeOf } from '../../core/flow/whole.js';

/**
 * What a part of a program may be: a flow, or a callback that gets the whole input. The flow is said by what it can, not by
 * its call: else a callback beside it would lose the type of its parameter.
 */
export type Step<I> = { readonly run: (input: I) => Observable<unknown>; readonly fold: Fold<never, unknown> } | ((input: WholeOf<I>, run: RunScope) => unknown);

/** A step of any input. It says nothing of the input, for a `lambda` written in its place to say it itself. */
export type AnyStep = (...args: never) => unknown;

/** Steps by name. */
export type Steps<I> = Readonly<Record<string, Step<I>>>;

export type AnySteps = Readonly<Record<string, AnyStep>>;

/** What a step emits. */
export type ChunkOf<S> = S extends { readonly run: (input: never) => Observable<infer O> } ? O : S extends (...args: never) => infer T ? Unwrapped<T> : never;

/** What a step's run folds to. */
export type ResultOf<S> = S extends { readonly fold: Fold<never, infer R> } ? R : S extends (...args: never) => infer T ? Unwrapped<T> : never;

/** The results of several steps, by name. */
export type ResultsOf<S> = { readonly [K in keyof S]: ResultOf<S[K]> };

/** What all of a union of steps take. */
export type InputOf<S> = Taking<S> extends (input: infer I) => void ? I : never;

type Taking<S> = S extends { readonly run: (input: infer I) => unknown } ? (input: I) => void : S extends (input: infer I, ...rest: never) => unknown ? (input: I) => void : never;

/** Shows a type by its fields. */
export type Shown<T> = { [K in keyof T]: T[K] };

/** A step as a flow. */
export function toFlow(step: AnyStep, name: string): Flow<unknown, unknown, unknown> {
  return (isFlow(step) ? step : lambda(step as unknown as (input: unknown, run: RunScope) => unknown, name)) as unknown as Flow<unknown, unknown, unknown>;
}
