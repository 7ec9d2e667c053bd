import type { BeginType, RunEvent, SpanKind, Usage } from '../../core/events/RunEvent.js';
import { dottedOrder } from '../../core/trace/dottedOrder.js';
import type { RemoteRun } from '../../core/trace/RemoteRun.js';
import type { RunMoment, TracedRun, TracedStatus } from './TracedRun.js';

const NOTHING: Readonly<Record<string, never>> = Object.freeze({});
const NO_MOMENTS: readonly RunMoment[] = Object.freeze([]);
const NO_TAGS: readonly string[] = Object.freeze([]);
const MAX_MOMENTS = 1000;

/** A run as its tracer sees it: filled in as it goes. */
export class OpenRun implements TracedRun {
  readonly id: string;
  readonly traceId: string;
  readonly parentId: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startTime: number;
  readonly attempt: number;
  readonly thread: string | undefined;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly executionOrder: number;
  readonly remote: RemoteRun | undefined;
  status: TracedStatus = 'running';
  endTime: number | undefined;
  firstTokenTime: number | undefined;
  inputs: unknown;
  outputs: unknown;
  error: unknown;
  usage: Usage | undefined;
  extra: Readonly<Record<string, unknown>> = NOTHING;
  private moments: RunMoment[] | undefined;
  private order: string | undefined;

  constructor(
    event: RunEvent<BeginType>,
    private readonly parent: OpenRun | undefined,
  ) {
    this.id = event.runId;
    this.traceId = event.traceId;
    this.parentId = event.parentRunId;
    const isNode = event.type === 'node_start';
    this.name = isNode ? event.node : event.name;
    this.kind = isNode ? 'node' : event.kind;
    this.startTime = event.at;
    this.attempt = event.attempt;
    this.thread = (isNode ? undefined : event.thread) ?? parent?.thread;
    this.tags = isNode ? NO_TAGS : event.tags;
    this.metadata = isNode ? { ...event.metadata, step: event.step, taskId: event.taskId } : event.metadata;
    this.inputs = event.input;
    this.executionOrder = event.order;
    this.remote = (isNode ? undefined : event.remote) ?? parent?.remote;
  }

  get project(): string | undefined {
    return this.remote?.project;
  }

  get events(): readonly RunMoment[] {
    return this.moments ?? NO_MOMENTS;
  }

  get dottedOrder(): string {
    return (this.order ??= dottedOrder(this.parent?.dottedOrder ?? this.remote?.dottedOrder, this.startTime, this.executionOrder, this.id));
  }

  /** @returns whether there was room for it */
  add(moment: RunMoment): boolean {
    this.moments ??= [];
    return this.moments.length < MAX_MOMENTS && this.moments.push(moment) > 0;
  }
}
