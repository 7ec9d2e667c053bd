import type { TracedRun } from '../runs/TracedRun.js';

/** What a model was asked with, besides the messages. */
export interface Invocation {
  /** Under the names that most providers have for them, and those of the provider's own. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** In OpenAI's form; of those that the provider runs, in its own. */
  readonly tools: readonly (FunctionTool | ProviderTool)[];
  /** What else is said of the run. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface FunctionTool {
  readonly type: 'function';
  readonly function: { readonly name: string; readonly description?: unknown; readonly parameters: unknown; readonly strict?: unknown };
}

export type ProviderTool = Readonly<Record<string, unknown>> & { readonly type: string };

/** What is known of a call's settings without knowing their type: `chat` tells them in the metadata of its spans. */
interface ChatOptionsLike {
  readonly tools?: readonly ToolLike[];
  readonly toolChoice?: unknown;
  readonly parallelToolCalls?: unknown;
  readonly temperature?: unknown;
  readonly maxTokens?: unknown;
  readonly topP?: unknown;
  readonly stop?: unknown;
  readonly seed?: unknown;
  readonly reasoning?: { readonly effort?: unknown; readonly budgetTokens?: unknown };
  readonly output?: unknown;
  readonly extra?: Readonly<Record<string, unknown>>;
}

type ToolLike =
  | { readonly name: string; readonly description?: unknown; readonly inputSchema: unknown; readonly strict?: unknown }
  | { readonly provider: string; readonly definition: Readonly<Record<string, unknown>> };

/** What a run's model was asked with, and what else its metadata say. */
export function invocationOf({ kind, metadata }: TracedRun): Invocation {
  const { chatOptions, ...rest } = metadata;
  if (kind !== 'llm' || typeof chatOptions !== 'object' || chatOptions === null) return { parameters: {}, tools: [], metadata };
  const options = chatOptions as ChatOptionsLike;
  return { parameters: parametersOf(options), tools: (options.tools ?? []).map(toolOf), metadata: rest };
}

function parametersOf({ toolChoice, parallelToolCalls, temperature, maxTokens, topP, stop, seed, reasoning, output, extra }: ChatOptionsLike): Readonly<Record<string, unknown>> {
  const all = {
    temperature,
    max_tokens: maxTokens,
    top_p: topP,
    stop,
    seed,
    reasoning_effort: reasoning?.effort,
    reasoning_budget_tokens: reasoning?.budgetTokens,
    tool_choice: toolChoice,
    parallel_tool_calls: parallelToolCalls,
    response_format: output && { type: 'json_schema', json_schema: output },
    ...extra,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function toolOf(tool: ToolLike): FunctionTool | ProviderTool {
  if ('definition' in tool) return { ...tool.definition, type: typeof tool.definition['type'] === 'string' ? tool.definition['type'] : tool.provider };
  const { inputSchema: parameters, ...rest } = tool;
  return { type: 'function', function: { ...rest, parameters } };
}
