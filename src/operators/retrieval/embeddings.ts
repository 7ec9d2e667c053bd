import type { Observable } from 'rxjs';
import type { RunScope } from '../../core/context/RunScope.js';
import type { Usage } from '../../core/events/RunEvent.js';

/** A point in the space of an embedding model. */
export type Vector = readonly number[];

/** What vectors may say besides: what making them used. It stands beside the items, as the `index` of a match does, and copies don't have it. */
export interface WithUsage {
  readonly usage?: Usage;
}

/** What makes vectors of texts. */
export interface Embeddings {
  /** Provider and model, as in `openai:text-embedding-3-small`: vectors of different ids are not comparable. */
  readonly id: string;
  /** The length of the vectors, where it is known beforehand. */
  readonly dimensions?: number;
  /** Emits once: a vector for each text, in order, and what they used if it is known: `Object.assign(vectors, { usage })`. Unsubscribing cancels. */
  embed(texts: readonly string[], run: RunScope): Observable<readonly Vector[] & WithUsage>;
}
