import type { OpenAI } from 'openai';
import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import type { ChatRequest, FunctionToolDefinition, ToolChoice } from '../ChatModel.js';
import { CompletionReader } from './CompletionReader.js';
import type { Body, OpenAIApi, SendOptions } from './OpenAIApi.js';
import { customNames, toTools, wireName } from './openaiTools.js';
import { toCompletionMessages } from './toCompletionMessages.js';

/** What differs between OpenAI and the servers that are compatible with it. */
export interface ChatCompletionsOptions {
  readonly provider: string;
  readonly developerRole: boolean;
  readonly maxTokensField: 'max_completion_tokens' | 'max_tokens';
  readonly reasoningField?: string | undefined;
  /** Whether to ask for the usage of a streamed answer. */
  readonly streamUsage: boolean;
}

/** OpenAI's Chat Completions, which is also what compatible servers speak. */
export function chatCompletions(options: ChatCompletionsOptions): OpenAIApi {
  return {
    endpoint: '/v1/chat/completions',
    toBody: (model, request, streaming) => toBody(model, request, streaming, options),
    send: (client: OpenAI, body: Body, sending: SendOptions) => client.chat.completions.create(body as unknown as ChatCompletionCreateParams, sending).asResponse(),
    reader: (fallbackId) => new CompletionReader(options.provider, fallbackId),
  };
}

function toBody(model: string, request: ChatRequest, streaming: boolean, options: ChatCompletionsOptions): Body {
  const { messages, tools, toolChoice, parallelToolCalls, temperature, maxTokens, topP, stop, seed, reasoning, output, extra } = request;
  const { developerRole, reasoningField, maxTokensField, streamUsage } = options;
  const customTools = customNames(tools);
  return {
    model,
    messages: toCompletionMessages(messages, { developerRole, reasoningField, customTools }),
    ...(tools && tools.length > 0 && { tools: toTools(tools, toFunction) }),
    ...(toolChoice !== undefined && { tool_choice: toChoice(toolChoice, customTools) }),
    ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { [maxTokensField]: maxTokens }),
    ...(topP !== undefined && { top_p: topP }),
    ...(stop && stop.length > 0 && { stop }),
    ...(seed !== undefined && { seed }),
    ...(reasoning?.effort && { reasoning_effort: reasoning.effort }),
    ...(output && { response_format: { type: 'json_schema', json_schema: { ...output, name: wireName(output.name) } } }),
    ...(streaming && streamUsage && { stream_options: { include_usage: true } }),
    ...extra,
    ...(streaming && { stream: true }),
  };
}

const toFunction = ({ name, description, inputSchema, strict }: FunctionToolDefinition): Body => ({
  type: 'function',
  function: { name, ...(description !== undefined && { description }), parameters: inputSchema, ...(strict !== undefined && { strict }) },
});

function toChoice(choice: ToolChoice, customTools: ReadonlySet<string>): unknown {
  if (typeof choice === 'string') return choice;
  const { name } = choice;
  return customTools.has(name) ? { type: 'custom', custom: { name } } : { type: 'function', function: { name } };
}
