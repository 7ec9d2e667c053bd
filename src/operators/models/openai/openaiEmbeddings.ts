import type { OpenAI } from 'openai';
import { map, reduce } from 'rxjs';
import { mapAsync } from '../../../core/demand/mapAsync.js';
import { pull } from '../../../core/demand/pull.js';
import { requireCount } from '../../../core/errors/optionChecks.js';
import type { Embeddings, Vector } from '../../retrieval/embeddings.js';
import { wellFormed } from '../wellFormed.js';
import { asked } from './asked.js';
import { lazyClient, ONE_ATTEMPT, type OpenAIClientOptions } from './openaiClient.js';
import { protocolError } from './openaiError.js';

export interface OpenAIEmbeddingsOptions extends OpenAIClientOptions {
  /** Asks for shorter vectors, where the model can. */
  readonly dimensions?: number;
  /** Texts a request. Default 512; OpenAI takes up to 2,048. */
  readonly batchSize?: number;
  /** Requests at a time. Default 4. */
  readonly concurrency?: number;
  /** What to call the server in ids and errors. Default `openai`. */
  readonly name?: string;
}

/**
 * Embeddings by OpenAI, or a compatible server at `baseURL`: many texts are split over several requests.
 *
 * *Demand*: transparent: one list of vectors. *Timing*: the network's. *Errors*: `ModelError`, as of `openai`.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts no-run
 * import { embed } from 'rivulet';
 * import { openaiEmbeddings } from 'rivulet/openai';
 *
 * const vector = await embed(openaiEmbeddings('text-embedding-3-small')).invoke('a text');
 * ```
 */
export function openaiEmbeddings(model: string, options: OpenAIEmbeddingsOptions = {}): Embeddings {
  const { dimensions, batchSize = 512, concurrency = 4, name: provider = 'openai', ...settings } = options;
  if (dimensions !== undefined) requireCount('dimensions', dimensions);
  requireCount('batchSize', batchSize);
  requireCount('concurrency', concurrency);
  const client = lazyClient(provider, settings);
  const known = dimensions ?? DIMENSIONS[model];
  return {
    id: `${provider}:${model}`,
    ...(known !== undefined && { dimensions: known }),
    embed: (texts, run) =>
      pull(slices(texts, batchSize)).pipe(
        mapAsync((some) => asked(provider, run, (signal) => request(client(), provider, { model, input: some, ...(dimensions !== undefined && { dimensions }) }, signal)), { concurrency }),
        reduce((all: Answer, { vectors, tokens }) => {
          all.vectors.push(...vectors);
          return { vectors: all.vectors, tokens: all.tokens + tokens };
        }, { vectors: [], tokens: 0 }),
        map(({ vectors, tokens }) => (tokens >= 0 ? Object.assign(vectors, { usage: { inputTokens: tokens, outputTokens: 0 } }) : vectors)),
      ),
  };
}

const DIMENSIONS: Readonly<Record<string, number>> = { 'text-embedding-3-small': 1536, 'text-embedding-3-large': 3072, 'text-embedding-ada-002': 1536 };

function* slices(texts: readonly string[], size: number): Generator<string[]> {
  for (let start = 0; start < texts.length; start += size) yield texts.slice(start, start + size);
}

interface EmbeddingBody {
  readonly model: string;
  readonly input: string[];
  readonly dimensions?: number;
}

interface Answer {
  readonly vectors: Vector[];
  /** `NaN` if a server doesn't tell: then nothing is known of them all. */
  readonly tokens: number;
}

async function request(client: OpenAI, provider: string, body: EmbeddingBody, signal: AbortSignal): Promise<Answer> {
  // 'float', because compatible servers may not know the SDK's default.
  const { data, usage } = await client.embeddings.create({ ...wellFormed(body), encoding_format: 'float' }, { ...ONE_ATTEMPT, signal });
  const vectors = Array.isArray(data) ? data.sort((a, b) => a.index - b.index).map(({ embedding }) => embedding) : [];
  if (vectors.length === body.input.length) return { vectors, tokens: (usage as Partial<typeof usage> | undefined)?.prompt_tokens ?? NaN };
  throw protocolError(provider, `${vectors.length} vectors came for ${body.input.length} texts`);
}
