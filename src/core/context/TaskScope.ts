import type { Observable } from 'rxjs';

/** What runs a task (a graph node) lends to the callbacks inside it. Declared here, provided by the engine. */
export interface TaskScope {
  readonly taskId: string;
  readonly store: unknown;
  interrupt(payload: unknown, options?: InterruptOptions): Observable<unknown>;
  answer(payload: unknown, options?: InterruptOptions): PromiseLike<unknown>;
  once(key: string, effect: () => unknown): Observable<unknown>;
  heartbeat(): void;
  emit(value: unknown): void;
}

/** What says what an answer must be: a Standard Schema, such as zod's, or a plain JSON Schema, which has no type. */
export type AnswerSchema<A> = { readonly '~standard': { readonly types?: { readonly input: A } | undefined } } | object;

export interface InterruptOptions<A = unknown> {
  /** Identifies the call over passes; default: the order of calls. */
  readonly key?: string;
  /** An answer that doesn't fit is refused before anything is written; one that does is given as it came. */
  readonly schema?: AnswerSchema<A>;
  /** How long it can be answered. */
  readonly ttlMs?: number;
  /** What is said in place of an answer that didn't come in time: a value, or a callback. Without it, that is `TIMEOUT`. */
  readonly onExpiry?: NoInfer<A> | (() => NoInfer<A> | PromiseLike<NoInfer<A>> | Observable<NoInfer<A>>);
}
