// Marble tests
export { marbles, type MarbleKit, type MarbleOptions } from './marbles.js';
export type { RunExpectation } from './RunExpectation.js';
export type { Callee, CancelledExpectation } from './expectCancelled.js';
export type { DemandProbe } from './expectDemand.js';
export { expectContext } from './expectContext.js';
export { expectTrace, type TraceExpectation } from './expectTrace.js';
export { assertEqual, type AssertEqual } from './assertEqual.js';
export { ExpectationError } from './ExpectationError.js';

// Models and tools with a timeline
export { model, type TestModel, type TestModelOptions } from './model.js';
export { tool, type TestTool, type TestToolOptions } from './tool.js';
export { finish, reasoning, text, toolCall, usage, type ChunkValue, type ToolCallValue } from './chunkValue.js';
export type { CallFrames, CallLog } from './CallLog.js';

// Time, ids and randomness
export { virtualClock, type VirtualClock } from './VirtualClock.js';
export { seededIds } from './seededIds.js';
export { seededRandom } from './seededRandom.js';

// Checkpointers and long-term stores
export { checkpointerConformance, type ConformanceOptions, type ConformanceTest } from './checkpointerConformance.js';
export { storeConformance, type StoreConformanceOptions } from './storeConformance.js';
export { simulate, type Simulation } from './simulate/simulate.js';
export type { SimulationOptions } from './simulate/SimulationOptions.js';

// Cassettes
export { record, replay } from './nodeOnly.js';
export type { ReplayOptions } from './cassette/replaying.js';
