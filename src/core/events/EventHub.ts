import { Observable, type NextObserver } from 'rxjs';
import type { EventHead, RunEvent, RunEventBody } from './RunEvent.js';

/** Where events go. A `Subject<RunEvent>` or any observer is one. It is called synchronously and must not block. */
export type EventSink = NextObserver<RunEvent>;

/** Numbers the events of one run and hands each to the sinks that watch it. */
export class EventHub {
  constructor(
    private readonly sinks: readonly EventSink[],
    private readonly counter: { seq: number } = { seq: 0 },
  ) {}

  /** The same numbering, with one more sink. */
  with(sink: EventSink): EventHub {
    return new EventHub([...this.sinks, sink], this.counter);
  }

  /** @param body freshly made for this call: the head is put onto it, as copying it would cost more than all the rest */
  emit(runId: string, at: number, path: readonly string[], body: RunEventBody): void {
    const event = body as { -readonly [K in keyof EventHead]: EventHead[K] } & RunEventBody;
    event.runId = runId;
    event.seq = this.counter.seq++;
    event.at = at;
    event.path = path;
    for (const sink of this.sinks) tell(sink, event as RunEvent);
  }
}

/** A sink that throws must not break the run it watches: its error is reported as RxJS reports unhandled ones. */
function tell(sink: EventSink, event: RunEvent): void {
  try {
    sink.next(event);
  } catch (error) {
    new Observable((subscriber) => subscriber.error(error)).subscribe();
  }
}
