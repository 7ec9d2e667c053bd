import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { rootContext, type RunContext } from '../context/RunContext.js';
import { RunTimeoutError } from '../errors/RunTimeoutError.js';
import { contextOf, demandOf, Link, operate } from '../subscription.js';
import { carryFold, isWhole } from './fold.js';
import { Stopwatch } from './Stopwatch.js';

export interface TimeLimits {
  /** The longest time to completion. */
  readonly totalMs?: number | undefined;
  /** The longest wait for the first value. Default: `idleMs`. */
  readonly firstMs?: number | undefined;
  /** The longest wait for each further value. */
  readonly idleMs?: number | undefined;
}

/**
 * Errors with `TIMEOUT` if `operator` is slower than `limits`. Only its own time counts: from when it has its input (the
 * first value, or all chunks where they are chunks of one thing), and not while it waits at a closed gate.
 */
export function timeLimited<I, O>(operator: OperatorFunction<I, O>, limits: TimeLimits): OperatorFunction<I, O> {
  return operate((source, subscriber) => new TimeLimited<O>(limits, subscriber).subscribeTo(operator, source));
}

class TimeLimited<O> {
  private readonly context: RunContext;
  private readonly total: Stopwatch | undefined;
  private readonly first: Stopwatch | undefined;
  private readonly idle: Stopwatch | undefined;
  private started = false;
  private emitted = false;

  constructor(
    private readonly limits: TimeLimits,
    private readonly subscriber: Subscriber<O>,
  ) {
    this.context = contextOf(subscriber) ?? rootContext();
    const { totalMs, firstMs, idleMs } = limits;
    this.total = this.stopwatch('total', totalMs);
    this.first = this.stopwatch('first', firstMs);
    this.idle = this.stopwatch('idle', idleMs);
  }

  subscribeTo<I>(operator: OperatorFunction<I, O>, source: Observable<I>): void {
    const { subscriber } = this;
    let awaitsInput = false;
    const input = new Observable<I>((inner) => {
      awaitsInput = true;
      source.subscribe(this.inputLink(source, inner));
    });
    const link = new Link<O>(subscriber, { next: (value) => this.received(value) });
    subscriber.add(() => this.stop());
    operator(carryFold(source, input)).subscribe(link);
    if (!awaitsInput) this.start();
  }

  private inputLink<I>(source: Observable<I>, inner: Subscriber<I>): Link<I> {
    const link = new Link<I>(inner, {
      next: (value) => {
        inner.next(value);
        if (!this.started && isWhole(source, value)) this.start();
      },
    });
    link.add(() => this.start()); // complete, or no more of it is wanted
    return link;
  }

  private start(): void {
    if (this.started || this.subscriber.closed) return;
    this.started = true;
    const { totalMs = 0, firstMs = 0, idleMs = 0 } = this.limits;
    this.total?.start(totalMs);
    if (this.first && !this.emitted) this.first.start(firstMs);
    else this.idle?.start(idleMs);
  }

  private received(value: O): void {
    this.emitted = true;
    this.subscriber.next(value);
    if (!this.started || this.subscriber.closed) return;
    this.first?.stop();
    this.idle?.start(this.limits.idleMs ?? 0);
    this.total?.lookAtGate();
  }

  private stop(): void {
    this.total?.stop();
    this.first?.stop();
    this.idle?.stop();
  }

  private stopwatch(limit: 'total' | 'first' | 'idle', ms: number | undefined): Stopwatch | undefined {
    if (ms === undefined) return undefined;
    const { context, subscriber } = this;
    return new Stopwatch(context.scheduler, demandOf(subscriber), () => subscriber.error(new RunTimeoutError(limit, ms, context.path)));
  }
}
