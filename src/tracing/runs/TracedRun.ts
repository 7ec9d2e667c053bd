import type { SpanKind, Usage } from '../../core/events/RunEvent.js';
import type { RemoteRun } from '../../core/trace/RemoteRun.js';

/** How a run stands: `interrupted` is waiting for somebody's answer. */
export type TracedStatus = 'running' | 'ok' | 'error' | 'cancelled' | 'drained' | 'interrupted';

/** Something that happened in a run. */
export interface RunMoment {
  readonly name: string;
  /** Milliseconds. */
  readonly time: number;
  readonly data?: unknown;
}

/** One run in a trace: a span, with what went in and came out. Times are milliseconds on the run's scheduler. */
export interface TracedRun {
  readonly id: string;
  readonly traceId: string;
  readonly parentId: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  readonly status: TracedStatus;
  readonly startTime: number;
  readonly endTime: number | undefined;
  /** When the first token came. */
  readonly firstTokenTime: number | undefined;
  readonly inputs: unknown;
  readonly outputs: unknown;
  readonly error: unknown;
  /** Where the caller files the trace, if it runs elsewhere and says so. */
  readonly project: string | undefined;
  /** The run in another process that its trace here is a part of. It isn't stored: `parentId` and `dottedOrder` say what there is to know. */
  readonly remote: RemoteRun | undefined;
  /** Which try of a policy or a graph it is, the first being 1. */
  readonly attempt: number;
  /** The conversation that it belongs to. */
  readonly thread: string | undefined;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly usage: Usage | undefined;
  /** What tracers add: costs, for instance. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** Retries, interrupts and custom events; of more than 1,000 the first. */
  readonly events: readonly RunMoment[];
  /** Its place in the order in which the runs of its trace began, the root being 1. */
  readonly executionOrder: number;
  /** Sorts the runs of a trace as a tree is drawn: the root's order and its own, and all between. */
  readonly dottedOrder: string;
}
