import type { OpenAI } from 'openai';
import type { ResponseCreateParams } from 'openai/resources/responses/responses';
import type { ChatRequest, FunctionToolDefinition, ToolChoice } from '../ChatModel.js';
import { ModelError } from '../ModelError.js';
import type { Body, OpenAIApi, SendOptions } from './OpenAIApi.js';
import { customNames, toTools, wireName } from './openaiTools.js';
import { ResponseReader } from './ResponseReader.js';
import { toResponseInput } from './toResponseInput.js';

/** How the Responses API keeps what it is asked. */
export interface ResponsesOptions {
  readonly provider: string;
  /** Whether the provider keeps the answer; if not, reasoning travels encrypted in the message. */
  readonly store: boolean | undefined;
}

/** OpenAI's Responses API: reasoning that goes back to the model, and the provider's own tools. */
export function responses({ provider, store }: ResponsesOptions): OpenAIApi {
  return {
    endpoint: '/v1/responses',
    toBody: (model, request, streaming) => toBody(model, request, streaming, { provider, store }),
    send: (client: OpenAI, body: Body, sending: SendOptions) => client.responses.create(body as unknown as ResponseCreateParams, sending).asResponse(),
    reader: (fallbackId) => new ResponseReader(provider, fallbackId),
  };
}

function toBody(model: string, request: ChatRequest, streaming: boolean, { provider, store }: ResponsesOptions): Body {
  const { messages, tools, toolChoice, parallelToolCalls, temperature, maxTokens, topP, reasoning, output, extra } = request;
  refuseUnknown(provider, request);
  const customTools = customNames(tools);
  return {
    model,
    input: toResponseInput(messages, customTools),
    ...(tools && tools.length > 0 && { tools: toTools(tools, toFunction) }),
    ...(toolChoice !== undefined && { tool_choice: toChoice(toolChoice, customTools) }),
    ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { max_output_tokens: maxTokens }),
    ...(topP !== undefined && { top_p: topP }),
    ...(reasoning?.effort && { reasoning: { effort: reasoning.effort } }),
    ...(output && { text: { format: { type: 'json_schema', ...output, name: wireName(output.name) } } }),
    ...(store !== undefined && { store }),
    ...(store === false && { include: ['reasoning.encrypted_content'] }),
    ...extra,
    ...(streaming && { stream: true }),
  };
}

/** Left out in silence, they would change what is answered. */
function refuseUnknown(provider: string, request: ChatRequest): void {
  for (const option of ['stop', 'seed'] as const) {
    if (request[option] === undefined) continue;
    throw new ModelError('MODEL_REQUEST', `the Responses API knows no '${option}'. Leave it out, or ask the model by openai(model), which speaks Chat Completions`, { provider });
  }
}

/** The API's own default is to keep strictly to the schema, which not every schema allows. */
const toFunction = ({ name, description, inputSchema, strict = false }: FunctionToolDefinition): Body => ({
  type: 'function',
  name,
  ...(description !== undefined && { description }),
  parameters: inputSchema,
  strict,
});

function toChoice(choice: ToolChoice, customTools: ReadonlySet<string>): unknown {
  if (typeof choice === 'string') return choice;
  return { type: customTools.has(choice.name) ? 'custom' : 'function', name: choice.name };
}
