import type { ToolChoice as ToolChoiceParam, ToolUnion } from '@anthropic-ai/sdk/resources/messages';
import { RivuletError } from '../../../core/errors/RivuletError.js';
import type { ChatOptions, FunctionToolDefinition, ProviderToolDefinition, ToolDefinition } from '../ChatModel.js';
import { toStrictSchema } from './toStrictSchema.js';

/** The tools, and how to choose among them; nothing if there are none, as the API then takes no choice either. */
export function toToolParams({ tools = [], toolChoice, parallelToolCalls }: ChatOptions): { tools?: ToolUnion[]; tool_choice?: ToolChoiceParam } {
  if (tools.length === 0) return {};
  const oneAtATime: OneAtATime = parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  const choice = toChoice(toolChoice, oneAtATime);
  return { tools: tools.map(toTool), ...(choice && { tool_choice: choice }) };
}

type OneAtATime = { readonly disable_parallel_tool_use?: true };

function toChoice(choice: ChatOptions['toolChoice'], oneAtATime: OneAtATime): ToolChoiceParam | undefined {
  if (choice === undefined) return oneAtATime.disable_parallel_tool_use && { type: 'auto', ...oneAtATime };
  if (choice === 'none') return { type: 'none' };
  if (choice === 'auto') return { type: 'auto', ...oneAtATime };
  return choice === 'required' ? { type: 'any', ...oneAtATime } : { type: 'tool', name: choice.name, ...oneAtATime };
}

function toTool(tool: ToolDefinition): ToolUnion {
  return 'inputSchema' in tool ? toFunction(tool) : toNative(tool);
}

function toFunction({ name, description, inputSchema, strict }: FunctionToolDefinition): ToolUnion {
  const schema = strict ? toStrictSchema(inputSchema, `the tool '${name}'`) : inputSchema;
  return { name, ...(description !== undefined && { description }), input_schema: { type: 'object', ...schema }, ...(strict && { strict }) };
}

function toNative({ provider, definition }: ProviderToolDefinition): ToolUnion {
  if (provider === 'anthropic') return definition as unknown as ToolUnion;
  throw new RivuletError('INVALID_OPTION', `a tool of the provider '${provider}' was given to a model of Anthropic's. Give it to a model of '${provider}', or give the tool as a function`);
}
