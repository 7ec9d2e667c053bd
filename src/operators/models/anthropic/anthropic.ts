import { Anthropic, type ClientOptions } from '@anthropic-ai/sdk';
import { onAbort } from '../../../core/bridge/LazySignal.js';
import { pullAsync } from '../../../core/bridge/pullAsync.js';
import type { RunScope } from '../../../core/context/RunScope.js';
import { CancelledError } from '../../../core/errors/CancelledError.js';
import { requireCount, requireMs } from '../../../core/errors/optionChecks.js';
import { RivuletError } from '../../../core/errors/RivuletError.js';
import { createSource } from '../../../core/subscription.js';
import type { ChatModel, ChatRequest, ModelCapabilities } from '../ChatModel.js';
import { answerChunks } from './answerChunks.js';
import { generationOf } from './generationOf.js';
import { messageBatch } from './messageBatch.js';
import { toRequestBody, type RequestBody } from './toRequestBody.js';

/**
 * How the SDK's client is made (`apiKey`, `baseURL`, `defaultHeaders` …), or the client itself, and how it is asked. Retries and
 * timeouts are not among it: they are `withRetry` and `withTimeout`.
 */
export interface AnthropicOptions extends Omit<ClientOptions, 'maxRetries' | 'timeout'> {
  /** A client of your own; then the settings of the client are its own too. */
  readonly client?: Anthropic;
  /** The most an answer may take where a request doesn't say. Default 16,384; 4,096 for models before Claude 3.7 and for those that aren't Claude. */
  readonly maxTokens?: number;
  /** `false` asks for the answer in one piece, for a gateway that can't stream. Default `true`; an answer in one piece is understood all the same. */
  readonly stream?: boolean;
  /** Offers `batch` by the Message Batches API: cheaper, and done within a day. `pollMs`: how often to look; default 30,000. */
  readonly batch?: boolean | { readonly pollMs?: number };
  /** What the model can do, where it is known better than by its name. */
  readonly capabilities?: ModelCapabilities;
}

/**
 * A model of Anthropic's, through the official SDK.
 *
 * What the API has no word for is left out: `seed`; `temperature` and `topP` since Claude 4.7; an `output`'s name and
 * `strict`, as it always holds to the schema. `reasoning` turns thinking on: by `effort` since Claude 4.6, before by
 * `budgetTokens`. `extra` says the rest: `{ cache_control: { type: 'ephemeral' } }` caches the prompt. Server tools go
 * in as `{ provider: 'anthropic', definition }` and their uses and results come as `provider` blocks, which go back unchanged.
 *
 * *Demand*: a source; the socket is read as downstream is ready. *Timing*: the provider's. *Errors*: `ModelError`, also, when
 * subscribed to, for a missing key; `INVALID_MESSAGE` and `INVALID_OPTION` for what the API has no place for.
 *
 * @param model Anthropic's name for it
 * @param options the SDK's settings or `client`; the key is `apiKey`, by default ANTHROPIC_API_KEY
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts no-run
 * import { chain, chat, text } from 'rivulet';
 * import { anthropic } from 'rivulet/anthropic';
 *
 * const ask = chain(chat(anthropic('claude-sonnet-5-5'), { maxTokens: 1000 }), text());
 * for await (const piece of ask.stream('Why is the sky blue?')) console.log(piece);
 * ```
 */
export function anthropic(model: string, options: AnthropicOptions = {}): ChatModel {
  const { stream = true, batch, maxTokens = defaultMaxTokens(model) } = options;
  if (typeof model !== 'string' || model === '') throw new RivuletError('INVALID_OPTION', `the model's name is ${JSON.stringify(model)}. Give Anthropic's name for it, as in anthropic('claude-sonnet-5-5')`);
  requireCount('maxTokens', maxTokens);
  const client = lazyClient(options);
  const bodyOf = (request: ChatRequest): RequestBody => toRequestBody(model, request, maxTokens);
  return {
    id: `anthropic:${model}`,
    capabilities: { ...capabilitiesOf(model), ...options.capabilities },
    stream: (request: ChatRequest, run: RunScope) =>
      createSource((subscriber) => {
        const controller = new AbortController();
        subscriber.add(() => controller.abort());
        subscriber.add(onAbort(run.signal, (reason) => subscriber.error(new CancelledError(reason))));
        const asking = { client, body: () => bodyOf(request), stream, signal: controller.signal, ids: run.ids, now: () => run.scheduler.now() };
        pullAsync(answerChunks(asking)).subscribe(subscriber);
      }),
    ...(batch && { batch: messageBatch({ client, bodyOf, pollMs: pollMsOf(batch) }) }),
  };
}

function pollMsOf(batch: true | { readonly pollMs?: number }): number {
  const { pollMs = 30_000 } = batch === true ? {} : batch;
  return requireMs('pollMs', pollMs);
}

const THINKS_SINCE = 307;
const HOLDS_TO_SCHEMA_SINCE = 405;

/** Of a model that isn't Claude no more is taken for granted than the protocol. */
function capabilitiesOf(model: string): ModelCapabilities {
  const generation = generationOf(model) ?? 0;
  return { tools: true, structuredOutput: generation >= HOLDS_TO_SCHEMA_SINCE, images: true, audio: false, files: true, reasoning: generation >= THINKS_SINCE };
}

/** Those that think answer at length. */
const defaultMaxTokens = (model: string): number => ((generationOf(model) ?? 0) >= THINKS_SINCE ? 16_384 : 4096);

/** Made when first needed, so that a program is built without a key. What the SDK would print goes down the stream as an error. */
function lazyClient({ client, maxTokens: _maxTokens, stream: _stream, batch: _batch, capabilities: _capabilities, ...settings }: AnthropicOptions): () => Anthropic {
  let made = client;
  return () => (made ??= new Anthropic({ logLevel: 'off', ...settings }));
}
