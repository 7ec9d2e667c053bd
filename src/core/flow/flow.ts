import type { Observable, OperatorFunction } from 'rxjs';
import type { RunConfig } from '../context/RunConfig.js';
import type { RunContext } from '../context/RunContext.js';
import type { RunEvent } from '../events/RunEvent.js';
import { spanned } from '../trace/spanned.js';
import { batchRun, type BatchConfig } from './batch.js';
import { eventsOf } from './events.js';
import { composed, TAGGED } from './composed.js';
import { single, tagFold, type Fold } from './fold.js';
import { invokeRun } from './invoke.js';
import type { BatchRunner, FlowDefinition } from './FlowDefinition.js';
import { runOf } from './run.js';
import type { Step } from './composed.js';
import { startRun, type Run, type StartConfig } from './start.js';
import { streamRun, type RunStream, type StreamConfig } from './stream.js';

/** A caller's settings, or a callback's `run` to be handed on. */
export type RunInput = RunConfig | RunContext;

/**
 * A component: an RxJS operator that takes `I`, emits chunks `O`, and whose run folds to a result `R`. Applied to a source,
 * the source is one run: its values are chunks of one thing.
 */
export interface Flow<I, O, R = O> extends OperatorFunction<I, O> {
  (source: Observable<I>): Observable<O>;
  readonly name: string;
  readonly fold: Fold<O, R>;
  pipe<A, S>(next: Flow<O, A, S>): Flow<I, A, S>;
  pipe<A>(next: OperatorFunction<O, A>): Flow<I, A>;
  /** One run of one input: cold, its chunks as they come. */
  run(input: I, config?: RunInput): Observable<O>;
  /** One run, folded. */
  invoke(input: I, config?: RunInput): Promise<R>;
  /** One run, pulled: `for await`, `.readable`; leaving the loop cancels. */
  stream(input: I, config?: StreamConfig | RunContext): RunStream<O>;
  /** A run for each input, results in input order. */
  batch(inputs: Iterable<I>, config: BatchConfig & { readonly returnErrors: true }): Promise<readonly (R | Error)[]>;
  batch(inputs: Iterable<I>, config?: BatchConfig | RunContext): Promise<readonly R[]>;
  /** One run as what happens in it: cold, lossless, bears demand. */
  events(input: I, config?: RunInput): Observable<RunEvent>;
  /** One run that starts now, once, however many subscribe. */
  start(input: I, config?: StartConfig | RunContext): Run<O, R>;
}

export interface FlowOptions<I, O, R> {
  /** How a run's chunks make its result. Default `single`. */
  readonly fold?: Fold<O, R>;
  /** Makes each of its runs a span of this kind. */
  readonly kind?: FlowDefinition<I, O, R>['kind'];
  /** What its spans say of themselves, besides what they inherit. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Runs many inputs at once, where the component can do so better than one by one. */
  readonly batch?: BatchRunner<I, R>;
  /** The input that answers what a run of it waits for, or goes on without an answer: for components that can wait. */
  readonly resume?: (given?: { readonly answer: unknown }) => I;
  /** How many chunks `stream` lets be produced ahead of its reader, unless it is told otherwise. Default 16. */
  readonly capacity?: number;
}

const STEPS: unique symbol = Symbol.for('rivulet.steps') as never;

/**
 * Makes a flow of any operator.
 *
 * ```text
 * -a-b-c|
 * flow('upper', map((s) => s.toUpperCase()), { fold: concatText })
 * -A-B-C|
 * ```
 *
 * @param operator applied anew for every run; its source is one run
 *
 * @example
 * ```ts
 * import { flow, concatText } from 'rivulet';
 * import { map } from 'rxjs';
 *
 * const upper = flow('upper', map((s: string) => s.toUpperCase()), { fold: concatText });
 * const result = await upper.invoke('hello'); // 'HELLO'
 * ```
 */
export function flow<I, O, R = O>(name: string, operator: OperatorFunction<I, O>, options: FlowOptions<I, O, R> & { readonly steps?: readonly Step[] } = {}): Flow<I, O, R> {
  const fold = options.fold ?? (single<O>() as unknown as Fold<O, R>);
  const { kind, metadata, batch, steps, resume, capacity = 16 } = options;
  const observed = kind ? spanned(name, kind, fold, operator, { metadata }) : operator;
  const definition: FlowDefinition<I, O, R> = { name, kind, metadata, fold, operator, observed, batch, resume, capacity };
  const self = (source: Observable<I>): Observable<O> => tagFold(observed(source), fold);
  const methods = {
    fold,
    [STEPS]: steps ?? [self],
    ...(kind && { [TAGGED]: (stepTag: string) => spanned(name, kind, fold, operator, { metadata, stepTag }) }),
    pipe: (next: Step): unknown => sequence([self as unknown as Step, next]),
    run: (input: I, config?: RunInput) => runOf(definition, input, config),
    invoke: (input: I, config?: RunInput) => invokeRun(definition, input, config),
    stream: (input: I, config?: StreamConfig | RunContext) => streamRun(definition, input, config),
    batch: (inputs: Iterable<I>, config?: BatchConfig | RunContext) => batchRun(definition, inputs, config),
    events: (input: I, config?: RunInput) => eventsOf(definition, input, config),
    start: (input: I, config?: StartConfig | RunContext) => startRun(definition, input, config),
  };
  Object.defineProperty(self, 'name', { value: name });
  return Object.assign(self, methods) as unknown as Flow<I, O, R>;
}

/** Whether `step` is a flow, also one from another copy of the library. */
export function isFlow(step: unknown): step is Flow<never, unknown, unknown> {
  return typeof step === 'function' && STEPS in step;
}

/** The steps of a flow or operator: a chain's several, else itself. */
export function stepsOf(step: Step): readonly Step[] {
  return isFlow(step) ? (step as unknown as { readonly [STEPS]: readonly Step[] })[STEPS] : [step];
}

/** A flow of several steps, flattened. It folds as its last step does, if that is a flow. */
export function sequence(parts: readonly Step[]): Flow<never, unknown, unknown> {
  const tail = parts[parts.length - 1];
  const steps = parts.flatMap(stepsOf);
  const name = parts.map((part) => part.name || 'operator').join(' | ');
  return flow(name, composed(steps), { steps, ...(isFlow(tail) && { fold: tail.fold }) });
}
