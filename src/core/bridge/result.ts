import { from, isObservable, type InteropObservable, type Observable, type Subscriber } from 'rxjs';
import type { RunContext } from '../context/RunContext.js';
import { fromReadable } from './fromReadable.js';
import { lateError } from './lateError.js';
import { pullAsync } from './pullAsync.js';

/** What a callback may return in place of plain values. Strings, arrays and other iterables are values. */
export type Streamed<O> = Observable<O> | PromiseLike<O> | AsyncIterable<O> | ReadableStream<O>;

/** What a callback may return. */
export type Result<O> = O | Streamed<O>;

/** What a callback's result emits. */
export type Unwrapped<T> =
  T extends Observable<infer O> ? O : T extends PromiseLike<infer O> ? O : T extends AsyncIterable<infer O> ? O : T extends ReadableStream<infer O> ? O : T;

/**
 * Emits a callback's result into `subscriber` and completes it. A synchronous result stays synchronous; a promise's
 * handlers are attached before anything can return early.
 */
export function deliver<O>(result: Result<O>, subscriber: Subscriber<O>, context: RunContext): void {
  if (isPromiseLike(result)) return deliverPromise(result, subscriber, context);
  if (subscriber.closed) return;
  const streamed = asObservable(result);
  if (streamed) return void streamed.subscribe(subscriber);
  subscriber.next(result as O);
  subscriber.complete();
}

function deliverPromise<O>(promise: PromiseLike<O>, subscriber: Subscriber<O>, context: RunContext): void {
  promise.then(
    (value) => {
      subscriber.next(value);
      subscriber.complete();
    },
    (error: unknown) => {
      if (subscriber.closed) lateError(error, context);
      subscriber.error(error);
    },
  );
}

function asObservable<O>(result: Result<O>): Observable<O> | undefined {
  if (result === null || typeof result !== 'object') return undefined;
  if (isObservable(result)) return result as Observable<O>;
  if (isInterop(result)) return from(result as unknown as InteropObservable<O>);
  if (isReadable(result)) return fromReadable(result as ReadableStream<O>);
  return isAsyncIterable(result) ? pullAsync(result as AsyncIterable<O>) : undefined;
}

const INTEROP = (Symbol as { readonly observable?: symbol }).observable ?? '@@observable';

const has = (value: object, key: PropertyKey): boolean => typeof (value as Record<PropertyKey, unknown>)[key] === 'function';
const isInterop = (value: object): boolean => has(value, INTEROP);
const isReadable = (value: object): boolean => has(value, 'getReader');
const isAsyncIterable = (value: object): boolean => has(value, Symbol.asyncIterator);

/** Whether `value` is a promise, or anything with a `then`. */
export function isPromiseLike(value: unknown): value is PromiseLike<never> {
  return value !== null && typeof value === 'object' && has(value, 'then');
}
