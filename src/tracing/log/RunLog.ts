import type { TracedRun } from '../runs/TracedRun.js';

/** A run and all within it, as they stand: a JSON document. What isn't known, or not yet, isn't in it. */
export interface RunLog {
  /** The id of the run that it is the log of. One that waited and was answered goes on as another run: then that one's. */
  readonly root: string;
  /** By their ids, each below its `parentId`. */
  readonly runs: Readonly<Record<string, LoggedRun>>;
}

/** A run as a trace file has it, and what it said on its way. */
export interface LoggedRun extends TracedRun {
  /** A model's answer so far, in pieces; what a restart superseded is gone. */
  readonly streamed: readonly string[];
  /** Its thoughts. */
  readonly reasoned: readonly string[];
  /** The calls of tools in it, by their ids. The tool's run is a run of its own. */
  readonly toolCalls: Readonly<Record<string, LoggedToolCall>>;
  /** A graph's, as its last superstep left it. */
  readonly state?: unknown;
}

/** A call of a tool. */
export interface LoggedToolCall {
  readonly name: string;
  readonly status: 'running' | 'ok' | 'error';
  readonly input: unknown;
  /** What the tool emitted on its way, if it streams. */
  readonly deltas: readonly unknown[];
  readonly output?: unknown;
  readonly error?: unknown;
}
