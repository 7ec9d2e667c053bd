import type { MonoTypeOperatorFunction } from 'rxjs';
import { requireCount } from '../errors/optionChecks.js';
import { demandOf, Link, operate, restartOf } from '../subscription.js';
import type { Gate } from './Gate.js';
import { Inbox } from './Inbox.js';
import { Outbox } from './Outbox.js';
import type { Overflow } from './overflow.js';

export interface BufferedOptions {
  readonly overflow?: Overflow | undefined;
  readonly probe?: ((gate: Gate) => void) | undefined;
}

/**
 * A bounded prefetch buffer: up to `capacity` values are fetched ahead of a slower consumer, and once three quarters of
 * them are gone upstream is asked for more, in one burst.
 *
 * ```text
 * pull('abcdefgh') through a buffer of 4 into a consumer of 1, 2 ms each
 * buffered(4)
 * --a-b-c-d-e-f-g-(h|)
 * ```
 *
 * *Demand*: a boundary of `capacity`. *Timing*: synchronous while the consumer is ready.
 * *Errors*: the source's, after the values before it; `BACKPRESSURE` for a source that ignores demand.
 *
 * @throws RivuletError `INVALID_OPTION`
 *
 * @example
 * ```ts
 * import { buffered, mapAsync, pull } from 'rivulet';
 *
 * pull([1, 2, 3]).pipe(buffered(64), mapAsync(async (n) => n * 2)).subscribe();
 * ```
 */
export function buffered<T>(capacity = 16, { overflow, probe }: BufferedOptions = {}): MonoTypeOperatorFunction<T> {
  requireCount('capacity', capacity);
  return operate((source, subscriber) => {
    const restart = restartOf(subscriber);
    const inbox = new Inbox<T>({ capacity, overflow, low: capacity >> 2, probe }, (value) => outbox.push(value));
    const outbox = new Outbox<T>(demandOf(subscriber), (value) => {
      subscriber.next(value);
      inbox.release();
      if (inbox.idle) end?.();
    });
    let end: (() => void) | undefined;

    function endWith(signal: () => void): void {
      end = signal;
      if (inbox.idle) signal();
    }

    /** What still waits here is superseded too. */
    function restarted(): void {
      inbox.close();
      const dropped = outbox.size;
      outbox.close();
      for (let i = 0; i < dropped; i++) inbox.release();
      restart();
    }

    subscriber.add(() => {
      inbox.close();
      outbox.close();
    });
    const link = new Link<T>(subscriber, {
      next: (value) => inbox.push(value),
      error: (error) => endWith(() => subscriber.error(error)),
      complete: () => endWith(() => subscriber.complete()),
      demand: inbox,
      restart: restarted,
    });
    source.subscribe(link);
  });
}
