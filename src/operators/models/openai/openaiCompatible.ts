import { RivuletError } from '../../../core/errors/RivuletError.js';
import type { ChatModel, ModelCapabilities } from '../ChatModel.js';
import { chatCompletions } from './chatCompletions.js';
import type { OpenAIClientOptions } from './openaiClient.js';
import { openaiModel, type OpenAIModelOptions } from './openaiModel.js';

export interface OpenAICompatibleOptions extends OpenAIModelOptions {
  /** Where the server's API begins, as in `http://localhost:11434/v1`. */
  readonly baseURL: string;
  readonly model: string;
  /** What to call the server in ids and errors. Default: its host. */
  readonly name?: string;
  /** Default `max_tokens`, which older servers know alone. */
  readonly maxTokensField?: 'max_completion_tokens' | 'max_tokens';
  /** Where earlier reasoning goes back to the model, for instance `reasoning_content`. Default: nowhere, as most servers want. */
  readonly reasoningField?: string;
  /** `false` for a server that refuses `stream_options`; then a streamed answer has no usage. Default true. */
  readonly streamUsage?: boolean;
}

/**
 * A model behind any server that speaks Chat Completions: Ollama, vLLM, llama.cpp, LM Studio, Gemini, Groq, OpenRouter …
 * Nothing is read from OpenAI's environment variables: neither its key nor its organization goes to another server.
 *
 * *Demand*: a source, waits at the nearest boundary; a full one stalls the server. *Timing*: the network's. *Errors*: as of `openai`.
 *
 * @param options `apiKey` if the server wants one; `capabilities` for what the model can: tools and JSON schemas are taken for granted
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts no-run
 * import { chat } from 'rivulet';
 * import { openaiCompatible } from 'rivulet/openai';
 *
 * const local = openaiCompatible({ baseURL: 'http://localhost:11434/v1', model: 'qwen3', capabilities: { reasoning: true } });
 * const answer = await chat(local).invoke('Hello');
 * ```
 */
export function openaiCompatible(options: OpenAICompatibleOptions): ChatModel {
  const { model, maxTokensField = 'max_tokens', reasoningField, streamUsage = true, name, ...settings } = options;
  const host = hostOf(options.baseURL);
  const provider = name ?? host;
  const api = chatCompletions({ provider, developerRole: false, maxTokensField, reasoningField, streamUsage });
  return openaiModel({ provider, model, api, capabilities: () => TAKEN_FOR_GRANTED }, { ...settings, ...strangersKeys(options) });
}

const TAKEN_FOR_GRANTED: ModelCapabilities = { tools: true, structuredOutput: true, images: false, audio: false, files: false, reasoning: false };

/** Set, so that the SDK doesn't read them from the environment; without a key it makes no client. */
function strangersKeys({ apiKey, adminAPIKey, organization, project }: OpenAICompatibleOptions): OpenAIClientOptions {
  return { apiKey: apiKey ?? 'none', adminAPIKey: adminAPIKey ?? null, organization: organization ?? null, project: project ?? null };
}

function hostOf(baseURL: string): string {
  const host = /^https?:\/\/([^/?#]+)/.exec(baseURL)?.[1];
  if (host !== undefined) return host;
  throw new RivuletError('INVALID_OPTION', `baseURL is ${JSON.stringify(baseURL)}. Give the address where the API begins, as in 'http://localhost:11434/v1'`);
}
