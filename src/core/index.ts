// Flow
export { flow, isFlow, type Flow, type FlowOptions, type RunInput } from './flow/flow.js';
export { chain } from './flow/chain.js';
export { lambda } from './flow/lambda.js';
export { whole, type WholeInput, type WholeOf, type WholeStep } from './flow/whole.js';
export { each } from './flow/each.js';
export { latest } from './flow/latest.js';
export { whileIdle } from './flow/whileIdle.js';
export { concatText, foldOf, last, list as listFold, single, type Fold, type Folding } from './flow/fold.js';
export type { BatchConfig } from './flow/batch.js';
export type { BatchRunner } from './flow/FlowDefinition.js';
export type { RunStream, StreamConfig } from './flow/stream.js';
export type { Run, StartConfig } from './flow/start.js';
export type { Result, Streamed, Unwrapped } from './bridge/result.js';

// Policies
export { withRetry, type RetryOptions } from './flow/withRetry.js';
export { withTimeout } from './flow/withTimeout.js';
export type { TimeLimits } from './flow/timeLimited.js';
export { withFallback, type FallbackOptions } from './flow/withFallback.js';
export { withCache, type CacheOptions } from './flow/withCache.js';
export type { CacheStore } from './flow/CacheStore.js';
export { MemoryCache } from './flow/MemoryCache.js';
export { withRateLimit, type RateLimitOptions } from './flow/withRateLimit.js';
export { withConfig, type BoundConfig } from './flow/withConfig.js';

// Context
export { withContext, type ContextPatch } from './context/withContext.js';
export type { RunConfig } from './context/RunConfig.js';
export type { RunContext, RunSettings } from './context/RunContext.js';
export type { RunScope } from './context/RunScope.js';
export type { AnswerSchema, InterruptOptions, TaskScope } from './context/TaskScope.js';

// Demand
export { UNBOUNDED, type Demand } from './demand/demand.js';
export { Gate } from './demand/Gate.js';
export { pull } from './demand/pull.js';
export { mapAsync, type MapAsyncOptions } from './demand/mapAsync.js';
export { buffered, type BufferedOptions } from './demand/buffered.js';
export { within, type WithinOptions } from './demand/within.js';
export { broadcast, type BroadcastMember, type BroadcastOptions } from './demand/broadcast.js';
export type { Overflow } from './demand/overflow.js';
export { pullAsync } from './bridge/pullAsync.js';
export { fromReadable } from './bridge/fromReadable.js';
export { toAsyncIterable, type PulledIterator, type ToAsyncIterableOptions } from './bridge/toAsyncIterable.js';
export { toReadable } from './bridge/toReadable.js';

// Loop
export { iterate, type IterateOptions } from './loop/iterate.js';

// Operators of one's own
export { contextOf, createSource, demandOf, Link, operate, restartOf, type LinkHandlers } from './subscription.js';

// Events and tracing
export type { EventHead, PatchOperation, RunEvent, RunEventBody, RunEventType, SpanKind, Usage } from './events/RunEvent.js';
export { applyPatch } from './json/applyPatch.js';
export type { EventSink } from './events/EventHub.js';
export type { RunStatus } from './events/runStatus.js';
export type { Tracer } from './trace/tracer.js';

// Errors
export type { ErrorCode } from './errors/errorCode.js';
export { isRivuletError, RivuletError, type RivuletErrorOptions } from './errors/RivuletError.js';
export { BackpressureError } from './errors/BackpressureError.js';
export { CancelledError } from './errors/CancelledError.js';
export { RunTimeoutError } from './errors/RunTimeoutError.js';
export { FallbackError } from './errors/FallbackError.js';
