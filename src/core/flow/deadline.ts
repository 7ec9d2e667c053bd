import type { MonoTypeOperatorFunction } from 'rxjs';
import { RunTimeoutError } from '../errors/RunTimeoutError.js';
import { contextOf, demandOf, Link, operate } from '../subscription.js';
import { rootContext } from '../context/RunContext.js';
import { Stopwatch } from './Stopwatch.js';

/** Errors with `TIMEOUT` unless the run completes within `timeoutMs`, not counting time at a closed gate. */
export function deadline<T>(timeoutMs: number): MonoTypeOperatorFunction<T> {
  return operate((source, subscriber) => {
    const context = contextOf(subscriber) ?? rootContext();
    const watch = new Stopwatch(context.scheduler, demandOf(subscriber), () =>
      subscriber.error(new RunTimeoutError('total', timeoutMs, context.path)),
    );
    subscriber.add(() => watch.stop());
    watch.start(timeoutMs);
    const link = new Link<T>(subscriber, {
      next: (value) => {
        subscriber.next(value);
        watch.lookAtGate();
      },
    });
    source.subscribe(link);
  });
}
