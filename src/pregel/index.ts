// Checkpoints
export { memoryCheckpointer, type MemoryCheckpointer, type MemoryCheckpointerOptions } from './checkpoints/memoryCheckpointer.js';
export { CHECKPOINT_FORMAT } from './checkpoints/Checkpointer.js';
export type {
  ChannelEntry, Checkpointer, CheckpointHead, CheckpointMetadata, CheckpointSource, Commit, HistoryOptions, Lease, LineAddress, PendingRow,
  PruneOptions, StoredCheckpoint,
} from './checkpoints/Checkpointer.js';

// Errors of checkpointers
export { BranchExistsError } from './checkpoints/BranchExistsError.js';
export { LeaseLostError } from './checkpoints/LeaseLostError.js';
export { StaleCheckpointError } from './checkpoints/StaleCheckpointError.js';
export { StoredError } from './checkpoints/StoredError.js';
export { StoreError, type StoreFailure } from './checkpoints/StoreError.js';
export { ThreadBusyError } from './checkpoints/ThreadBusyError.js';
export { UnknownCheckpointError } from './checkpoints/UnknownCheckpointError.js';
