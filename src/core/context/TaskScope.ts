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

export interface InterruptOptions {
  /** Identifies the call over passes; default: the order of calls. */
  readonly key?: string;
  readonly schema?: unknown;
  readonly ttlMs?: number;
  readonly onExpiry?: unknown;
}
