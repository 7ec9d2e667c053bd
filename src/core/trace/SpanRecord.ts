import type { RunContext } from '../context/RunContext.js';
import { isRivuletError } from '../errors/RivuletError.js';
import type { SpanKind, Usage } from '../events/RunEvent.js';
import type { Fold, Folding } from '../flow/fold.js';

export interface SpanInfo {
  readonly name: string;
  readonly kind: SpanKind;
  readonly isRoot: boolean;
  readonly inputFold: Fold<unknown, unknown> | undefined;
  readonly outputFold: Fold<never, unknown>;
}

/** What one span saw, told as events: opened once, ended once. */
export class SpanRecord {
  private opened = false;
  private ended = false;
  private outputs: Folding<unknown, unknown> | undefined;

  constructor(
    private readonly context: RunContext,
    private readonly info: SpanInfo,
  ) {}

  input(value: unknown): void {
    if (!this.opened) this.open(value);
  }

  inputCompleted(): void {
    if (!this.opened) this.open(undefined);
  }

  output(value: unknown): void {
    if (!this.opened) this.open(undefined);
    this.outputs ??= this.startOutputs();
    this.outputs.add(value);
  }

  restarted(): void {
    this.outputs = undefined;
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

  private startOutputs(): Folding<unknown, unknown> {
    return (this.info.outputFold as Fold<unknown, unknown>).start();
  }

  private open(input: unknown): void {
    this.opened = true;
    const { context, info } = this;
    context.tell({
      type: info.isRoot ? 'run_start' : 'span_start',
      name: info.name,
      kind: info.kind,
      traceId: context.traceId,
      parentRunId: context.parentRunId,
      attempt: context.attempt,
      tags: context.tags,
      metadata: context.metadata,
      input,
    });
  }

  private end(status: 'ok' | 'error' | 'cancelled', error: unknown): void {
    if (this.ended) return;
    this.ended = true;
    if (!this.opened) this.open(undefined);
    const output = this.outputs && safely(this.outputs);
    if (!this.info.isRoot) {
      const usage = usageOf(output);
      this.context.tell({ type: 'span_end', status, ...(output !== undefined && { output }), ...(error !== undefined && { error }), ...(usage && { usage }) });
    } else if (status === 'error') this.context.tell({ type: 'run_error', error });
    else this.context.tell({ type: 'run_end', status: status === 'ok' ? 'done' : 'cancelled', ...(output !== undefined && { output }) });
  }
}

/** The result so far; a fold that can't make one (an ambiguous or broken run) has none to tell. */
function safely(outputs: Folding<unknown, unknown>): unknown {
  try {
    return outputs.result();
  } catch (error) {
    if (isRivuletError(error)) return undefined;
    throw error;
  }
}

function usageOf(output: unknown): Usage | undefined {
  return typeof output === 'object' && output !== null && 'usage' in output ? (output as { readonly usage?: Usage }).usage : undefined;
}
