import { Observable } from 'rxjs';

/** What a promise brings; unsubscribing aborts the signal that it was made with. */
export function abortable<T>(work: (signal: AbortSignal) => Promise<T>): Observable<T> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    work(controller.signal).then(
      (value) => {
        subscriber.next(value);
        subscriber.complete();
      },
      (error: unknown) => subscriber.error(error), // of an abort nobody hears: it is closed
    );
    return () => controller.abort();
  });
}
