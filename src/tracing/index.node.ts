// Spans
export { span } from './span.js';
export { traced, type TracedOptions } from './traced.js';

// Runs
export { runTracer, type RunSink } from './runs/runTracer.js';
export { readTrace, type StoredTrace } from './runs/readTrace.js';
export { drawTree } from './drawing/drawTree.js';
export type { DrawTreeOptions } from './drawing/treeLines.js';
export { treesOf, type RunTree } from './runs/RunTree.js';
export type { RunMoment, TracedRun, TracedStatus } from './runs/TracedRun.js';
export type { Tracer } from '../core/trace/tracer.js';

// Logs for UIs
export { runLog, type RunLogPatch } from './runLog.js';
export type { LoggedRun, LoggedToolCall, RunLog } from './log/RunLog.js';

// Taps
export { tapEvents } from './tapEvents.js';
export { onRun, type RunHandlers } from './onRun.js';
export { debug, type DebugOptions } from './debug.js';
export type { EventTap } from './eventTap.js';

// What stands between runs and a tracer
export type { TracerOperator } from './TracerOperator.js';
export { redact, type RedactOptions } from './redact.js';
export { personalRules, secretRules } from './redaction/secretRules.js';
export { secretKeys } from './redaction/secretKeys.js';
export type { SecretRule } from './redaction/SecretRule.js';
export { sample, type RunStart } from './sample.js';
export { costs, type CostsOptions } from './costs.js';
export { modelPrices } from './prices/modelPrices.js';
export type { Prices, PriceTable, RunCost, TokenPrices } from './prices/Prices.js';

// Exporters
export { memoryTracer, type MemoryTracer, type MemoryTracerOptions } from './exporters/memoryTracer.js';
export { consoleTracer } from './node/consoleTracer.js';
export type { ConsoleTracerOptions, TraceOutput } from './exporters/console/TraceOutput.js';
export { fileTracer } from './node/fileTracer.js';
export { flushOnExit } from './node/flushOnExit.js';
export { ExportQueue, type ExportLimits, type ExportQueueOptions } from './exporters/ExportQueue.js';
export { exportingTracer, type ExportingTracer } from './exporters/exportingTracer.js';
export type { Parcel } from './exporters/Backlog.js';
export type { SendingOptions } from './exporters/sending.js';
export { langsmithTracer } from './node/langsmithTracer.js';
export type { LangsmithOptions } from './exporters/langsmith/langsmithOptions.js';
export type { LangsmithReplica } from './exporters/langsmith/langsmithDestinations.js';
export type { Hide } from './exporters/langsmith/hidden.js';

// Runs across processes
export { headersOf } from './distributed/headersOf.js';
export { remoteParent, type IncomingHeaders } from './distributed/remoteParent.js';
export type { RemoteRun } from '../core/trace/RemoteRun.js';
