/* The one file that touches what RxJS keeps to itself: a subscriber's `destination`, and subclassing Subscriber. */
import { Observable, Subscriber, type OperatorFunction, type TeardownLogic } from 'rxjs';
import type { RunContext } from './context/RunContext.js';
import { UNBOUNDED, type Demand } from './demand/demand.js';

// Well-known symbols, so that two copies of the library find each other's context, demand and restart.
const CONTEXT: unique symbol = Symbol.for('rivulet.context') as never;
const DEMAND: unique symbol = Symbol.for('rivulet.demand') as never;
const RESTART: unique symbol = Symbol.for('rivulet.restart') as never;

interface Linked {
  readonly [CONTEXT]?: RunContext | undefined;
  readonly [DEMAND]?: Demand | undefined;
  readonly [RESTART]?: (() => void) | undefined;
  readonly destination?: Linked | null;
}

/** The context of whoever is downstream of `subscriber`. Valid at subscription only. */
export function contextOf(subscriber: Subscriber<never>): RunContext | undefined {
  for (let s = subscriber as unknown as Linked | null | undefined; s; s = s.destination) {
    const context = s[CONTEXT];
    if (context !== undefined) return context;
  }
  return undefined;
}

/** The demand of the nearest boundary downstream of `subscriber`. Valid at subscription only. */
export function demandOf(subscriber: Subscriber<never>): Demand {
  for (let s = subscriber as unknown as Linked | null | undefined; s; s = s.destination) {
    const demand = s[DEMAND];
    if (demand !== undefined) return demand;
  }
  return UNBOUNDED;
}

/**
 * Tells whoever keeps state over the chunks of a run, from the nearest of them downstream, that the chunks so far are
 * superseded and the run starts over. Taken at subscription, called when it happens.
 */
export function restartOf(subscriber: Subscriber<never>): () => void {
  for (let s = subscriber as unknown as Linked | null | undefined; s; s = s.destination) {
    const restart = s[RESTART];
    if (restart !== undefined) return restart;
  }
  return nothing;
}

const nothing = (): void => undefined;

export interface LinkHandlers<T> {
  readonly next: (value: T) => void;
  /** Default: completes the destination. */
  readonly complete?: () => void;
  /** Default: errors the destination. */
  readonly error?: (error: unknown) => void;
  /** What upstream finds when it asks for demand, context or restart; default: what is further down. */
  readonly demand?: Demand | undefined;
  readonly context?: RunContext | undefined;
  readonly restart?: (() => void) | undefined;
  /** Whoever made it ends it. A destination that has thousands of them takes long to let go of each. */
  readonly detached?: boolean;
}

/** Our general subscriber: callbacks, always linked to its destination, so that the walk goes on through it. */
export class Link<T> extends Subscriber<T> {
  readonly [CONTEXT]: RunContext | undefined;
  readonly [DEMAND]: Demand | undefined;
  readonly [RESTART]: (() => void) | undefined;
  private readonly target: Subscriber<never> | undefined;
  private readonly handlers: LinkHandlers<T>;
  /** Kept apart, as handlers are of many shapes: it is called for every value. */
  private readonly onNext: LinkHandlers<T>['next'];

  /**
   * @param destination what it unsubscribes with, unless it is detached; without one it is a run's last subscriber
   * @param handlers functions, or an object whose methods they are
   */
  constructor(destination: Subscriber<never> | undefined, handlers: LinkHandlers<T>) {
    const { detached } = handlers;
    super(detached ? undefined : destination);
    if (detached && destination) this.destination = destination;
    this.target = destination; // kept, as `destination` is gone once it is closed
    this.handlers = handlers;
    this.onNext = handlers.next;
    this[CONTEXT] = handlers.context;
    this[DEMAND] = handlers.demand;
    this[RESTART] = handlers.restart;
  }

  protected override _next(value: T): void {
    try {
      this.onNext.call(this.handlers, value);
    } catch (error) {
      (this.target ?? this).error(error);
    }
  }

  protected override _error(error: unknown): void {
    if (!this.handlers.error) return super._error(error);
    try {
      this.handlers.error(error);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    if (!this.handlers.complete) return super._complete();
    try {
      this.handlers.complete();
    } catch (error) {
      if (this.target) this.target.error(error);
      else this.handlers.error?.(error);
    } finally {
      this.unsubscribe();
    }
  }
}

/** Passes everything through; upstream of it sees `context`. */
export class ContextLink<T> extends Subscriber<T> {
  readonly [CONTEXT]: RunContext;
  constructor(destination: Subscriber<T>, context: RunContext) {
    super(destination);
    this[CONTEXT] = context;
  }
}

/**
 * Makes an operator from what happens at subscription. A subscriber that is closed already (RxJS subscribes to sources
 * on closed ones, whose destination is gone) is left alone.
 */
export function operate<T, R>(init: (source: Observable<T>, subscriber: Subscriber<R>) => TeardownLogic): OperatorFunction<T, R> {
  return (source) => new Observable<R>((subscriber) => (subscriber.closed ? undefined : init(source, subscriber)));
}

/** Makes a source from what happens at subscription, under the same guard as `operate`. */
export function createSource<T>(init: (subscriber: Subscriber<T>) => TeardownLogic): Observable<T> {
  return new Observable<T>((subscriber) => (subscriber.closed ? undefined : init(subscriber)));
}
