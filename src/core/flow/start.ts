import { AsyncSubject, filter, map, Observable, ReplaySubject, startWith, Subject, Subscription, type SchedulerLike } from 'rxjs';
import { foldToPromise } from '../bridge/foldToPromise.js';
import { eitherSignal, LazySignal } from '../bridge/LazySignal.js';
import type { RunConfig } from '../context/RunConfig.js';
import { contextFor, isRunContext, type RunContext } from '../context/RunContext.js';
import { subscriberOf } from '../context/RunScope.js';
import { CancelledError } from '../errors/CancelledError.js';
import { isRivuletError, RivuletError } from '../errors/RivuletError.js';
import { requireCount } from '../errors/optionChecks.js';
import { EventHub } from '../events/EventHub.js';
import { EventLog } from '../events/EventLog.js';
import type { RunEvent } from '../events/RunEvent.js';
import type { RunStatus } from '../events/runStatus.js';
import { Link } from '../subscription.js';
import { last, type Folding } from './fold.js';
import type { FlowDefinition } from './FlowDefinition.js';
import { openRun } from './run.js';
import { scheduledAt } from './scheduledAt.js';

export interface StartConfig extends RunConfig {
  /** How many events a late subscriber gets; before older ones, a snapshot. Default 1,000. */
  readonly replay?: number;
  /** Ends the run when the last subscriber leaves. Default false: only `cancel()` ends it. */
  readonly refCount?: boolean;
}

/**
 * A started run: what UI components hold. It goes on however many subscribe; its streams complete when it ends. While it waits for an
 * answer it doesn't end; when an interrupt's `ttlMs` is over, it goes on by itself.
 */
export interface Run<O, R> {
  readonly runId: string;
  readonly thread: string | undefined;
  readonly status$: Observable<RunStatus>;
  readonly events$: Observable<RunEvent>;
  readonly tokens$: Observable<string>;
  /** The chunks from now on; those before are in `state$`. */
  readonly chunks$: Observable<O>;
  /** The result of the chunks so far, now and after each chunk. */
  readonly state$: Observable<R>;
  readonly interrupts$: Observable<RunEvent<'interrupt'>>;
  /** Rejects with the run's error, or `CANCELLED`. */
  readonly result: Promise<R>;
  /** Answers what the run waits for. A flow that can't wait refuses with `NOT_IN_TASK`. */
  resume(answer: unknown): void;
  /**
   * Ends the run once the superstep it is in is done and stored; `result` is what it came to by then, and its thread goes on from
   * there. Of a flow that is no graph: `NOT_IN_TASK`.
   */
  drain(): void;
  cancel(reason?: unknown): void;
}

interface Ending {
  readonly status: Exclude<RunStatus, 'running'>;
  readonly error?: unknown;
}

/** Starts a run at once. */
export function startRun<I, O, R>(definition: FlowDefinition<I, O, R>, input: I, config?: StartConfig | RunContext): Run<O, R> {
  return new StartedRun(definition, input, config);
}

class StartedRun<I, O, R> implements Run<O, R> {
  readonly runId: string;
  readonly thread: string | undefined;
  private readonly status = new ReplaySubject<RunStatus>(1); // a BehaviorSubject that has completed tells nothing any more
  private readonly outcome = new AsyncSubject<R>();
  private readonly chunks = new Subject<O>();
  private readonly log: EventLog;
  private readonly draining = new LazySignal();
  private readonly refCount: boolean;
  private readonly above: RunContext | undefined;
  private readonly hub: EventHub;
  private readonly scheduler: SchedulerLike;
  private link: Link<O> | undefined;
  private folding: Folding<O, R>;
  /** The newest event before its last chunk. */
  private foldedSeq = -1;
  private watchers = 0;
  private ending: Ending | undefined;
  private deadline = Subscription.EMPTY;

  constructor(
    private readonly definition: FlowDefinition<I, O, R>,
    input: I,
    private readonly config: StartConfig | RunContext | undefined,
  ) {
    this.above = isRunContext(config) ? config : undefined;
    const context = contextFor(this.above, config, START_KEYS);
    const { replay = 1000, refCount = false }: StartConfig = config && !isRunContext(config) ? config : {};
    this.refCount = refCount;
    this.runId = context.runId;
    this.thread = context.thread;
    this.scheduler = context.scheduler;
    this.folding = definition.fold.start();
    this.log = new EventLog(requireCount('replay', replay, { min: 0 }), () => this.snapshot(context));
    this.hub = context.hub?.with(this.log) ?? new EventHub([this.log]);
    this.open(input, context);
  }

  readonly status$ = this.counted(() => this.status);
  readonly events$ = this.counted(() => this.log.events$);
  readonly tokens$ = this.counted(() => this.log.events$.pipe(filter((event) => event.type === 'token'), map((event) => event.text)));
  readonly chunks$ = this.counted(() => this.chunks);
  readonly state$ = this.counted(() => this.states());
  readonly interrupts$ = this.counted(() => this.log.events$.pipe(filter((event) => event.type === 'interrupt')));

