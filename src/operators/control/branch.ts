import { RivuletError } from '../../core/errors/RivuletError.js';
import type { Flow } from '../../core/flow/flow.js';
import { ask } from './ask.js';
import { deciding, type Decide } from './deciding.js';
import { toFlow, type AnyStep, type ChunkOf, type InputOf, type ResultOf, type Step } from './step.js';

/** A condition, with what runs if it is the first that holds. */
export type Case<I> = readonly [condition: Step<I>, then: Step<I>];

type Cases<I> = readonly [Case<I>, ...(Case<I> | Step<I>)[]];
type AnyCase = readonly [condition: AnyStep, then: AnyStep];
type AnyCases = readonly [AnyCase, ...(AnyCase | AnyStep)[]];

/** What may run, and whatever takes the input: the conditions too. */
type Targets<T extends readonly unknown[]> = T[number] extends infer C ? (C extends readonly [unknown, infer S] ? S : C) : never;
type Takers<T extends readonly unknown[]> = T[number] extends infer C ? (C extends readonly [infer P, infer S] ? P | S : C) : never;

/**
 * Runs the flow of the first condition that holds, else the default. The input is made whole first; the chunks of what runs go
 * through as they come, and the branch folds as it does.
 *
 * ```text
 * -x------|
 * branch([isShort, short], long)
 * ---a-b--|   what `short` emits
 * ```
 *
 * *Demand*: transparent, to the flow that runs. *Timing*: the conditions' and the flow's. *Errors*: the source's, the
 * conditions' and the flow's; `NO_ROUTE` if no condition holds and there is no default.
 *
 * @param cases pairs of a condition and a flow or callback, and last, if there is one, the default. A condition is a callback
 * that gets the whole input and `run` (of an Observable the first value counts) or a flow (its result counts)
 *
 * @example
 * ```ts
 * import { branch, lambda } from 'rivulet';
 *
 * const size = branch([(text: string) => text.length < 5, lambda(() => 'short')], lambda(() => 'long'));
 * const result = await size.invoke('tea'); // 'short'
 * ```
 */
export function branch<I, const T extends Cases<I>>(...cases: T): Flow<I, ChunkOf<Targets<T>>, ResultOf<Targets<T>>>;
export function branch<const T extends AnyCases>(...cases: T): Flow<InputOf<Takers<T>>, ChunkOf<Targets<T>>, ResultOf<Targets<T>>>;
export function branch(...cases: readonly (AnyCase | AnyStep)[]): Flow<unknown, unknown, unknown> {
  const conditions = cases.filter(isCase).map(([condition]) => condition);
  const last = cases.at(-1);
  const hasDefault = last !== undefined && !isCase(last);
  if (conditions.length === 0 || conditions.length + (hasDefault ? 1 : 0) < cases.length) {
    throw new RivuletError('INVALID_OPTION', 'branch takes pairs [condition, flow], at least one, and last a default flow. A default is the last argument, and there is but one');
  }
  const targets = cases.map((item, index) => toFlow(isCase(item) ? item[1] : item, isCase(item) ? `case ${index + 1}` : 'default'));

  const decide: Decide = (input, run, subscriber, begin) => {
    function tryFrom(index: number): void {
      const condition = conditions[index];
      const target = targets[index];
      if (!target) throw new RivuletError('NO_ROUTE', `none of the ${conditions.length} conditions of a branch held, and it has no default. Add a flow as the last argument`, { path: run.path });
      if (!condition) return begin(target);
      ask(condition, input, run, subscriber, (holds) => (holds ? begin(target) : tryFrom(index + 1)));
    }
    tryFrom(0);
  };
  return deciding(`branch(${targets.map(({ name }) => name).join(', ')})`, targets, decide);
}

const isCase = (item: AnyCase | AnyStep): item is AnyCase => Array.isArray(item);
