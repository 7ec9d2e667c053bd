import type { RunContext } from '../context/RunContext.js';
import { isRivuletError } from '../errors/RivuletError.js';
import type { RunEvent, SpanKind } from '../events/RunEvent.js';
import type { Fold } from '../flow/fold.js';
import { WatchedFolding } from './WatchedFolding.js';

/** What all runs of a span have in common. */
export interface SpanInfo {
  readonly name: string;
  readonly kind: SpanKind;
  readonly fold: Fold<never, unknown>;
  readonly isRoot: boolean;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  readonly stepTag: string | undefined;
}

/** An event while it is made: field by field, as spreading what is optional costs several times more. */
type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What one span saw, told as events: opened once, ended once. */
export class SpanRecord {
  private opened = false;
  private ended = false;
  private readonly inputs: WatchedFolding | undefined;
  private readonly outputs: WatchedFolding;
  private inputCount = 0;

  /**
   * @param outer what it is in
   * @param inputFold how the chunks of its input fold, if they are chunks
   */
  constructor(
    private readonly info: SpanInfo,
    private readonly context: RunContext,
    private readonly outer: RunContext,
    inputFold: Fold<unknown, unknown> | undefined,
  ) {
    this.inputs = inputFold && new WatchedFolding(inputFold);
    this.outputs = new WatchedFolding(info.fold as Fold<unknown, unknown>);
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

  /** The head is the hub's to fill in: it is there so that the event needn't grow. */
  private open(input: unknown): void {
    this.opened = true;
    const { context, info, outer } = this;
    const event: Writable<RunEvent<'run_start' | 'span_start'>> = {
      type: info.isRoot ? 'run_start' : 'span_start',
      runId: '',
      seq: 0,
      at: 0,
      path: context.path,
      name: outer.runName ?? info.name,
      kind: info.kind,
      traceId: context.traceId,
      parentRunId: context.parentRunId,
      order: 0,
      attempt: context.attempt,
      thread: context.thread,
      tags: tagged(context.tags, info.stepTag, outer.stepTag),
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
    const { context } = this;
    if (status === 'error') return context.tell({ type: 'run_error', error });
    const event: Writable<RunEvent<'run_end'>> = { type: 'run_end', runId: context.runId, seq: 0, at: 0, path: context.path, status: this.ending(status) };
    this.addOutput(event);
    context.tell(event);
  }

  private ending(status: 'ok' | 'cancelled'): RunEvent<'run_end'>['status'] {
    if (status === 'cancelled') return status;
    return this.context.hub?.ending ?? 'done';
  }

  /** An input that came in chunks is told whole now: when the span opened there was but the first. */
  private endSpan(status: 'ok' | 'error' | 'cancelled', error: unknown): void {
    const { context } = this;
    const input = this.inputCount > 1 ? this.inputs?.result : undefined;
    const event: Writable<RunEvent<'span_end'>> = { type: 'span_end', runId: context.runId, seq: 0, at: 0, path: context.path, status };
    if (input !== undefined) event.input = input;
    if (input !== undefined && this.inputs?.isCut) event.extra = { inputIsCut: true };
    if (error !== undefined) event.error = error;
    this.addOutput(event);
    context.tell(event);
  }

  private addOutput(event: Writable<RunEvent<'span_end' | 'run_end'>>): void {
    const output = this.outputs.result;
    if (output === undefined) return;
    event.output = output;
    if (this.outputs.isCut) event.extra = { ...event.extra, outputIsCut: true };
    const usage = this.outputs.usageIn(output);
    if (usage) event.usage = usage;
  }
}

/** Tags that it inherits, and those of the steps that it is: in a chain, and around it. */
function tagged(tags: readonly string[], own: string | undefined, outer: string | undefined): readonly string[] {
  if (outer === undefined) return own === undefined ? tags : [...tags, own];
  return own === undefined ? [...tags, outer] : [...tags, outer, own];
}
