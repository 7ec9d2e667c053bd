import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { deliver, type Result } from '../bridge/result.js';
import { lateError } from '../bridge/lateError.js';
import { RunScope } from '../context/RunScope.js';
import { RivuletError } from '../errors/RivuletError.js';
import { Link, restartOf } from '../subscription.js';
import { foldOf, foldOfValue, type FOLD, type Fold, type Folding } from './fold.js';

/** What a step that needs a whole value gets from chunks `I` that describe themselves, such as a `MessageChunk`: their fold. */
export type WholeOf<I> = I extends { readonly [FOLD]?: Fold<never, infer R> | undefined } ? (typeof FOLD extends keyof I ? R : I) : I;

/** The field by which a whole names, in types only, the chunks it is made of. */
export declare const CHUNK: unique symbol;

/** What may be given to a step that needs a whole `I`: that, or chunks of it. */
export type WholeInput<I> = I extends { readonly [CHUNK]?: infer C } ? (typeof CHUNK extends keyof I ? I | NonNullable<C> : NotAChunk<I>) : NotAChunk<I>;

/** Chunks never arrive where a whole is needed: nothing can be given to a step that asks for one. */
type NotAChunk<I> = typeof FOLD extends keyof I ? never : I;

/** A step that needs its whole input: it runs once, on the folded chunks of its source, or on the source's one value. */
export type WholeStep<I, O> = (input: I, run: RunScope) => Result<O>;

/**
 * Makes an operator of a step that needs its whole input. The input is folded by the fold its source is tagged with, or by
 * the chunks themselves where they describe themselves; else it is one value, and a second is `SECOND_INPUT`.
 */
export function whole<I, O>(step: WholeStep<I, O>): OperatorFunction<WholeInput<I>, O> {
  return (source) => {
    const fold = foldOf(source) as Fold<unknown, I> | undefined;
    return new Observable<O>((subscriber) => {
      if (!subscriber.closed) new Whole(step, fold, subscriber).subscribeTo(source);
    });
  };
}

class Whole<I, O> {
  private folding: Folding<unknown, I> | undefined;
  private state: 'waiting' | 'running' | 'done' = 'waiting';
  private sourceDone = false;
  private call: Link<O> | undefined;

  constructor(
    private readonly step: WholeStep<I, O>,
    private readonly fold: Fold<unknown, I> | undefined,
    private readonly subscriber: Subscriber<O>,
  ) {
    this.folding = fold?.start();
  }

  subscribeTo(source: Observable<unknown>): void {
    const link = new Link<unknown>(this.subscriber, {
      next: (value) => this.receive(value),
      complete: () => this.sourceCompleted(),
      restart: () => this.restarted(),
    });
    source.subscribe(link);
  }

  private receive(value: unknown): void {
    if (this.folding) return this.folding.add(value);
    if (this.state !== 'waiting') throw secondInput();
    const described = foldOfValue(value) as Fold<unknown, I> | undefined;
    if (!described) return this.begin(value as I);
    this.folding = described.start();
    this.folding.add(value);
  }

  private sourceCompleted(): void {
    this.sourceDone = true;
    if (this.state === 'waiting' && this.folding) this.begin(this.folding.result());
    else if (this.state !== 'running') this.subscriber.complete();
  }

  /** The source starts over: what it said so far is superseded, and so is the step's call, if it began already. */
  private restarted(): void {
    this.folding = this.fold?.start();
    if (this.state === 'waiting') return;
    this.call?.unsubscribe();
    this.state = 'waiting';
    restartOf(this.subscriber)();
  }

  private begin(input: I): void {
    this.state = 'running';
    const { subscriber } = this;
    const run = new RunScope(subscriber);
    const result = this.taken(input, run);
    if (result === null || typeof result !== 'object') {
      subscriber.next(result as O);
      return this.ended();
    }
    const call = new Link<O>(subscriber, { next: (value) => subscriber.next(value), complete: () => this.ended() });
    this.call = call;
    call.add(() => {
      if (this.state === 'running') run.cancel();
    });
    deliver(result, call, run);
  }

  /** What the step gives; an error that it throws after it was cancelled has nobody left to hear it but those who watch. */
  private taken(input: I, run: RunScope): Result<O> | undefined {
    try {
      return this.step(input, run);
    } catch (error) {
      if (!this.subscriber.closed) throw error;
      lateError(error, run);
      return undefined;
    }
  }

  private ended(): void {
    this.state = 'done';
    if (this.sourceDone) this.subscriber.complete();
  }
}

function secondInput(): RivuletError {
  return new RivuletError('SECOND_INPUT', "a flow's source is one run, and this one brought a second input. To run the flow for each value use each(flow), for the newest only latest(flow), or whileIdle(flow)");
}
