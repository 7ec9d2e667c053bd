// Messages
export type {
  AudioBlock, CitationBlock, ContentBlock, FileBlock, ImageBlock, MediaSource, ProviderBlock, ReasoningBlock, TextBlock, ToolCallBlock, ToolResultBlock,
} from './messages/ContentBlock.js';
export type {
  AssistantMessage, DeveloperMessage, FinishReason, Message, MessageChunk, Role, SystemMessage, ToolCallDelta, ToolMessage, UserMessage,
} from './messages/Message.js';
export { system } from './messages/system.js';
export { developer } from './messages/developer.js';
export { user } from './messages/user.js';
export { assistant, type AssistantOptions } from './messages/assistant.js';
export { toolResult, type ToolResultOptions } from './messages/toolResult.js';
export { messageChunk, messageFold } from './messages/messageChunk.js';
export { concatChunks } from './messages/concatChunks.js';
export { toMessage, toMessages, type MessageInput, type MessageLike } from './messages/toMessages.js';
export { textOf } from './messages/textOf.js';
export { trimMessages, type TrimOptions } from './messages/trimMessages.js';
export { filterMessages, type FilterMessagesOptions, type MessageMatch } from './messages/filterMessages.js';
export { mergeRuns } from './messages/mergeRuns.js';
export type { MessageOptions } from './messages/messageHead.js';
export type { ContentInput } from './messages/toContent.js';

// Prompts
export { prompt, type Prompt } from './prompts/prompt.js';
export { chatPrompt, type ChatEntry, type ChatPrompt } from './prompts/chatPrompt.js';
export { placeholder, type Placeholder } from './prompts/placeholder.js';
export { fewShot, type ExampleSelector } from './prompts/fewShot.js';
export { lengthSelector, type LengthSelectorOptions } from './prompts/lengthSelector.js';

// Models
export { chat } from './models/chat.js';
export { structuredChat, type StructuredChat, type StructuredChatOptions } from './models/structuredChat.js';
export { scripted, type ScriptedOptions } from './models/scripted/scripted.js';
export { parseScript } from './models/scripted/parseScript.js';
export type {
  Script, ScriptCall, ScriptChunking, ScriptError, ScriptMatch, ScriptPattern, ScriptRule, ToolOutcome,
} from './models/scripted/scriptRule.js';
export type {
  ChatModel, ChatOptions, ChatRequest, FunctionToolDefinition, JsonSchema, ModelCapabilities, ProviderToolDefinition, ToolChoice, ToolDefinition,
} from './models/ChatModel.js';
export { modelErrorFrom, type ModelFailure } from './models/modelErrorFrom.js';
export { isModelError, ModelError, type ModelErrorCode, type ModelErrorOptions } from './models/ModelError.js';

// Parsers
export { text } from './parsers/text.js';
export { json, type JsonOptions } from './parsers/json.js';
export type { JsonFeedOptions } from './parsers/JsonFeed.js';
export type { JsonTextOptions } from './parsers/partialJson/JsonText.js';
export type { TextLocation } from './parsers/partialJson/TextLocation.js';
export type { RepairProblem } from './parsers/repairRequest.js';
export { structured, type RepairOptions, type StructuredFlow, type StructuredOptions } from './parsers/structured.js';
export { list, type ListOptions } from './parsers/list.js';
export type { DeepPartial } from './parsers/DeepPartial.js';
export { JsonInvalidError } from './parsers/partialJson/JsonInvalidError.js';
export { JsonLimitError } from './parsers/partialJson/JsonLimitError.js';
export { OutputInvalidError } from './parsers/OutputInvalidError.js';

// Tools
export { tool, type ProviderTool, type ToolFactory, type ToolOptions } from './tools/tool.js';
export { isTool, type AnyTool, type Tool, type ToolChanges, type ToolPolicies } from './tools/buildTool.js';
export { toolkit, type AnyToolkit, type Toolkit, type ToolNamed, type Tools } from './tools/toolkit.js';
export { callTools, type CallToolsOptions } from './tools/callTools.js';
export { toolLoop, type ModelLoopOptions, type ToolLoop, type ToolLoopChunk, type ToolLoopOptions, type ToolResultChunk } from './tools/toolLoop.js';
export type { OnToolError } from './tools/runToolCall.js';
export type { Ask } from './tools/loopTurn.js';
export { transcript, type Transcript } from './tools/transcript.js';
export { isToolOutput, toolOutput, type ToolOutput, type ToolOutputOptions } from './tools/toolOutput.js';
export { jsonSchemaOf } from './tools/jsonSchemaOf.js';
export { validatorOf, type Validator } from './tools/validatorOf.js';
export type { InferInput, InferOutput, Schema, SchemaIssue, StandardResult, StandardSchema, Validation } from './tools/schema.js';
export { ToolInputError } from './tools/ToolInputError.js';
export { MaxTurnsError } from './tools/MaxTurnsError.js';

// Control
export { parallel, type ParallelChunk, type ParallelOptions } from './control/parallel.js';
export { assign, type AssignChunk, type Assigned } from './control/assign.js';
export { pick, type Picked } from './control/pick.js';
export { passthrough } from './control/passthrough.js';
export { branch, type Case } from './control/branch.js';
export { route } from './control/route.js';

// Retrieval
export { embed, type Embedded, type EmbedInput } from './retrieval/embed.js';
export type { Embeddings, Vector, WithUsage } from './retrieval/embeddings.js';
export { hashingEmbeddings, type HashingEmbeddingsOptions } from './retrieval/hashingEmbeddings.js';
