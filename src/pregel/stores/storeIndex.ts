import { map, of, type Observable } from 'rxjs';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { embed } from '../../operators/retrieval/embed.js';
import type { Embeddings, Vector } from '../../operators/retrieval/embeddings.js';
import type { ItemValue } from './Item.js';

/** What makes items known by what they mean. */
export interface StoreIndex {
  /** Items that another model embedded aren't found until they are written again. */
  readonly embed: Embeddings;
  /**
   * Which texts of a value are embedded, each by itself: paths of field names, as in `'title'` or `'chapters.summary'`, through lists to each of
   * their elements; `'$'` is the whole value as JSON. An item is as near as its nearest text. Default: `['$']`.
   */
  readonly fields?: readonly string[];
}

/** The vectors of a value's texts, of length 1 each. */
export function vectorsOf({ embed: model, fields: indexed = ['$'] }: StoreIndex, value: ItemValue, fields: readonly string[] = indexed): Observable<readonly Vector[]> {
  const texts = [...new Set(fields.flatMap((field) => (field === '$' ? [JSON.stringify(value)] : textsAt(value, field.split('.')))))];
  return texts.length === 0 ? of([]) : embedded(model, texts);
}

/** The vector of a query. */
export function queryVector({ embed: model }: StoreIndex, query: string): Observable<Vector> {
  return embedded(model, [query]).pipe(map(([vector]) => vector as Vector));
}

function embedded(model: Embeddings, texts: readonly string[]): Observable<readonly Vector[]> {
  return of(texts).pipe(embed<readonly string[]>(model), map((vectors) => vectors.map((vector) => unit(model, vector))));
}

/** A vector scaled to length 1, in single precision, as it is stored; the zero vector is near to nothing. */
function unit({ id, dimensions }: Embeddings, vector: Vector): Vector {
  const length = Math.hypot(...vector);
  if (Number.isFinite(length) && (dimensions === undefined || vector.length === dimensions)) return vector.map((value) => Math.fround(length === 0 ? 0 : value / length));
  throw new RivuletError('MODEL_PROTOCOL', `the embeddings '${id}' gave a vector of ${vector.length} numbers and length ${length}. Vectors are of finite numbers${dimensions === undefined ? '' : `, ${dimensions} each`}`);
}

function textsAt(value: unknown, path: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((element) => textsAt(element, path));
  const [field, ...rest] = path;
  if (field !== undefined) return typeof value === 'object' && value !== null && Object.hasOwn(value, field) ? textsAt((value as ItemValue)[field], rest) : [];
  if (value === undefined || value === null) return [];
  return [typeof value === 'string' ? value : JSON.stringify(value)];
}
