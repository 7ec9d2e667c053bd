import type { ChatModel } from '../ChatModel.js';
import { chatCompletions } from './chatCompletions.js';
import { openaiCapabilities } from './openaiCapabilities.js';
import { openaiModel, type OpenAIModelOptions } from './openaiModel.js';

/**
 * A model of OpenAI's by Chat Completions, streamed from the socket as downstream asks for it.
 *
 * *Demand*: a source, waits at the nearest boundary; a full one stalls the server. *Timing*: the network's.
 * *Errors*: `ModelError`: `MODEL_AUTH`, also for a missing key, when it is subscribed to; `MODEL_RATE_LIMIT`, `MODEL_CONTEXT_LENGTH`,
 * `MODEL_CONTENT_FILTER`, `MODEL_OVERLOADED`, `MODEL_NETWORK`, `MODEL_REQUEST`, `MODEL_PROTOCOL`, `MODEL_TRUNCATED`;
 * `INVALID_MESSAGE` for a block that the protocol has no place for.
 *
 * @param model OpenAI's name for it
 * @param options the SDK's settings or `client`; the key is `apiKey`, by default OPENAI_API_KEY
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts no-run
 * import { chain, chat, text } from 'rivulet';
 * import { openai } from 'rivulet/openai';
 *
 * const ask = chain(chat(openai('gpt-5-mini'), { reasoning: { effort: 'low' } }), text());
 * for await (const piece of ask.stream('Why is the sky blue?')) process.stdout.write(piece);
 * ```
 */
export function openai(model: string, options: OpenAIModelOptions = {}): ChatModel {
  const api = chatCompletions({ provider: 'openai', developerRole: true, maxTokensField: 'max_completion_tokens', streamUsage: true });
  return openaiModel({ provider: 'openai', model, api, capabilities: openaiCapabilities }, options);
}
