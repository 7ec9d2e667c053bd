import type { Observable, Subscriber } from 'rxjs';
import { requireCount } from '../../core/errors/optionChecks.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { flow, type Flow } from '../../core/flow/flow.js';
import { last, single, type Fold, type FOLD } from '../../core/flow/fold.js';
import type { WholeOf } from '../../core/flow/whole.js';
import { createSource } from '../../core/subscription.js';
import { describedFold } from '../../core/flow/describedFold.js';
import { fanOut, toBranches, type Branch } from './fanOut.js';
import type { ParallelOptions } from './parallel.js';
import { anewOf, partsOf, RecordFold, type AnyRecordChunk, type ChunkOfWhole, type Fields, type RecordChunk } from './RecordFold.js';
import { recordwise, type RecordStep } from './recordwise.js';
import type { AnySteps, ChunkOf, InputOf, ResultsOf, Shown, Steps } from './step.js';

/** The chunks that `I` comes in: itself, if it comes whole. */
type PartsOf<I> = I extends ChunkOfWhole<unknown> ? Omit<I, typeof FOLD> : WholeOf<I>;

/** An object with keys added or replaced. */
export type Assigned<W, S> = Shown<Omit<W, keyof S> & ResultsOf<S>>;

export type AssignChunk<I, S> = RecordChunk<Omit<PartsOf<I>, keyof S> & { readonly [K in keyof S]: ChunkOf<S[K]> }, Assigned<WholeOf<I>, S>>;

/**
 * Adds keys to an object: emits the object first (in its chunks, as they come, if it comes in chunks), then the chunks of each
 * new key, made side by side from the whole object, and folds to all of it. A key that is there already is replaced.
 *
 * ```text
 * -x----------|   { n: 1 }
 * assign({ a: later, b: laterStill })
 * -x--a-b-----|   { n: 1 } { a: … } { b: … }
 * ```
 *
 * *Demand*: transparent, to each step. *Timing*: the steps'. *Errors*: the source's and the steps'; `INVALID_INPUT` for what
 * isn't an object; `INVALID_OPTION` without a key.
 *
 * @param steps flows, or callbacks that get the whole object and `run`
 *
 * @example
 * ```ts
 * import { assign } from 'rivulet';
 *
 * const withLength = assign({ length: ({ text }: { text: string }) => text.length });
 * const result = await withLength.invoke({ text: 'tea' }); // { text: 'tea', length: 3 }
 * ```
 */
export function assign<I, const S extends Steps<I>>(steps: S, options?: ParallelOptions): Flow<I, AssignChunk<I, S>, Assigned<WholeOf<I>, S>>;
export function assign<const S extends AnySteps>(steps: S, options?: ParallelOptions): Flow<InputOf<S[keyof S]>, AssignChunk<InputOf<S[keyof S]>, S>, Assigned<InputOf<S[keyof S]>, S>>;
export function assign(steps: AnySteps, { concurrency = Infinity }: ParallelOptions = {}): Flow<unknown, unknown, unknown> {
  requireCount('concurrency', concurrency, { infinite: true });
  const branches = toBranches(steps);
  if (branches.length === 0) throw new RivuletError('INVALID_OPTION', 'assign adds no key. Give at least one, as { name: flow }');
  const name = `assign(${branches.map(({ key }) => key).join(', ')})`;
  const begin = (subscriber: Subscriber<unknown>): RecordStep<unknown> => new Assigning(branches, concurrency, subscriber);
  return flow<unknown, unknown, unknown>(name, recordwise(name, begin), { fold: describedFold(single()) });
}

class Assigning implements RecordStep<unknown> {
  private fold: RecordFold<unknown> | undefined;
  private readonly added: ReadonlySet<string>;

  constructor(
    private readonly branches: readonly Branch[],
    private readonly concurrency: number,
    private readonly subscriber: Subscriber<unknown>,
  ) {
    this.added = new Set(branches.map(({ key }) => key));
  }

  readonly chunk = (chunk: AnyRecordChunk, sourceFold: RecordFold<unknown>): void => {
    this.fold ??= this.foldOver(partsOf(sourceFold));
    const anew = anewOf(chunk);
    const kept = anew && !this.added.has(anew.key) ? anew : undefined;
    const fields = this.withoutAdded(chunk);
    if (kept || Object.keys(fields).length > 0) this.subscriber.next(this.fold.chunks(fields, kept));
  };

  readonly whole = (input: Fields, streamed: boolean): Observable<unknown> => {
    const fold = (this.fold ??= this.foldOver(Object.keys(input).map((key) => [key, last<unknown>()] as const)));
    const steps = fanOut(this.branches, input, fold, this.concurrency);
    if (streamed) return steps;
    return createSource((subscriber) => {
      subscriber.next(fold.chunks(this.withoutAdded(input)));
      if (!subscriber.closed) steps.subscribe(subscriber as Subscriber<AnyRecordChunk>);
    });
  };

  readonly restarted = (): void => {
    this.fold = undefined;
  };

  private foldOver(parts: Iterable<readonly [string, Fold<unknown, unknown>]>): RecordFold<unknown> {
    return new RecordFold([...parts, ...this.branches.map(({ key, flow: { fold } }) => [key, fold] as const)]);
  }

  private withoutAdded(fields: Fields): Fields {
    const kept = Object.entries(fields).filter(([key]) => !this.added.has(key));
    return Object.fromEntries(kept);
  }
}
