import { map, of, type Observable, type OperatorFunction } from 'rxjs';
import type { RunScope } from '../../core/context/RunScope.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import type { Usage } from '../../core/events/RunEvent.js';
import { flow, type Flow } from '../../core/flow/flow.js';
import { last } from '../../core/flow/fold.js';
import { whole } from '../../core/flow/whole.js';
import { spanned } from '../../core/trace/spanned.js';
import { modelOf } from '../models/modelOf.js';
import type { Embeddings, Vector, WithUsage } from './embeddings.js';

/** What can be embedded: a text, or texts. */
export type EmbedInput = string | readonly string[];

/** A text has a vector, texts have a list of them; with their `usage`, if the embeddings tell it. */
export type Embedded<T extends EmbedInput> = (T extends string ? Vector : readonly Vector[]) & WithUsage;

/**
 * Makes the vector of a text, or with `embed<readonly string[]>(…)` the vectors of a list; a batch is embedded at once, in one run.
 *
 * ```text
 * -t|
 * embed(embeddings)
 * --v|
 * ```
 *
 * *Demand*: transparent. *Timing*: the embeddings'. *Errors*: the embeddings'; `INVALID_OPTION` for an input that isn't text.
 *
 * @example
 * ```ts
 * import { embed, hashingEmbeddings } from 'rivulet';
 *
 * const vector = await embed(hashingEmbeddings({ dimensions: 64 })).invoke('a text'); // 64 numbers
 * ```
 */
export function embed<T extends EmbedInput = string>(embeddings: Embeddings): Flow<T, Embedded<T>> {
  const name = `embed(${embeddings.id})`;
  const metadata = modelOf(embeddings.id);
  const one = (input: T, run: RunScope): Observable<Embedded<T>> => embedAll(embeddings, [input], run).pipe(map((all) => told(all[0] as Embedded<T>, all.usage)));
  const many = whole((inputs: readonly T[], run) => embedAll(embeddings, inputs, run)) as OperatorFunction<readonly T[], EmbeddedAll<T>>;
  return flow(name, whole(one) as OperatorFunction<T, Embedded<T>>, {
    fold: last<Embedded<T>>(),
    kind: 'embedding',
    metadata,
    batch: (inputs, run) => of(inputs).pipe(spanned(name, 'embedding', last<EmbeddedAll<T>>(), many, { isRoot: run.parent === undefined, metadata })),
  });
}

type EmbeddedAll<T extends EmbedInput> = readonly Embedded<T>[] & WithUsage;

/** All inputs' texts in one call, their vectors given back input by input. */
function embedAll<T extends EmbedInput>(embeddings: Embeddings, inputs: readonly T[], run: RunScope): Observable<EmbeddedAll<T>> {
  const texts = (inputs as readonly EmbedInput[]).flatMap(textsOf);
  if (texts.length === 0) return of(inputs.map(() => [] as unknown as Embedded<T>));
  return embeddings.embed(texts, run).pipe(map((vectors) => told(regrouped(embeddings, inputs, texts, vectors), vectors.usage)));
}

/** Values that say what they used, to whoever asks for it: it isn't enumerable, so that they are equal to those that don't. */
function told<V extends readonly unknown[]>(values: V, usage: Usage | undefined): V & WithUsage {
  return usage ? (Object.defineProperty([...values], 'usage', { value: usage }) as unknown as V) : values;
}

function regrouped<T extends EmbedInput>({ id }: Embeddings, inputs: readonly T[], texts: readonly string[], vectors: readonly Vector[]): readonly Embedded<T>[] {
  if (vectors.length !== texts.length) {
    throw new RivuletError('MODEL_PROTOCOL', `the embeddings '${id}' gave ${vectors.length} vectors for ${texts.length} texts. Their embed() must emit once, a vector for each text`);
  }
  let at = 0;
  return inputs.map((input) => (typeof input === 'string' ? vectors[at++] : vectors.slice(at, (at += input.length))) as Embedded<T>);
}

function textsOf(input: EmbedInput): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(input) ? input : [input];
  const odd = texts.findIndex((text) => typeof text !== 'string');
  if (odd < 0) return texts as readonly string[];
  throw new RivuletError('INVALID_OPTION', `embed got ${JSON.stringify(texts[odd])}. Give it a text or a list of texts`);
}
