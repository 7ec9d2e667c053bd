import { RivuletError } from '../../../core/errors/RivuletError.js';
import type { FunctionToolDefinition, ProviderToolDefinition, ToolDefinition } from '../ChatModel.js';
import type { Body } from './OpenAIApi.js';

/** Tools as a request carries them: functions by `toFunction`, the provider's own as they are. */
export function toTools(tools: readonly ToolDefinition[], toFunction: (tool: FunctionToolDefinition) => Body): readonly Body[] {
  return tools.map((tool) => (isProviderTool(tool) ? own(tool) : toFunction(tool)));
}

/** Names of the tools that take plain text in place of JSON: OpenAI's custom tools. */
export function customNames(tools: readonly ToolDefinition[] = []): ReadonlySet<string> {
  const definitions = tools.filter(isProviderTool).map(({ definition }) => definition as { type?: unknown; name?: unknown; custom?: { name?: unknown } });
  const names = definitions.filter(({ type }) => type === 'custom').map(({ name, custom }) => name ?? custom?.name);
  return new Set(names.filter((name) => typeof name === 'string'));
}

const isProviderTool = (tool: ToolDefinition): tool is ProviderToolDefinition => 'provider' in tool;

function own({ provider, definition }: ProviderToolDefinition): Body {
  if (provider === 'openai') return definition;
  throw new RivuletError('INVALID_OPTION', `a tool of the provider '${provider}' was given to a model that speaks OpenAI's protocol. Give it to a model of '${provider}', or give the tool as a function`);
}

/** Names on the wire hold letters, digits, `_` and `-`. */
export const wireName = (name: string): string => name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64);

/** The arguments as the model wrote them, so that it sees its own mistake too; none are an empty object. */
export const argumentsOf = (args: unknown, raw: string | undefined): string => (raw !== undefined && raw.trim() !== '' ? raw : JSON.stringify(args ?? {}));
