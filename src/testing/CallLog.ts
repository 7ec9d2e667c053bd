import type { Observable, SchedulerLike } from 'rxjs';
import { Link, operate } from '../core/subscription.js';

/** When somebody subscribed and left, as `expectSubscriptions` compares it. */
export interface CallFrames {
  readonly subscribedFrame: number;
  /** `Infinity`: not yet. */
  readonly unsubscribedFrame: number;
}

type Call = { -readonly [K in keyof CallFrames]: CallFrames[K] };

/** When the calls of a model or tool began, and how they ended. */
export class CallLog {
  private readonly calls: Call[] = [];
  /** Those whose answer came to its end. */
  private readonly ended = new Set<Call>();

  /** @param name what error messages call it */
  constructor(readonly name: string) {}

  /** Grows as calls are made, as `expectSubscriptions` needs it. */
  get subscriptions(): CallFrames[] {
    return this.calls;
  }

  /** Those that ended because whoever had called left, before the answer was complete. */
  get cancelled(): readonly CallFrames[] {
    return this.calls.filter((call) => !this.ended.has(call) && call.unsubscribedFrame !== Infinity);
  }

  get live(): number {
    return this.calls.filter(({ unsubscribedFrame }) => unsubscribedFrame === Infinity).length;
  }

  /** Writes down one call. */
  watch<T>(source: Observable<T>, scheduler: SchedulerLike): Observable<T> {
    const watched = operate<T, T>((answer, subscriber) => {
      const call: Call = { subscribedFrame: scheduler.now(), unsubscribedFrame: Infinity };
      this.calls.push(call);
      subscriber.add(() => {
        call.unsubscribedFrame = scheduler.now();
      });
      const link = new Link<T>(subscriber, {
        next: (value) => subscriber.next(value),
        error: (error) => {
          this.ended.add(call);
          subscriber.error(error);
        },
        complete: () => {
          this.ended.add(call);
          subscriber.complete();
        },
      });
      answer.subscribe(link);
    });
    return watched(source);
  }
}

