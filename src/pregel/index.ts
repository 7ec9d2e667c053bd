// Building graphs
export { StateGraph, type GraphCompileOptions, type InputOf, type OutputOf, type StateGraphOptions } from './graph/StateGraph.js';
export { END, INTERRUPT, PARENT, START } from './graph/names.js';
export { command, isCommand, resume, type Command, type CommandFields, type Target } from './graph/command.js';
export { edit, type Edit } from './graph/edit.js';
export { isSend, send, type Send, type SendOptions } from './graph/send.js';
export { channelOf, type WithChannel } from './graph/channelOf.js';
export type { StateSchema } from './graph/schemaChannels.js';
export type { ChannelName, Channels, ChannelsOf, StateOf, StateSpec, UpdateOf } from './graph/StateOf.js';
export type { NodeFailure, NodeFunction, NodeOutput, NodeResult, NodeRun, RouteFunction } from './graph/NodeFunction.js';
export type { FlowNodeOptions, NodeOptions } from './graph/NodeOptions.js';
export type { SequenceEntry } from './graph/sequenceEntries.js';
export type { NodeCache, NodePolicy, NodeTimeout, Strategy } from './graph/GraphPlan.js';

// A single function as a graph
export { entrypoint, previousState, type Entrypoint, type EntrypointOptions, type Outcome, type Saved } from './functional/entrypoint.js';
export { task } from './functional/task.js';
export { final, type Final } from './functional/final.js';

// Nodes to build with
export { modelNode, type ModelNodeOptions } from './nodes/modelNode.js';
export { toolNode, type ToolNodeOptions } from './nodes/toolNode.js';
export { toolsCondition } from './nodes/toolsCondition.js';

// What a graph is made of
export type { ChannelMigration, Migration } from './graph/Migration.js';
export { compilePlan, type CompiledPlan, type PlanOptions } from './graph/compilePlan.js';
export { checkGraph, type GraphReport } from './graph/checkGraph.js';
export { GraphError, type Finding, type FindingCode } from './graph/GraphError.js';
export { graphToJson, type ChannelJson, type EdgeJson, type GraphJson, type NodeJson } from './graph/graphToJson.js';
export { toMermaid } from './graph/toMermaid.js';
export type { BranchDeclaration, EdgeDeclaration, GraphDeclaration, NodeDeclaration } from './graph/GraphDeclaration.js';
export type { Branch, Exits, GraphPlan, Join, NodeBody, PlanChannel, PlanNode } from './graph/GraphPlan.js';

// Checkpoints
export { memoryCheckpointer, type MemoryCheckpointer, type MemoryCheckpointerOptions } from './checkpoints/memoryCheckpointer.js';
export { CHECKPOINT_FORMAT } from './checkpoints/Checkpointer.js';
export type {
  ChannelEntry, Checkpointer, CheckpointHead, CheckpointMetadata, CheckpointSource, Commit, HistoryOptions, Lease, LineAddress, PendingRow,
  PruneOptions, StoredCheckpoint,
} from './checkpoints/Checkpointer.js';

// Long-term stores
export { memoryStore, type MemoryStore, type MemoryStoreOptions } from './stores/memoryStore.js';
export { storeOf } from './stores/storeOf.js';
export type { FieldFilter, Filter } from './stores/filter.js';
export type { StoreIndex } from './stores/storeIndex.js';
export type { Item, ItemValue, Namespace } from './stores/Item.js';
export type { FoundItem, GetOptions, ListNamespacesOptions, PutOptions, SearchOptions, Store, StoreOptions } from './stores/Store.js';

// Errors of checkpointers and stores
export { BranchExistsError } from './checkpoints/BranchExistsError.js';
export { LeaseLostError } from './checkpoints/LeaseLostError.js';
export { StaleCheckpointError } from './checkpoints/StaleCheckpointError.js';
export { StoredError } from './checkpoints/StoredError.js';
export { StoreError, type StoreFailure } from './checkpoints/StoreError.js';
export { ThreadBusyError } from './checkpoints/ThreadBusyError.js';
export { UnknownCheckpointError } from './checkpoints/UnknownCheckpointError.js';

// Graphs that run
export type { CompiledGraph, CompileOptions, GraphInput } from './compiledGraph.js';
export type { ThreadConfig, ThreadMethods } from './threadMethods.js';
export type { GraphRun } from './GraphRun.js';
export type { GraphStreamConfig, Streamed } from './graphStream.js';
export { streamMode, type ModePair, type ModeTriple, type ModeValues, type StreamMode, type StreamModeOptions } from './projections/streamMode.js';
export type { TaskUpdate, UpdatesOf } from './projections/updates.js';
export type { ChunkSource } from './projections/messages.js';
export type { TaskEnd, TaskStart } from './projections/tasks.js';
export type { StoredState } from './projections/checkpoints.js';
export type { DebugEntry } from './projections/debug.js';
export type { ConcurrentRuns, LeaseOptions } from './engine/LeasePolicy.js';
export type { Durability } from './engine/Home.js';
export type { StateSnapshot, TaskSnapshot } from './engine/StateSnapshot.js';
export { InterruptExpiredError } from './engine/InterruptExpiredError.js';
export { NodeTimeoutError } from './engine/NodeTimeoutError.js';
export { AggregateGraphError } from './engine/AggregateGraphError.js';
