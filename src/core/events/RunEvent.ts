import type { RemoteRun } from '../trace/RemoteRun.js';
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

/** Tokens, as the provider counts them. Those of its prompt cache, read and written, are part of `inputTokens`, those of reasoning of `outputTokens`. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Read from the cache. */
  readonly cachedInputTokens?: number;
  /** Written to the cache. */
  readonly cacheWriteTokens?: number;
  /** Of those written, the ones that are to be kept for an hour: they have a price of their own. */
  readonly longCacheWriteTokens?: number;
  readonly reasoningTokens?: number;
}

/** What a run that begins has in common with any other. */
interface RunStart {
  readonly traceId: string;
  readonly parentRunId: string | undefined;
  /** Its place in the order in which the runs of its trace began in this process, the root being 1. */
  readonly order: number;
  readonly attempt: number;
}

interface SpanStart extends RunStart {
  readonly name: string;
  readonly kind: SpanKind;
  /** The conversation that it belongs to. */
  readonly thread?: string | undefined;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly input: unknown;
  /** Of a root whose parent runs elsewhere. */
  readonly remote?: RemoteRun;
}

/** What ends a run. */
interface Ending {
  /** `inputIsCut`, `outputIsCut` where only the beginning is told; and what a tracer operator adds on the way to a tracer: costs, for instance. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

interface NodeHead {
  readonly node: string;
  readonly taskId: string;
  readonly step: number;
}

/** A question that waits for its answer. */
export interface Asked {
  readonly id: string;
  readonly payload: unknown;
  readonly schema?: unknown;
}

type Bodies = {
  run_start: SpanStart;
  step_start: { readonly step: number; readonly tasks: readonly string[] };
  /** It is a run of its own, within the graph's. */
  node_start: NodeHead & RunStart & { readonly metadata: Readonly<Record<string, unknown>> | undefined; readonly input: unknown };
  span_start: SpanStart;
  token: { readonly messageId: string; readonly text: string };
  reasoning: { readonly messageId: string; readonly text: string };
  tool_start: { readonly callId: string; readonly name: string; readonly input: unknown };
  tool_delta: { readonly callId: string; readonly delta: unknown };
  tool_end: { readonly callId: string; readonly name: string; readonly output: unknown; readonly error?: unknown };
  custom: { readonly value: unknown };
  retry: { readonly attempt: number; readonly delayMs: number; readonly error: unknown };
  /** What this run told at this path, and in this task, of this attempt, doesn't count: it comes again. */
  superseded: { readonly attempt: number; readonly taskId?: string };
  /** `input`: the whole of one that came in chunks, of which `span_start` had the first. */
  span_end: Ending & { readonly status: 'ok' | 'error' | 'cancelled'; readonly input?: unknown; readonly output?: unknown; readonly error?: unknown; readonly usage?: Usage };
  /** `writes`: the updates and commands that it gave; `interrupts`: what it asks, if it ended waiting for answers; `cached`: its body was not called. */
  node_end: NodeHead & Ending & { readonly writes: readonly unknown[]; readonly interrupts?: readonly Asked[]; readonly cached?: true };
  /** Also of one that was left: with `CANCELLED`. */
  node_error: NodeHead & Ending & { readonly error: unknown };
  /** The first one of a graph's run puts the whole state there; each superstep after it says what changed. */
  state_update: { readonly step: number; readonly patch: readonly PatchOperation[]; readonly checkpointId: string };
  /** The store has acknowledged it. @property next the nodes that are due there */
  checkpoint: { readonly checkpointId: string; readonly parentId: string | undefined; readonly step: number; readonly source: string; readonly next: readonly string[] };
  /** `node`: who asks; `''` for a pause before or after nodes. `expiresAt`: when it stops waiting, if it does. */
  interrupt: { readonly interruptId: string; readonly taskId: string; readonly node: string; readonly payload: unknown; readonly schema?: unknown; readonly expiresAt?: number };
  step_end: { readonly step: number };
  late_error: { readonly error: unknown };
  /** `state` holds what the events up to `stateSeq` did; none before the first chunk. `start`: by which the run began that it is of, if it did. */
  snapshot: { readonly status: RunStatus; readonly state: unknown; readonly stateSeq: number; readonly start: RunEvent<'run_start'> | undefined };
  run_end: Ending & { readonly status: 'done' | 'interrupted' | 'drained' | 'cancelled'; readonly output?: unknown; readonly usage?: Usage };
  run_error: Ending & { readonly error: unknown };
};

export type RunEventType = keyof Bodies;

/** What an emitter says; the hub adds the head. */
export type RunEventBody<K extends RunEventType = RunEventType> = { [T in K]: { readonly type: T } & Bodies[T] }[K];

/** By which events runs begin: the root, a span, a node. */
export type BeginType = 'run_start' | 'span_start' | 'node_start';

/** What is said of a run that begins; its context adds the order. */
export type BeginBody = { [T in BeginType]: { readonly type: T } & Omit<Bodies[T], 'order'> }[BeginType];

/**
 * What happened in a run, for UIs, tracers, stream modes and wires: each of them is a projection of this one stream.
 * `snapshot` is not emitted by a run; a late subscriber of `start()` gets it first, in place of events no longer kept.
 */
export type RunEvent<K extends RunEventType = RunEventType> = { [T in K]: EventHead & RunEventBody<T> }[K];
