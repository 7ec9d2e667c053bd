import { EMPTY, of, type Subscriber } from 'rxjs';
import { flow, type Flow } from '../../core/flow/flow.js';
import { last, single } from '../../core/flow/fold.js';
import type { WholeOf } from '../../core/flow/whole.js';
import { restartOf } from '../../core/subscription.js';
import { ChosenFold } from './ChosenFold.js';
import { describedFold } from '../../core/flow/describedFold.js';
import { anewOf, partsOf, RecordFold, type AnyRecordChunk, type ChunkOfWhole, type Fields, type RecordChunk } from './RecordFold.js';
import { recordwise, type RecordStep } from './recordwise.js';

/** What one key of `I` comes in: its chunks, where `I` comes in chunks of a record. */
export type PickedChunk<I, K extends PropertyKey> = I extends ChunkOfWhole<unknown> ? Exclude<ValueOf<I, K>, undefined> : ValueOf<WholeOf<I>, K>;

type ValueOf<T, K extends PropertyKey> = K extends keyof T ? T[K] : never;

/** Chunks of some keys of `I`. */
export type PickedChunks<I, K extends PropertyKey> = RecordChunk<{ readonly [P in K]: PickedChunk<I, P> }, Picked<I, K>>;

/** Some keys of `I`. */
export type Picked<I, K extends PropertyKey> = Pick<WholeOf<I>, K & keyof WholeOf<I>>;

/**
 * Takes one key of an object, or some. One key's chunks are emitted as they come and fold as they did before; a list of keys
 * makes an object of just those.
 *
 * ```text
 * -a-b-a-|   { a: 'He' } { b: 1 } { a: 'llo' }
 * pick('a')
 * -a---a-|   'He' 'llo'
 * ```
 *
 * *Demand*: transparent. *Timing*: synchronous. *Errors*: the source's; `INVALID_INPUT` for what isn't an object.
 *
 * @example
 * ```ts
 * import { chain, lambda, parallel, pick } from 'rivulet';
 *
 * const first = chain(parallel({ a: lambda((n: number) => n + 1), b: lambda((n: number) => n * 2) }), pick('a'));
 * const result = await first.invoke(1); // 2
 * ```
 */
export function pick<I, const K extends keyof WholeOf<I> & string>(key: K): Flow<I, PickedChunk<I, K>, WholeOf<I>[K]>;
export function pick<I, const K extends keyof WholeOf<I> & string>(keys: readonly K[]): Flow<I, PickedChunks<I, K>, Picked<I, K>>;
export function pick<const K extends string>(key: K): Flow<{ readonly [P in K]: unknown }, unknown>;
export function pick<const K extends string>(keys: readonly K[]): Flow<{ readonly [P in K]: unknown }, PickedChunks<{ readonly [P in K]: unknown }, K>, { readonly [P in K]: unknown }>;
export function pick(wanted: string | readonly string[]): unknown {
  return typeof wanted === 'string' ? pickOne(wanted) : pickSome(wanted);
}

function pickOne(key: string): Flow<unknown, unknown, unknown> {
  const name = `pick(${key})`;
  const fold = new ChosenFold<unknown, unknown>();

  function begin(subscriber: Subscriber<unknown>): RecordStep<unknown> {
    const restart = restartOf(subscriber);
    let chosen = false;
    return {
      chunk: (chunk, recordFold) => {
        const anew = anewOf(chunk);
        if (anew?.key === key) fold.choose(anew.fold, restart);
        else if (!chosen) fold.choose(partsOf(recordFold).get(key) ?? single<unknown>(), restart);
        chosen = true;
        if (Object.hasOwn(chunk, key)) subscriber.next(chunk[key]);
      },
      whole: (input, streamed) => (streamed ? EMPTY : of(valueOf(input, key))),
      restarted: () => {
        chosen = false;
      },
    };
  }

  return flow<unknown, unknown, unknown>(name, recordwise(name, begin), { fold });
}

function pickSome(keys: readonly string[]): Flow<unknown, unknown, unknown> {
  const wanted = new Set(keys);
  const name = `pick(${keys.join(', ')})`;
  const those = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([key]) => wanted.has(key)));

  function begin(subscriber: Subscriber<AnyRecordChunk>): RecordStep<AnyRecordChunk> {
    let fold: RecordFold<unknown> | undefined;
    return {
      chunk: (chunk, recordFold) => {
        const isFirst = fold === undefined;
        fold ??= new RecordFold([...partsOf(recordFold)].filter(([key]) => wanted.has(key)));
        const anew = anewOf(chunk);
        const kept = anew && wanted.has(anew.key) ? anew : undefined;
        const fields = those(chunk);
        // The first chunk goes on even if nothing of it is wanted: it says how all that is wanted folds.
        if (isFirst || kept || Object.keys(fields).length > 0) subscriber.next(fold.chunks(fields, kept));
      },
      whole: (input, streamed) => {
        const fields = those(input);
        return streamed ? EMPTY : of(new RecordFold(Object.keys(fields).map((key) => [key, last<unknown>()] as const)).chunks(fields));
      },
      restarted: () => {
        fold = undefined;
      },
    };
  }

  return flow<unknown, AnyRecordChunk, unknown>(name, recordwise(name, begin), { fold: describedFold(single()) });
}

const valueOf = (fields: Fields, key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined);
