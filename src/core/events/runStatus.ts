/** Where a started run stands; `drained` is one that ended early, as it was asked to. */
export type RunStatus = 'running' | 'waiting_for_input' | 'done' | 'drained' | 'failed' | 'cancelled';
