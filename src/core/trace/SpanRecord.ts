import type { RunContext } from '../context/RunContext.js';
import { isRivuletError } from '../errors/RivuletError.js';
import type { BeginBody, RunEvent, RunEventBody, SpanKind, Usage } from '../events/RunEvent.js';
import type { Fold } from '../flow/fold.js';
import { WatchedFolding } from './WatchedFolding.js';

export interface SpanInfo {
  readonly name: string;
  readonly kind: SpanKind;
  readonly isRoot: boolean;
  /** Its own, over what it inherits; runs within it don't have it. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly inputFold: Fold<unknown, unknown> | undefined;
  readonly outputFold: Fold<never, unknown>;
}

/** An event while it is made: field by field, as spreading what is optional costs several times more. */
type Writable<T> = { -readonly [K in keyof T]: T[K] };
type SpanBegin = Writable<Exclude<BeginBody, { readonly type: 'node_start' }>>;

/** What one span saw, told as events: opened once, ended once. */
export class SpanRecord {
  private opened = false;
  private ended = false;
  private readonly inputs: WatchedFolding | undefined;
  private readonly outputs: WatchedFolding;
  private inputCount = 0;

  constructor(
    private readonly context: RunContext,
    private readonly info: SpanInfo,
  ) {
    this.inputs = info.inputFold && new WatchedFolding(info.inputFold);
    this.outputs = new WatchedFolding(info.outputFold as Fold<unknown, unknown>);
  }

  input(value: unknown): void {
    if (!this.opened) this.open(value);
    this.inputCount++;
    this.inputs?.add(value);
  }

  inputCompleted(): void {
    if (!this.opened) this.open(undefined);
  }

  output(value: unknown): void {
    if (!this.opened) this.open(undefined);
    this.outputs.add(value);
  }

  restarted(): void {
    this.outputs.restart();
  }

  completed(): void {
    this.end('ok', undefined);
  }

  failed(error: unknown): void {
    this.end(isRivuletError(error, 'CANCELLED') ? 'cancelled' : 'error', error);
  }

  /** Its subscription ended from outside; nothing happens if it had ended by itself, or never opened. */
  cancelled(): void {
    if (this.opened) this.end('cancelled', undefined);
  }

  private open(input: unknown): void {
    this.opened = true;
    const { context, info } = this;
    const event: SpanBegin = {
      type: info.isRoot ? 'run_start' : 'span_start',
      name: info.name,
      kind: info.kind,
      traceId: context.traceId,
      parentRunId: context.parentRunId,
      attempt: context.attempt,
      thread: context.thread,
      tags: context.tags,
      metadata: info.metadata ? { ...context.metadata, ...info.metadata } : context.metadata,
      input,
    };
    if (info.isRoot && context.remote) event.remote = context.remote;
    context.begin(event);
  }

  private end(status: 'ok' | 'error' | 'cancelled', error: unknown): void {
    if (this.ended) return;
    this.ended = true;
    if (!this.opened) this.open(undefined);
    if (this.info.isRoot) this.endRun(status, error);
    else this.endSpan(status, error);
  }

  private endRun(status: 'ok' | 'error' | 'cancelled', error: unknown): void {
    if (status === 'error') return this.context.tell({ type: 'run_error', error });
    const event: Writable<RunEventBody<'run_end'>> = { type: 'run_end', status: this.ending(status) };
    this.addOutput(event);
    this.context.tell(event);
  }

  private ending(status: 'ok' | 'cancelled'): RunEvent<'run_end'>['status'] {
    if (status === 'cancelled') return status;
    return this.context.hub?.ending ?? 'done';
  }

  /** An input that came in chunks is told whole now: when the span opened there was but the first. */
  private endSpan(status: 'ok' | 'error' | 'cancelled', error: unknown): void {
    const input = this.inputCount > 1 ? this.inputs?.result : undefined;
    const event: Writable<RunEventBody<'span_end'>> = { type: 'span_end', status };
    if (input !== undefined) event.input = input;
    if (error !== undefined) event.error = error;
    this.addOutput(event);
    this.context.tell(event);
  }

  private addOutput(event: Writable<RunEventBody<'span_end' | 'run_end'>>): void {
    const output = this.outputs.result;
    if (output === undefined) return;
    event.output = output;
    const usage = usageOf(output);
    if (usage) event.usage = usage;
  }
}

function usageOf(output: unknown): Usage | undefined {
  return typeof output === 'object' && output !== null && 'usage' in output ? (output as { readonly usage?: Usage }).usage : undefined;
}
