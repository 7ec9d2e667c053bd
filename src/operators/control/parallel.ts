import { requireCount } from '../../core/errors/optionChecks.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { flow, type Flow } from '../../core/flow/flow.js';
import { whole } from '../../core/flow/whole.js';
import { fanOut, toBranches } from './fanOut.js';
import { RecordFold, type RecordChunk } from './RecordFold.js';
import type { AnyStep, AnySteps, ChunkOf, InputOf, ResultsOf, Step, Steps } from './step.js';

export interface ParallelOptions {
  /** How many branches run at once. Default: all, within the run's `maxConcurrency`. */
  readonly concurrency?: number;
}

/** What `parallel` emits: chunks of its branches, by name or place. */
export type ParallelChunk<S> = RecordChunk<{ readonly [K in keyof S as K extends keyof readonly [] ? never : K]: ChunkOf<S[K]> }, ResultsOf<S>>;

type StepList<I> = readonly Step<I>[];

/**
 * Runs branches side by side on the same whole input. Emits their chunks as they come, each under its branch's name, and
 * folds to the record of their results; a list of branches folds to a list. An error of one ends all.
 *
 * ```text
 * -x----------|
 * parallel({ a: aTwice, b: later })
 * --a-a-b-----|   { a: 1 } { a: 2 } { b: 3 }
 * ```
 *
 * *Demand*: transparent, to each branch. *Timing*: the branches'. *Errors*: the source's and the branches'; `INVALID_OPTION`
 * without a branch.
 *
 * @param steps flows, or callbacks that get the whole input and `run`
 *
 * @example
 * ```ts
 * import { chain, chat, parallel, prompt, scripted, text } from 'rivulet';
 *
 * const model = scripted([{ reply: 'Well …' }]);
 * const both = parallel({
 *   pro: chain(prompt('Speak for {topic}'), chat(model), text()),
 *   contra: chain(prompt('Speak against {topic}'), chat(model), text()),
 * });
 * const { pro, contra } = await both.invoke({ topic: 'tea' });
 * ```
 */
export function parallel<I, const S extends Steps<I> | StepList<I>>(steps: S, options?: ParallelOptions): Flow<I, ParallelChunk<S>, ResultsOf<S>>;
export function parallel<const S extends AnySteps | readonly AnyStep[]>(steps: S, options?: ParallelOptions): Flow<InputOf<S[keyof S & (S extends readonly AnyStep[] ? number : string)]>, ParallelChunk<S>, ResultsOf<S>>;
export function parallel(steps: AnySteps | readonly AnyStep[], { concurrency = Infinity }: ParallelOptions = {}): Flow<unknown, unknown, unknown> {
  requireCount('concurrency', concurrency, { infinite: true });
  const branches = toBranches(steps as AnySteps);
  if (branches.length === 0) throw new RivuletError('INVALID_OPTION', 'parallel has no branches. Give at least one, as { name: flow }');
  const parts = branches.map(({ key, flow: { fold } }) => [key, fold] as const);
  const fold = Array.isArray(steps) ? new RecordFold(parts, (entries) => entries.map(([, value]) => value)) : new RecordFold(parts);
  const name = `parallel(${branches.map(({ key, flow: branch }) => (Array.isArray(steps) ? branch.name : key)).join(', ')})`;
  return flow<unknown, unknown, unknown>(name, whole((input) => fanOut(branches, input, fold, concurrency)), { fold: fold as RecordFold<unknown> as never });
}
