import type { Observable, OperatorFunction, Subscriber, Subscription } from 'rxjs';
import { rootContext, type RunContext } from '../context/RunContext.js';
import { contextOf, createSource, Link, restartOf } from '../subscription.js';
import { carryFold } from './fold.js';
import { Replay } from './Replay.js';

/** How many input chunks of a run are kept for another attempt, unless `maxReplay` says otherwise. */
export const DEFAULT_REPLAY = 10_000;

export interface AttemptOptions {
  /**
   * Tries again also after the first emission: what was emitted is superseded, which a `superseded` event tells and which
   * resets the folds downstream. Default false: then the error goes on.
   */
  readonly restart?: boolean | undefined;
  /** How many input chunks of a run are kept for another attempt; a longer one isn't tried again. Default 10,000. */
  readonly maxReplay?: number | undefined;
}

/** What is tried, and what follows a failure. */
export interface AttemptPlan<I, O> extends AttemptOptions {
  /** The operator of an attempt; the first is 1. */
  operator(attempt: number): OperatorFunction<I, O>;
  /** Milliseconds to wait before another attempt, or `undefined` if there is none. */
  delayMs(error: unknown, attempt: number, run: RunContext): number | undefined;
  /** What goes on when there is no other attempt. Default: the error. */
  failure?(error: unknown): unknown;
}

/** One run of a policy that tries: its source is subscribed to once, and its chunks are replayed to each attempt. */
export class Attempts<I, O> {
  private readonly outer: RunContext | undefined;
  private readonly run: RunContext;
  private readonly restart: () => void;
  private readonly input: Replay<I>;
  private readonly input$: Observable<I>;
  private attempt = 0;
  private emitted = false;
  private due = false;
  private trying = false;
  private sleep: Subscription | undefined;
  private source: Observable<I> | undefined;
  private sourceIsWanted = false;

  constructor(
    source: Observable<I>,
    private readonly subscriber: Subscriber<O>,
    private readonly plan: AttemptPlan<I, O>,
  ) {
    this.outer = contextOf(subscriber);
    this.run = this.outer ?? rootContext();
    this.restart = restartOf(subscriber);
    this.input = new Replay<I>(plan.maxReplay ?? DEFAULT_REPLAY);
    this.source = source;
    this.input$ = carryFold(source, createSource((reader) => this.read(reader)));
  }

  start(): void {
    this.subscriber.add(() => this.sleep?.unsubscribe());
    this.tryAgain();
  }

  /** A loop, not recursion: an attempt may fail at once, and the next follow at once. */
  private readonly tryAgain = (): void => {
    this.due = true;
    if (this.trying) return;
    this.trying = true;
    while (this.due && !this.subscriber.closed) {
      this.due = false;
      this.begin(++this.attempt);
    }
    this.trying = false;
    if (this.sourceIsWanted) this.connect();
  };

  private read(reader: Subscriber<I>): void {
    this.input.values$.subscribe(reader);
    this.sourceIsWanted = true;
    if (!this.trying) this.connect();
  }

  /** Once, and never within the loop: a source that emits at once would keep the next attempt from beginning. */
  private connect(): void {
    const { source } = this;
    this.source = undefined;
    source?.subscribe(this.input.link(this.subscriber));
  }

  private begin(attempt: number): void {
    const { subscriber } = this;
    const link: Link<O> = new Link<O>(subscriber, {
      context: attempt === this.run.attempt ? this.run : this.run.with({ attempt }),
      next: (chunk) => {
        this.emitted = true;
        subscriber.next(chunk);
      },
      error: (error) => {
        link.unsubscribe(); // an attempt has ended, tools and sockets included, before the next begins
        this.failed(error);
      },
      restart: () => {
        this.emitted = false;
        this.restart();
      },
    });
    try {
      this.plan.operator(attempt)(this.input$).subscribe(link);
    } catch (error) {
      subscriber.error(error);
    }
  }

  private failed(error: unknown): void {
    const { plan, run, subscriber } = this;
    if (this.sourceFailed()) return subscriber.error(error);
    try {
      const delayMs = this.canTryAgain() ? plan.delayMs(error, this.attempt, run) : undefined;
      if (delayMs === undefined) return subscriber.error(plan.failure ? plan.failure(error) : error);
      if (this.emitted) this.supersede();
      run.tell({ type: 'retry', attempt: this.attempt + 1, delayMs, error });
      if (delayMs === 0) this.tryAgain();
      else this.sleep = run.scheduler.schedule(this.tryAgain, delayMs);
    } catch (thrown) {
      subscriber.error(thrown);
    }
  }

  /** Its chunks would fail again, whoever takes them. */
  private sourceFailed(): boolean {
    return this.input.ending !== undefined && 'error' in this.input.ending;
  }

  private canTryAgain(): boolean {
    return (!this.emitted || this.plan.restart === true) && this.input.all !== undefined;
  }

  private supersede(): void {
    this.emitted = false;
    this.run.tell({ type: 'superseded', attempt: this.attempt });
    this.restart();
  }
}
