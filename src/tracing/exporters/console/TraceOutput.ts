import type { SchedulerLike } from 'rxjs';

/** Where a trace is drawn: a stream of Node, or anything that takes text. */
export interface TraceOutput {
  write(text: string): unknown;
  /** Whether it is a terminal, in which what was drawn can be drawn anew. */
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

export interface ConsoleTracerOptions {
  /** Default: standard output in Node, the console in a browser. */
  readonly out?: TraceOutput;
  /** Default: in a terminal, unless `NO_COLOR` is set. */
  readonly color?: boolean;
  /** A terminal is drawn at most once in so many milliseconds. Default 100. */
  readonly frameMs?: number;
  /** What times the drawing. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}
