import type { Observable } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import type { RunScope } from '../../core/context/RunScope.js';
import type { AssistantMessage, Message, MessageChunk } from '../messages/Message.js';

/** A JSON Schema document. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A tool as a model is told of it. */
export interface FunctionToolDefinition {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: JsonSchema;
  /** Asks the provider to keep to the schema, where it can. */
  readonly strict?: boolean;
}

/** A tool that the provider itself runs, in the provider's own words. */
export interface ProviderToolDefinition {
  readonly provider: string;
  readonly definition: Readonly<Record<string, unknown>>;
}

export type ToolDefinition = FunctionToolDefinition | ProviderToolDefinition;

export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

/** What sampling and length parameters every provider knows in some form. */
export interface ChatOptions {
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly reasoning?: { readonly effort?: 'minimal' | 'low' | 'medium' | 'high'; readonly budgetTokens?: number };
  /** Asks for JSON of this schema. Only for models whose `capabilities.structuredOutput` is true. */
  readonly output?: { readonly name: string; readonly schema: JsonSchema; readonly strict?: boolean };
  /** Fields of the provider's own, merged over the request body. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface ChatRequest extends ChatOptions {
  readonly messages: readonly Message[];
}

export interface ModelCapabilities {
  readonly tools?: boolean;
  readonly structuredOutput?: boolean;
  readonly images?: boolean;
  readonly audio?: boolean;
  readonly files?: boolean;
  readonly reasoning?: boolean;
}

/** A model that answers conversations. Caching, tracing, retries and limits are wrappers around it, never inside. */
export interface ChatModel {
  /** Provider and model, as in `openai:gpt-5`. */
  readonly id: string;
  readonly capabilities: ModelCapabilities;
  /** One answer. Unsubscribing cancels the request; a source that honours demand. */
  stream(request: ChatRequest, run: RunScope): Observable<MessageChunk>;
  /** Many requests through the provider's batch service; a failed one is an `Error` in its place. */
  batch?(requests: readonly ChatRequest[], run: RunContext): Observable<readonly (AssistantMessage | Error)[]>;
}
