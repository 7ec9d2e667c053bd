import type { Observable } from 'rxjs';
import type { RunContext } from '../../../core/context/RunContext.js';
import { createSource } from '../../../core/subscription.js';
import { openaiError } from './openaiError.js';

/** What `ask` resolves to: its signal aborts when the subscription ends, and its failure is a typed error. */
export function asked<T>(provider: string, run: RunContext, ask: (signal: AbortSignal) => Promise<T>): Observable<T> {
  return createSource<T>((subscriber) => {
    const controller = new AbortController();
    subscriber.add(() => controller.abort());
    ask(controller.signal).then(
      (value) => {
        subscriber.next(value);
        subscriber.complete();
      },
      (error: unknown) => {
        if (!controller.signal.aborted) subscriber.error(openaiError(provider, error, { now: run.scheduler.now() }));
      },
    );
  });
}
