import { Observable, type NextObserver } from 'rxjs';
import type { EventHead, RunEvent, RunEventBody } from './RunEvent.js';

/** Where events go. A `Subject<RunEvent>` or any observer is one. It is called synchronously and must not block. */
export interface EventSink extends NextObserver<RunEvent> {
  /** What it needs of what a model says: every token, or of each run the first. Where nobody needs more, no more is told. Default: all. */
  readonly tokens?: 'all' | 'first' | undefined;
}

/** The numbering that all hubs of a run share, and the event that is being told. */
interface Telling {
  seq: number;
  /** How many runs have begun. */
  begun: number;
  /** How the run ends, if it completes: waiting for an answer, or early, as it was asked to. */
  ending: 'done' | 'interrupted' | 'drained';
  /** When the first of its interrupts stops waiting. */
  expiresAt: number;
  /** Where a run from an older checkpoint is kept. */
  branch: string | undefined;
  /** Hands it to the sinks that haven't heard it yet. */
  finish: (() => void) | undefined;
}

/** Numbers the events of one run and hands each to the sinks that watch it; each sink hears them in that order. */
export class EventHub {
  constructor(
    private readonly sinks: readonly EventSink[],
    private readonly telling: Telling = { seq: 0, begun: 0, ending: 'done', expiresAt: Infinity, branch: undefined, finish: undefined },
  ) {}

  /** Whether somebody needs more than the first token of each run. */
  get needsAllTokens(): boolean {
    return this.sinks.some(({ tokens }) => tokens !== 'first');
  }

  /** The same numbering, with one more sink. */
  with(sink: EventSink): EventHub {
    return new EventHub([...this.sinks, sink], this.telling);
  }

  /** How the run ends, if it completes: `interrupted` once an `interrupt` was told. */
  get ending(): Telling['ending'] {
    return this.telling.ending;
  }

  /** When the first of the interrupts that it waits for stops waiting; `Infinity` if none does. */
  get expiresAt(): number {
    return this.telling.expiresAt;
  }

  /** The branch that a run from an older checkpoint is kept on, and goes on there; `undefined`: the one it was given. */
  get branch(): string | undefined {
    return this.telling.branch;
  }

  /** The run is kept on this branch. */
  placed(branch: string): void {
    this.telling.branch = branch;
  }

  /** The place of a run that begins now in the order in which the runs of its trace begin. */
  nextOrder(): number {
    return ++this.telling.begun;
  }

  /** The run ends early, as it was asked to. */
  drained(): void {
    this.telling.ending = 'drained';
  }

  /** The run goes on: an answer was given, or won't be. */
  resume(): void {
    this.telling.expiresAt = Infinity;
    this.telling.ending = 'done';
  }

  /** @param body freshly made for this call: the head is put onto it, as copying it would cost more than all the rest */
  emit(runId: string, at: number, path: readonly string[], body: RunEventBody): void {
    this.telling.finish?.(); // raised by a sink: the others hear first what it heard
    const event = body as { -readonly [K in keyof EventHead]: EventHead[K] } & RunEventBody;
    event.runId = runId;
    event.seq = this.telling.seq++;
    event.at = at;
    event.path = path;
    if (event.type === 'interrupt') this.waits(event.expiresAt);
    this.tellAll(event as RunEvent);
  }

  private waits(expiresAt = Infinity): void {
    this.telling.ending = 'interrupted';
    this.telling.expiresAt = Math.min(this.telling.expiresAt, expiresAt);
  }

  private tellAll(event: RunEvent): void {
    const { sinks, telling } = this;
    if (sinks.length === 1) return tell(sinks[0] as EventSink, event);
    let heard = 0;
    const finish = (): void => {
      while (heard < sinks.length) tell(sinks[heard++] as EventSink, event);
    };
    telling.finish = finish;
    finish();
    telling.finish = undefined;
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
