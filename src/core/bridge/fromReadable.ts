import type { Observable } from 'rxjs';
import { pullAsync } from './pullAsync.js';

/**
 * A web `ReadableStream` as a source that reads only while downstream is ready. Unsubscribing cancels the stream.
 *
 * *Demand*: a source, waits at the nearest boundary. *Timing*: the stream's. *Errors*: the stream's.
 *
 * @example
 * ```ts
 * import { fromReadable } from 'rivulet';
 *
 * fromReadable(new Response('hello').body!).subscribe((bytes) => bytes.length);
 * ```
 */
export function fromReadable<T>(stream: ReadableStream<T>): Observable<T> {
  return pullAsync({ [Symbol.asyncIterator]: () => readerOf(stream) });
}

// Not the stream's own async iterator, which some browsers still lack.
function readerOf<T>(stream: ReadableStream<T>): AsyncIterator<T> {
  const reader = stream.getReader();
  return {
    next: async () => {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done, value };
    },
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}
