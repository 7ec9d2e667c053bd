import { styleText } from 'node:util';
import type { RunEvent, Usage } from '../../core/events/RunEvent.js';
import type { CliIo } from '../CliIo.js';
import { printable } from '../../core/text/printable.js';
import { hasColor } from './hasColor.js';
import { Spinner } from './Spinner.js';

type Style = Parameters<typeof styleText>[0];

/** Draws a run in a terminal as its events come; plain text when it isn't one. */
export class EventPrinter {
  private readonly spinner: Spinner | undefined;
  private readonly styled: boolean;
  private midLine = false;
  private startedAt = 0;
  private input = 0;
  private output = 0;
  /** The model calls under way: what is above them sums up the same tokens. */
  private readonly calls = new Set<string>();

  constructor(private readonly io: CliIo) {
    const { stdout, env } = io;
    this.styled = hasColor(stdout, env);
    this.spinner = stdout.isTTY ? new Spinner(stdout) : undefined;
  }

  next(event: RunEvent): void {
    switch (event.type) {
      case 'run_start':
        this.startedAt = event.at;
        return this.spinner?.start();
      case 'node_start':
        this.line(this.style('cyan', `- ${printable(event.path.join('/'))}`));
        return this.spinner?.start();
      case 'retry':
        return this.line(this.style('red', `  ${short(event.error)}, again in ${event.delayMs} ms`));
      case 'reasoning':
        return this.write(this.style('dim', printable(event.text)));
      case 'token':
        return this.write(printable(event.text));
      case 'tool_start':
        this.line(this.style('cyan', `> ${event.name}(${short(event.input)})`));
        return this.spinner?.start();
      case 'tool_end':
        this.line(this.style(event.error === undefined ? 'dim' : 'red', `  ${short(event.error ?? event.output)}`));
        return this.spinner?.start();
      case 'span_start':
        return event.kind === 'llm' ? void this.calls.add(event.runId) : undefined;
      case 'span_end':
        return this.calls.delete(event.runId) && event.usage ? this.count(event.usage) : undefined;
      case 'run_end':
        return event.status === 'interrupted' ? this.stop() : this.summary(event.status === 'cancelled' ? 'cancelled' : this.usage(event.at));
      case 'run_error':
        return this.stop();
    }
  }

  /** Ends whatever is drawn; the cursor stands at the start of a line. */
  stop(): void {
    this.spinner?.stop();
    if (this.midLine) this.io.stdout.write('\n');
    this.midLine = false;
  }

  private count({ inputTokens, outputTokens }: Usage): void {
    this.input += inputTokens;
    this.output += outputTokens;
  }

  private usage(at: number): string {
    const seconds = `${((at - this.startedAt) / 1000).toFixed(1)} s`;
    return this.input + this.output === 0 ? seconds : `${this.input} tokens in, ${this.output} out, ${seconds}`;
  }

  private summary(text: string): void {
    this.line(this.style('dim', `[${text}]`));
    this.stop();
  }

  private line(text: string): void {
    this.stop();
    this.io.stdout.write(`${text}\n`);
  }

  private write(text: string): void {
    this.spinner?.stop();
    this.io.stdout.write(text);
    this.midLine = !text.endsWith('\n');
  }

  private style(style: Style, text: string): string {
    return this.styled ? styleText(style, text, { validateStream: false }) : text;
  }
}

/** One line, of at most 100 characters. */
function short(value: unknown): string {
  const text = printable(value instanceof Error ? value.message : typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replace(/\s+/g, ' ');
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
