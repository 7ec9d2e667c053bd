import type { ChatModel, ModelCapabilities } from '../ChatModel.js';
import { openaiCapabilities } from './openaiCapabilities.js';
import { openaiModel, type OpenAIModelOptions } from './openaiModel.js';
import { responses } from './responses.js';

export interface OpenAIResponsesOptions extends OpenAIModelOptions {
  /** Whether OpenAI keeps the answer (its default). If not, reasoning travels encrypted in the message and goes back with it. */
  readonly store?: boolean;
}

/**
 * A model of OpenAI's by the Responses API: its reasoning goes back to it in the next turn, and its own tools (web search, code
 * interpreter, MCP …) are given as `{ provider: 'openai', definition }` and come back as `provider` blocks.
 *
 * *Demand*: a source, waits at the nearest boundary; a full one stalls the server. *Timing*: the network's.
 * *Errors*: as of `openai`; `MODEL_REQUEST` for `stop` and `seed`, which this API doesn't know.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts no-run
 * import { chat } from 'rivulet';
 * import { openaiResponses } from 'rivulet/openai';
 *
 * const search = { provider: 'openai', definition: { type: 'web_search' } };
 * const answer = await chat(openaiResponses('gpt-5'), { tools: [search] }).invoke('What happened today?');
 * const sources = answer.content.filter((block) => block.type === 'citation');
 * ```
 */
export function openaiResponses(model: string, { store, ...options }: OpenAIResponsesOptions = {}): ChatModel {
  const api = responses({ provider: 'openai', store });
  const capabilities = (name: string): ModelCapabilities => ({ ...openaiCapabilities(name), audio: false });
  return openaiModel({ provider: 'openai', model, api, capabilities }, options);
}
