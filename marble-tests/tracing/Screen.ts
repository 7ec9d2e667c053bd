import type { SchedulerLike } from 'rxjs';
import type { TraceOutput } from '../../src/tracing/exporters/console/TraceOutput.js';

/** A terminal as it looks: it knows the codes for "so many lines up" and "clear from here". */
export class Screen implements TraceOutput {
  readonly isTTY = true;
  /** When something was drawn. */
  readonly writes: number[] = [];
  private rowsSoFar: string[] = [''];

  constructor(
    private readonly scheduler: SchedulerLike,
    readonly columns = 80,
    readonly rows = 24,
  ) {}

  get lines(): readonly string[] {
    return this.rowsSoFar.slice(0, -1);
  }

  write(text: string): void {
    this.writes.push(this.scheduler.now());
    for (const [piece, up] of text.matchAll(/\u001b\[(\d+)F|\u001b\[J|\n|[^\u001b\n]+/g)) {
      if (up !== undefined) this.rowsSoFar = [...this.rowsSoFar.slice(0, -1 - Number(up)), ''];
      else if (piece === '\n') this.rowsSoFar.push('');
      else if (!piece.startsWith('\u001b')) this.rowsSoFar[this.rowsSoFar.length - 1] += piece;
    }
  }
}
