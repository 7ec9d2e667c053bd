import { asapScheduler, type Subscription } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import type { ToolCallBlock } from '../messages/ContentBlock.js';

/**
 * Tells of one tool call: its start, what it emits on its way, its end. Whether a first emission is a delta or all there
 * is shows at the end of its turn, so it is told then, or as soon as more comes.
 */
export class ToolReport {
  private first: { readonly chunk: unknown } | undefined;
  private streams = false;
  private hop: Subscription | undefined;

  constructor(
    private readonly call: ToolCallBlock,
    private readonly run: RunContext,
  ) {
    run.tell({ type: 'tool_start', callId: call.id, name: call.name, input: call.args ?? call.raw });
  }

  emitted(chunk: unknown): void {
    if (this.first) {
      this.flush();
      return this.delta(chunk);
    }
    this.first = { chunk };
    this.hop = asapScheduler.schedule(() => this.flush());
  }

  done(output: unknown): void {
    this.close();
    this.run.tell({ type: 'tool_end', callId: this.call.id, name: this.call.name, output });
  }

  failed(error: unknown): void {
    this.flush();
    this.run.tell({ type: 'tool_end', callId: this.call.id, name: this.call.name, output: undefined, error });
  }

  /** Nothing more is told of a first emission. */
  close(): void {
    this.hop?.unsubscribe();
  }

  private flush(): void {
    this.close();
    if (this.streams || !this.first) return;
    this.streams = true;
    this.delta(this.first.chunk);
  }

  private delta(delta: unknown): void {
    this.run.tell({ type: 'tool_delta', callId: this.call.id, delta });
  }
}
