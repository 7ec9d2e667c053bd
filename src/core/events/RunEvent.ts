import type { RunStatus } from './runStatus.js';

/** What every event carries. */
export interface EventHead {
  readonly runId: string;
  /** Position in the run's one stream, from 0, without gaps at its source. */
  readonly seq: number;
  /** Milliseconds on the run's scheduler. */
  readonly at: number;
  /** Graph, subgraph and node names. */
  readonly path: readonly string[];
}

/** What a span is: the field's usual kinds of run. */
export type SpanKind = 'chain' | 'llm' | 'tool' | 'retriever' | 'embedding' | 'prompt' | 'parser' | 'graph' | 'node' | 'agent';

/** An RFC 6902 operation. */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** Tokens, as the provider counts them. `inputTokens` already includes the cached ones. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens?: number;
  readonly reasoningTokens?: number;
}

interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly traceId: string;
  readonly parentRunId: string | undefined;
  readonly attempt: number;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly input: unknown;
}

type Bodies = {
  run_start: SpanStart;
  step_start: { readonly step: number; readonly tasks: readonly string[] };
  node_start: { readonly node: string; readonly taskId: string; readonly attempt: number };
  span_start: SpanStart;
  token: { readonly messageId: string; readonly text: string };
  reasoning: { readonly messageId: string; readonly text: string };
  tool_start: { readonly callId: string; readonly name: string; readonly input: unknown };
  tool_delta: { readonly callId: string; readonly delta: unknown };
  tool_end: { readonly callId: string; readonly name: string; readonly output: unknown; readonly error?: unknown };
  custom: { readonly value: unknown };
  retry: { readonly attempt: number; readonly delayMs: number; readonly error: unknown };
  superseded: { readonly attempt: number };
  /** `input`: the whole of one that came in chunks, of which `span_start` had the first. */
  span_end: { readonly status: 'ok' | 'error' | 'cancelled'; readonly input?: unknown; readonly output?: unknown; readonly error?: unknown; readonly usage?: Usage };
  node_end: { readonly node: string; readonly taskId: string };
  node_error: { readonly node: string; readonly taskId: string; readonly error: unknown };
  state_update: { readonly patch: readonly PatchOperation[]; readonly checkpointId?: string };
  checkpoint: { readonly checkpointId: string; readonly step: number };
  interrupt: { readonly interruptId: string; readonly payload: unknown; readonly schema?: unknown };
  step_end: { readonly step: number };
  late_error: { readonly error: unknown };
  snapshot: { readonly status: RunStatus; readonly state: unknown };
  run_end: { readonly status: 'done' | 'interrupted' | 'cancelled'; readonly output?: unknown; readonly usage?: Usage };
  run_error: { readonly error: unknown };
};

export type RunEventType = keyof Bodies;

/** What an emitter says; the hub adds the head. */
export type RunEventBody<K extends RunEventType = RunEventType> = { [T in K]: { readonly type: T } & Bodies[T] }[K];

/**
 * What happened in a run, for UIs, tracers, stream modes and wires: each of them is a projection of this one stream.
 * `snapshot` is not emitted by a run; a late subscriber of `start()` gets it first, in place of events no longer kept.
 */
export type RunEvent<K extends RunEventType = RunEventType> = { [T in K]: EventHead & RunEventBody<T> }[K];
