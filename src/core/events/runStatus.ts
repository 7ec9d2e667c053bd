/** Where a started run stands. */
export type RunStatus = 'running' | 'waiting_for_input' | 'done' | 'failed' | 'cancelled';
