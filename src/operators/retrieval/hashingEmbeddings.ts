import { of } from 'rxjs';
import { requireCount } from '../../core/errors/optionChecks.js';
import type { Embeddings, Vector } from './embeddings.js';

export interface HashingEmbeddingsOptions {
  /** Default 256. */
  readonly dimensions?: number;
  /** The longest run of words that counts as one feature. Default 2. */
  readonly maxWords?: number;
}

/**
 * Embeddings without a model: words and runs of words are hashed to signed places of the vector, which is scaled to length 1.
 * They are *lexical*: texts are near that share words, whatever the words mean. Deterministic on every platform, for tests,
 * examples and a first index; not a replacement for a model. A text without words is the zero vector.
 *
 * Feature hashing with a signed hash: Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009.
 *
 * *Demand*: transparent. *Timing*: synchronous. *Errors*: none of its own.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { embed, hashingEmbeddings } from 'rivulet';
 *
 * const [a, b] = await embed<readonly string[]>(hashingEmbeddings()).invoke(['red apple', 'a red apple']);
 * const similarity = a!.reduce((sum, value, at) => sum + value * b![at]!, 0); // 0.77…
 * ```
 */
export function hashingEmbeddings({ dimensions = 256, maxWords = 2 }: HashingEmbeddingsOptions = {}): Embeddings {
  requireCount('dimensions', dimensions);
  requireCount('maxWords', maxWords);
  return {
    id: `lexical-hashing:${dimensions}-${maxWords}`,
    dimensions,
    embed: (texts) => of(texts.map((text) => toVector(text, dimensions, maxWords))),
  };
}

function toVector(text: string, dimensions: number, maxWords: number): Vector {
  const vector = new Array<number>(dimensions).fill(0);
  const words = text.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  for (let start = 0; start < words.length; start++) {
    let hash = OFFSET;
    for (let end = start; end < Math.min(start + maxWords, words.length); end++) {
      hash = hashed(hash, `${words[end]} `);
      const place = mixed(hash);
      const at = (place >>> 1) % dimensions;
      vector[at] = (vector[at] as number) + (place & 1 ? 1 : -1);
    }
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
const OFFSET = 0x811c9dc5;

function hashed(seed: number, text: string): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

/** MurmurHash3's finalizer: FNV's low bits alone are too regular to give both a place and a sign. */
function mixed(hash: number): number {
  let mixing = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixing = Math.imul(mixing ^ (mixing >>> 13), 0xc2b2ae35);
  return (mixing ^ (mixing >>> 16)) >>> 0;
}
