import { isObservable, type Observable } from 'rxjs';
import { toAsyncIterable, type ToAsyncIterableOptions } from './toAsyncIterable.js';

/**
 * A web `ReadableStream` that reads from `source` only as it is itself read; cancelling it unsubscribes.
 *
 * *Demand*: a boundary of `capacity`. *Timing*: the reader's. *Errors*: error the stream.
 *
 * @example
 * ```ts
 * import { pull, toReadable } from 'rivulet';
 *
 * const response = new Response(toReadable(pull(['a', 'b'])).pipeThrough(new TextEncoderStream()));
 * await response.text(); // 'ab'
 * ```
 */
export function toReadable<T>(source: Observable<T> | AsyncIterator<T>, options?: ToAsyncIterableOptions): ReadableStream<T> {
  const iterator: AsyncIterator<T> = isObservable(source) ? toAsyncIterable(source as Observable<T>, options) : source;
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 }, // the stream's own queue would hide a slow reader
  );
}