  get result(): Promise<R> {
    return foldToPromise(last<R>(), undefined, (subscriber) => this.outcome.subscribe(subscriber));
  }

  resume(answer: unknown): void {
    const { definition } = this;
    if (!definition.resume) throw new RivuletError('NOT_IN_TASK', `'${definition.name}' can't wait for an answer. Only a graph's run is resumed`);
    if (this.ending?.status !== 'waiting_for_input') throw new RivuletError('UNKNOWN_INTERRUPT', `run ${this.runId} waits for no answer now. Look at status$ or interrupts$`);
    this.goOn(definition.resume({ answer }));
  }

  drain(): void {
    const { definition, ending } = this;
    if (!definition.resume) throw new RivuletError('NOT_IN_TASK', `'${definition.name}' has no supersteps to stop after. Only a graph's run is drained; cancel() ends any`);
    this.draining.abort(() => undefined);
    if (ending?.status !== 'waiting_for_input') return;
    this.outcome.next(this.folding.result());
    this.ending = { status: 'drained' };
    this.end();
  }

  cancel(reason?: unknown): void {
    const waiting = this.ending?.status === 'waiting_for_input';
    if (waiting || !this.ending) this.ending = { status: 'cancelled', error: new CancelledError(reason) };
    if (waiting) this.end();
    else this.link?.unsubscribe();
  }

  /** With another run of the thread, which has an id of its own, where this one was kept. */
  private goOn(input: I): void {
    const { above, config, hub } = this;
    this.ending = undefined;
    const context = contextFor(above, config && !isRunContext(config) ? withoutId(config) : config, START_KEYS);
    this.open(input, hub.branch === undefined ? context : context.with({ branch: hub.branch, checkpointId: undefined }));
  }

  private waitUntil(expiresAt: number): void {
    const { definition, config, scheduler } = this;
    if (expiresAt === Infinity) return;
    this.deadline = scheduledAt(expiresAt, scheduler, () => this.goOn(definition.resume?.() as I));
    subscriberOf(config)?.add(this.deadline);
  }

  private open(input: I, context: RunContext): void {
    const link = (this.link = this.subscriber());
    this.hub.resume();
    this.deadline.unsubscribe();
    this.status.next('running');
    subscriberOf(this.config)?.add(link);
    openRun(this.definition, input, context.with({ hub: this.hub, drain: eitherSignal(this.draining.signal, context.drain) }), !this.above, this.config, link);
    link.add(() => this.end()); // after the run's own subscription, so that its last events are told
  }

  private subscriber(): Link<O> {
    return new Link<O>(undefined, {
      next: (chunk) => {
        this.folding.add(chunk);
        this.foldedSeq = this.log.newestSeq;
        this.chunks.next(chunk);
      },
      restart: () => {
        this.folding = this.definition.fold.start();
      },
      error: (error) => {
        this.ending = { status: isRivuletError(error, 'CANCELLED') ? 'cancelled' : 'failed', error };
      },
      complete: () => {
        if (this.definition.resume && this.hub.ending === 'interrupted') {
          this.ending = { status: 'waiting_for_input' };
          return;
        }
        this.outcome.next(this.folding.result());
        this.ending = { status: this.hub.ending === 'drained' ? 'drained' : 'done' };
      },
    });
  }

  private end(): void {
    const { status, error }: Ending = (this.ending ??= { status: 'cancelled', error: new CancelledError() });
    this.deadline.unsubscribe();
    if (status === 'waiting_for_input') this.waitUntil(this.hub.expiresAt);
    this.status.next(status);
    if (status === 'waiting_for_input') return; // it goes on once it is resumed, or nobody answered in time
    if (status === 'done' || status === 'drained') this.outcome.complete();
    else this.outcome.error(error);
    this.status.complete();
    this.chunks.complete();
    this.log.end();
  }

  private states(): Observable<R> {
    return this.chunks.pipe(
      startWith(undefined),
      map(() => this.resultSoFar()),
      filter((state): state is R => state !== undefined),
    );
  }

  private resultSoFar(): R | undefined {
    try {
      return this.folding.result();
    } catch {
      return undefined; // no result yet
    }
  }

  private snapshot(context: RunContext): RunEvent {
    const { runId, foldedSeq: stateSeq, log: { start } } = this;
    return { type: 'snapshot', runId, seq: -1, at: context.scheduler.now(), path: context.path, status: this.ending?.status ?? 'running', state: this.resultSoFar(), stateSeq, start };
  }

  private counted<T>(source: () => Observable<T>): Observable<T> {
    return new Observable((subscriber) => {
      this.watchers++;
      subscriber.add(() => {
        if (--this.watchers === 0 && this.refCount) this.cancel();
      });
      return source().subscribe(subscriber);
    });
  }
}

const START_KEYS = ['replay', 'refCount'];

function withoutId({ runId: _, ...config }: StartConfig): StartConfig {
  return config;
}
