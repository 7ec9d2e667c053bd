// Flow
export { chain, concatText, each, flow, foldOf, isFlow, lambda, last, latest, listFold, single, whileIdle, whole } from './core/index.js';
export type {
  BatchConfig, BatchRunner, Flow, FlowOptions, Fold, Folding, Result, Run, RunInput, RunStream, StartConfig, StreamConfig, Streamed,
  Unwrapped, WholeInput, WholeOf, WholeStep,
} from './core/index.js';

// Policies
export { MemoryCache, withCache, withConfig, withFallback, withRateLimit, withRetry, withTimeout } from './core/index.js';
export type { BoundConfig, CacheOptions, CacheStore, FallbackOptions, RateLimitOptions, RetryOptions, TimeLimits } from './core/index.js';

// Context
export { withContext } from './core/index.js';
export type { AnswerSchema, ContextPatch, InterruptOptions, RunConfig, RunContext, RunScope, RunSettings, TaskScope } from './core/index.js';

// Demand
export { broadcast, buffered, fromReadable, Gate, mapAsync, pull, pullAsync, toAsyncIterable, toReadable, UNBOUNDED, within } from './core/index.js';
export type {
  BroadcastMember, BroadcastOptions, BufferedOptions, Demand, MapAsyncOptions, Overflow, PulledIterator, ToAsyncIterableOptions,
  WithinOptions,
} from './core/index.js';

// Loop
export { iterate } from './core/index.js';

// Operators of one's own
export { contextOf, createSource, demandOf, Link, operate, restartOf } from './core/index.js';
export type { LinkHandlers } from './core/index.js';

// Events and tracing
export { applyPatch } from './core/index.js';
export type { EventHead, EventSink, PatchOperation, RunEvent, RunEventBody, RunEventType, RunStatus, SpanKind, Tracer, Usage } from './core/index.js';

// Errors
export { BackpressureError, CancelledError, FallbackError, isRivuletError, RivuletError, RunTimeoutError } from './core/index.js';
export type { ErrorCode, RivuletErrorOptions } from './core/index.js';

// Messages
export {
  assistant, concatChunks, developer, filterMessages, mergeRuns, messageChunk, messageFold, system, textOf, toMessage, toMessages, toolResult,
  trimMessages, user,
} from './operators/index.js';
export type {
  AssistantMessage, AssistantOptions, AudioBlock, CitationBlock, ContentBlock, ContentInput, DeveloperMessage, FileBlock,
  FilterMessagesOptions, FinishReason, ImageBlock, MediaSource, Message, MessageChunk, MessageInput, MessageLike, MessageMatch,
  MessageOptions, ProviderBlock, ReasoningBlock, Role, SystemMessage, TextBlock, ToolCallBlock, ToolCallDelta, ToolMessage, ToolResultBlock,
  ToolResultOptions, TrimOptions, UserMessage,
} from './operators/index.js';

// Prompts
export { chatPrompt, fewShot, lengthSelector, placeholder, prompt } from './operators/index.js';
export type { ChatEntry, ChatPrompt, ExampleSelector, LengthSelectorOptions, Placeholder, Prompt } from './operators/index.js';

// Models
export { chat, isModelError, ModelError, modelErrorFrom, parseScript, scripted, structuredChat } from './operators/index.js';
export type {
  ChatModel, ChatOptions, ChatRequest, FunctionToolDefinition, JsonSchema, ModelCapabilities, ModelErrorCode, ModelErrorOptions, ModelFailure,
  ProviderToolDefinition, Script, ScriptCall, ScriptChunking, ScriptedOptions, ScriptError, ScriptMatch, ScriptPattern, ScriptRule,
  StructuredChat, StructuredChatOptions, ToolChoice, ToolDefinition, ToolOutcome,
} from './operators/index.js';

// Parsers
export { json, JsonInvalidError, JsonLimitError, list, OutputInvalidError, structured, text } from './operators/index.js';
export type {
  DeepPartial, JsonFeedOptions, JsonOptions, JsonTextOptions, ListOptions, RepairOptions, RepairProblem, StructuredFlow, StructuredOptions,
  TextLocation,
} from './operators/index.js';

// Tools
export {
  callTools, isTool, isToolOutput, jsonSchemaOf, MaxTurnsError, tool, ToolInputError, toolkit, toolLoop, toolOutput, transcript, validatorOf,
} from './operators/index.js';
export type {
  AnyTool, AnyToolkit, Ask, CallToolsOptions, InferInput, InferOutput, ModelLoopOptions, OnToolError, ProviderTool, Schema, SchemaIssue,
  StandardResult, StandardSchema, Tool, ToolChanges, ToolFactory, Toolkit, ToolLoop, ToolLoopChunk, ToolLoopOptions, ToolNamed, ToolOptions,
  ToolOutput, ToolOutputOptions, ToolPolicies, ToolResultChunk, Tools, Transcript, Validation, Validator,
} from './operators/index.js';

// Control
export { assign, branch, parallel, passthrough, pick, route } from './operators/index.js';
export type { AssignChunk, Assigned, Case, ParallelChunk, ParallelOptions, Picked } from './operators/index.js';

// Retrieval
export { embed, hashingEmbeddings } from './operators/index.js';
export type { Embedded, Embeddings, EmbedInput, HashingEmbeddingsOptions, Vector, WithUsage } from './operators/index.js';

// Channels
export { aggregate, anyValue, append, barrier, ephemeral, lastValue, messages, overwrite, removeMessage, topic, untracked } from './channels/index.js';
export type {
  AggregateOptions, Channel, ChannelView, EphemeralOptions, ListChannel, Messages, MessageShape, MessagesWrite, Overwrite, Reducer, ReducerName, RemoveMessage,
  Topic, TopicOptions, ValueOf, WriteOf,
} from './channels/index.js';

// Graphs
export {
  command, END, entrypoint, final, memoryCheckpointer, modelNode, PARENT, previousState, resume, send, START, StateGraph, streamMode, task, toolNode,
  toolsCondition,
} from './pregel/index.js';
export type {
  ChannelName, Channels, ChannelsOf, Checkpointer, Command, CommandFields, CompiledGraph, CompileOptions, ConcurrentRuns, Durability, Entrypoint, EntrypointOptions, Final,
  FlowNodeOptions, GraphCompileOptions, GraphInput, GraphRun, GraphStreamConfig, InputOf, LeaseOptions, MemoryCheckpointer,
  MemoryCheckpointerOptions, ModelNodeOptions, ModePair, ModeTriple, ModeValues, NodeCache, NodeFailure, NodeFunction, NodeOptions, NodeOutput,
  NodePolicy, NodeResult, NodeRun, NodeTimeout, Outcome, OutputOf, PlanOptions, RouteFunction, Saved, Send, SendOptions, StateGraphOptions, StateOf,
  StateSchema, StateSnapshot, StateSpec, Strategy, StreamMode, StreamModeOptions, Target, TaskSnapshot, ThreadConfig, ThreadMethods, ToolNodeOptions, UpdateOf,
} from './pregel/index.js';

// Spans
export { span } from './tracing/index.js';
